"""What the tests of fragments share."""

from patcher.edits.kinds import Fragment
from tests.rule_check import RuleCheck, trial


def part(before: str, after: str, follows: str = "", holding: str = "") -> RuleCheck:
    """A rule for part of a statement of the function `sell`."""
    return trial(before, after, Fragment(within="sell", follows=follows, holding=holding))
