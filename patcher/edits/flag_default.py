"""`flag_default`: the default of an absl flag, by position or keyword."""

from collections.abc import Iterator

from patcher.code import quotes
from patcher.code.flags import calls_in, define_alike, flag_call, flag_default, flag_name
from patcher.code.outline import Outline
from patcher.edits.base import NearMiss, near_miss, scope_phrase
from patcher.edits.named_values import Found, NamedValue, NamedValueKind
from patcher.model import Rule


class FlagDefaults(NamedValueKind):
    """The default of an absl flag; its help text may differ."""

    def wanted(self, rule: Rule) -> NamedValue:
        before, after = quotes.call(rule.before), quotes.call(rule.after)
        old, new = flag_default(before), flag_default(after)
        assert old, rule.before
        assert new, rule.after
        return NamedValue(f"flag {flag_name(before)}", "default", old, new)

    def values(self, rule: Rule, outline: Outline) -> Iterator[Found]:
        wanted = quotes.call(rule.before)
        for line in outline.lines(rule.edit.within):
            call = flag_call(line.node)
            value = flag_default(call) if call else None
            if not call or not value or flag_name(call) != flag_name(wanted):
                continue
            if define_alike(wanted, call):
                yield line, value

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset([flag_name(quotes.call(rule.before))])

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = quotes.call(rule.before)
        for line, call in calls_in(outline.lines()):
            if flag_name(call) != flag_name(wanted):
                continue
            if not define_alike(wanted, call):
                found = quotes.code(call.func)
                difference = f"defined by `{found}`, expected `{quotes.code(wanted.func)}`"
            elif line.suite.scope:
                difference = f"stands {scope_phrase(line.suite.scope)}, expected at module level"
            elif flag_call(line.node) is not call:
                difference = "shares its line with other code"
            else:
                continue
            yield near_miss(line, 1.05, difference)
        yield from super().near_misses(rule, outline)


KIND = FlagDefaults()
