"""What the tests of rules and of kinds of edit share."""

from dataclasses import dataclass
from textwrap import dedent

from patcher import engine
from patcher.checkout import VENDOR
from patcher.model import Edit, FilePlan, Outcome, Pack, Rule, Section, State
from rules import PACKS

DOCUMENTED = PACKS["documented"]
MINIATURE = {
    section.path: (VENDOR / "miniature" / section.path).read_bytes()
    for pack in PACKS.values()
    for section in pack.sections
}


@dataclass(frozen=True)
class RuleCheck:
    """One rule of a section, tried on snippets of code."""

    section: Section
    item: int

    @property
    def rule(self) -> Rule:
        (found,) = (rule for rule in self.section.rules if rule.item == self.item)
        return found

    def plan(self, code: str | bytes) -> FilePlan:
        """The plan of this rule alone."""
        content = code if isinstance(code, bytes) else dedent(code).encode()
        chosen = {self.section.id_of(self.rule)}
        (file,) = engine.plan(
            [Pack("tried", (self.section,))], {self.section.path: content}, chosen
        ).files
        return file

    def outcome(self, code: str | bytes) -> Outcome:
        """What the rule finds in the code."""
        (outcome,) = self.plan(code).outcomes
        return outcome

    def changes(self, before: str, after: str) -> None:
        """The rule is pending, gives exactly `after`, and then has nothing left to do."""
        plan = self.plan(before)
        (outcome,) = plan.outcomes
        assert plan.after.decode() == dedent(after)
        assert outcome.state is State.PENDING
        assert [site.state for site in outcome.sites] == [State.PENDING] * outcome.expected
        again = self.plan(after)
        assert again.after == again.before
        assert again.outcomes[0].state is State.APPLIED

    def ignores(self, code: str) -> Outcome:
        """The rule leaves the code alone."""
        plan = self.plan(code)
        (outcome,) = plan.outcomes
        assert plan.after == plan.before
        assert outcome.state is not State.PENDING
        return outcome

    def drifts(self, code: str, *, line: int, why: str) -> None:
        """The rule does not fit, and points at the line that comes closest."""
        outcome = self.ignores(code)
        assert outcome.state is State.DRIFTED
        assert outcome.nearest is not None
        assert (outcome.nearest.line, why in outcome.nearest.why) == (line, True), outcome.nearest


def trial(before: str, after: str, edit: Edit) -> RuleCheck:
    """A rule made up for a test of its kind of edit."""
    rule = Rule(item=1, title="try", before=before, after=after, edit=edit, why="to try")
    return RuleCheck(Section("trial.py", "efficientdet/trial.py", (rule,)), item=1)
