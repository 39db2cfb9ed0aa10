"""`parameters`: all parameters of a function, whatever its body contains."""

from collections.abc import Iterator

from patcher.code.outline import Outline
from patcher.edits.base import EditKind, NearMiss, compared, similar_lines
from patcher.edits.named_values import Found, NamedValue, NamedValueKind, namesakes, quoted_function
from patcher.model import Rule


class AllParameters(NamedValueKind):
    """The parameters in the header of a function, as one value."""

    def wanted(self, rule: Rule) -> NamedValue:
        before, after = quoted_function(rule.before), quoted_function(rule.after)
        return NamedValue(
            f"function {before.name.value}", "parameters", before.params, after.params
        )

    def values(self, rule: Rule, outline: Outline) -> Iterator[Found]:
        return ((line, node.params) for line, node in namesakes(rule, outline))

    def wants(self, rule: Rule) -> str:
        return EditKind.wants(self, rule)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = quoted_function(rule.before)
        for line, _ in namesakes(rule, outline):
            yield compared(wanted, line, 1.0, in_blocks=False)
        yield from similar_lines(rule, wanted, outline.lines())


KIND = AllParameters()
