"""`parameter_default`: the default of the one parameter in which two quoted headers differ."""

from collections.abc import Iterator

import libcst as cst

from patcher.code.equivalence import equivalent
from patcher.code.outline import Outline
from patcher.edits.base import NearMiss, near_miss
from patcher.edits.named_values import Found, NamedValue, NamedValueKind, namesakes, quoted_function
from patcher.model import Rule


class ParameterDefaults(NamedValueKind):
    """The default of a parameter, whatever else the function takes."""

    def wanted(self, rule: Rule) -> NamedValue:
        before = quoted_function(rule.before)
        new = _defaults(quoted_function(rule.after))
        pairs = _defaults(before).items()
        name, old = next((n, value) for n, value in pairs if not equivalent(value, new[n]))
        return NamedValue(f"function {before.name.value}", name, old, new[name])

    def values(self, rule: Rule, outline: Outline) -> Iterator[Found]:
        name = self.wanted(rule).label
        for line, node in namesakes(rule, outline):
            if name in (values := _defaults(node)):
                yield line, values[name]

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        name = self.wanted(rule).label
        for line, node in namesakes(rule, outline):
            if name not in _defaults(node):
                yield near_miss(line, 1.0, f"has no default for `{name}`")
        yield from super().near_misses(rule, outline)


KIND = ParameterDefaults()


def _defaults(node: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    params = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    return {param.name.value: param.default for param in params if param.default}
