"""What the tests of rules and of kinds of edit share."""

from collections.abc import Collection, Sequence
from textwrap import dedent

from patcher import engine
from patcher.edits.base import edit_kind
from patcher.edits.kinds import CallArgument
from patcher.model import Edit, FilePlan, Outcome, Pack, Plan, Rule, Section, State
from patcher.packs import load_pack, shipped_packs
from patcher.resources import VENDOR

SHIPPED = {name: load_pack(name) for name in shipped_packs()}
REVISIONS = {name: pack for name, pack in SHIPPED.items() if pack.revises}
# Those that are used together; a revision is used in place of the pack that it revises.
PACKS = {name: pack for name, pack in SHIPPED.items() if not pack.revises}
DOCUMENTED = PACKS["documented"]
assert DOCUMENTED.upstream
PIN = DOCUMENTED.upstream
ENTRIES = {id_: (s, rule) for pack in SHIPPED.values() for id_, s, rule in pack.entries()}
SIGNATURES = {n: each for s, _ in ENTRIES.values() for n, each in s.signatures.items()}
NAMED = {section.path for pack in SHIPPED.values() for section in pack.sections}
NEEDED = {need.file for _, rule in ENTRIES.values() for need in rule.needs}
MINIATURE = {path: (VENDOR / "miniature" / path).read_bytes() for path in sorted({*NAMED, *NEEDED})}


def again(packs: Sequence[Pack], plan: Plan, chosen: Collection[str] | None = None) -> Plan:
    """The plan of the tree that another plan makes."""
    return engine.plan(packs, {file.path: file.after for file in plan.files}, chosen)


def planned(section: Section, code: str | bytes, chosen: Collection[str] | None = None) -> FilePlan:
    """What a section's rules would do to code, whatever they need in other files."""
    content = code if isinstance(code, bytes) else dedent(code).encode()
    packs, files = [Pack("tried", (section,))], {section.path: content}
    (file,) = engine.plan_alone(packs, files, chosen).files
    return file


class RuleCheck:
    """One rule, tried on snippets of code."""

    def __init__(self, id_: str, section: Section | None = None) -> None:
        self.section = section or ENTRIES[id_][0]
        self.rule = next(r for r in self.section.rules if self.section.id_of(r) == id_)

    def plan(self, code: str | bytes) -> FilePlan:
        """The plan of this rule alone."""
        return planned(self.section, code, {self.section.id_of(self.rule)})

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

    def misses(self, code: str, *names: str) -> None:
        """The rule says which names it is about, and that the file lacks them."""
        outcome = self.ignores(code)
        assert outcome.state is State.ABSENT
        assert outcome.nearest is not None
        assert (outcome.nearest.line, outcome.nearest.text) == (1, "")
        said = outcome.nearest.why.partition(" nowhere in this file: nothing to do?")
        assert said[0] == f"{' and '.join(f'`{name}`' for name in names)} {_verb(names)}"
        assert said[1]

    def follows(self, before: str, after: str, *still: str) -> None:
        """The rule finds code that has moved here, but not where two such places are.

        Args:
            before: A module of one function.
            after: The same, edited.
            still: Code that is about the same, and tells that it may have stayed, or be elsewhere.
        """
        self.changes(before, after)
        scope = self.rule.edit.within
        one = dedent(before)
        two = one.replace("def ", "def another_", 1)
        self.ignores(f"{one}\n\n{two}")
        for code in still or (_said(self.rule),):
            self.ignores(f"{one}\n\ndef {scope}():\n    {code}\n")


def _verb(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _said(rule: Rule) -> str:
    """A statement that is about the same as a rule, but is not what it quotes."""
    if isinstance(rule.edit, CallArgument):
        return f"{rule.edit.call}()"
    subject = edit_kind(rule.edit).subject(rule)
    return f"print({', '.join(sorted(subject))})"


def trial(before: str, after: str, edit: Edit) -> RuleCheck:
    """A rule made up for a test of its kind of edit."""
    return RuleCheck("trial-1", made_up((before, after, edit)))


def made_up(*edits: tuple[str, str, Edit], **signatures: Sequence[str]) -> Section:
    """A section of rules made up for a test, of their quotes before, after, and their edits."""
    rules = (
        Rule(item=item, title="try", before=before, after=after, edit=edit, why="to try")
        for item, (before, after, edit) in enumerate(edits, 1)
    )
    return Section("trial.py", "shop/trial.py", tuple(rules), signatures=signatures)
