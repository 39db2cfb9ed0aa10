"""The values that everything else reads, none of LibCST: rules, packs, what a plan found."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import ClassVar, NamedTuple


class State(str, Enum):
    """How a rule stands on a file, worked out on the file as it is now."""

    PENDING = "pending"
    APPLIED = "applied"
    DRIFTED = "drifted"
    AMBIGUOUS = "ambiguous"
    PARTIAL = "partial"
    ABSENT = "absent"

    __str__ = str.__str__

    @property
    def is_unresolved(self) -> bool:
        """True where the rule can neither be applied nor has been."""
        return self not in (State.PENDING, State.APPLIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is edited, and where; one subclass per edit kind, in `patcher.edits.kinds`.

    Attributes:
        is_import: Whether the edit is about the names that a module imports.
        owns_statements: Whether the quotes are whole statements, all of which the edit owns.
        is_part: Whether the quotes may be so short that they stand in other places as well.
        within: Dotted name of the class or function that holds the place; "" is module level.
    """

    kind: ClassVar[str] = ""
    is_import: ClassVar[bool] = False
    owns_statements: ClassVar[bool] = False
    is_part: ClassVar[bool] = False
    within: str = ""

    @property
    def place(self) -> str:
        """The place in words, for the catalogue."""
        pairs = ((getattr(self, e.name), e.metadata.get("phrase")) for e in fields(self))
        words = (phrase.format(value) for value, phrase in pairs if value and phrase)
        return ", ".join([f"in {self.within}" if self.within else "at module level", *words])


class Need(NamedTuple):
    """What a file must do for an edit of another one: set keys, bind names, take parameters.

    `within` is the class or function that has to, "" the whole file; `of` is whose keys they are.
    """

    file: str
    within: str = ""
    of: str = ""
    sets: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One edit of the document, or of a pack that quotes the upstream's code instead.

    Attributes:
        item: Number under the section's heading, 1-based.
        before: The quote of the code before, and `after` that of the code afterwards; "" for none.
        deviation: Where the document errs or is silent, and what was chosen.
        stated: What the document has for `after`; "" for no such item, None where it is `after`.
        whose: Whose reason `why` is: the `document`'s, or `ours` where that gives none.
        needs: What must hold elsewhere; like `whose` no part of what a receipt knows a rule by.
        ignores: Code that looks like what the rule is about, and that it leaves alone; nor is this.
    """

    item: int
    title: str
    before: str
    after: str
    edit: Edit
    why: str
    deviation: str = ""
    needs: tuple[Need, ...] = field(default=(), repr=False)
    whose: str = field(default="ours", repr=False)
    stated: str | None = field(default=None, repr=False)
    ignores: tuple[str, ...] = field(default=(), repr=False)

    @property
    def adds(self) -> bool:
        """Whether the edit adds code and replaces none."""
        return not self.before

    @property
    def removes(self) -> bool:
        """Whether the edit removes code and puts none in its place."""
        return not self.after

    @property
    def verb(self) -> str:
        """The document's word for such an edit: Changed, Added or Removed."""
        return "Added" if self.adds else "Removed" if self.removes else "Changed"


@dataclass(frozen=True, slots=True)
class Section:
    """A file of the upstream and its rules, in order.

    Attributes:
        path: The file, below the tree's root, with forward slashes.
        name: What its rules are called by, as in `main-3`; "" for the heading's.
        prefix: What stands before that: the pack's name and a slash, but for the default pack.
        root: The folder that imports start from, "" for the tree's root.
        signatures: The parameters of functions that the quotes call, in order, by dotted name.
        attempts: The `try` that a module of the pack imports a name by, by `module.name`.
    """

    heading: str
    path: str
    rules: tuple[Rule, ...]
    name: str = ""
    prefix: str = ""
    root: str = ""
    signatures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attempts: Mapping[str, str] = field(default_factory=dict)

    def id_of(self, rule: Rule) -> str:
        """The rule's id, such as `main-3`, `init-1` or `supplement/utils-2`."""
        name = self.name or self.heading.removesuffix(".py").strip("_")
        return f"{self.prefix}{name}-{rule.item}"

    def superseding_rules(self, rule: Rule) -> tuple[Rule, ...]:
        """The later rules whose quoted before holds all that `rule` leaves behind."""
        later = self.rules[self.rules.index(rule) + 1 :]
        if rule.edit.is_part:
            later = tuple(other for other in later if other.edit.within == rule.edit.within)
        return tuple(other for other in later if rule.after and rule.after in other.before)

    def prerequisites(self, rule: Rule) -> tuple[Rule, ...]:
        """The earlier rules that write what `rule` then rewrites."""
        return tuple(other for other in self.rules if rule in self.superseding_rules(other))


@dataclass(frozen=True, slots=True)
class Pin:
    """The upstream commit that rules are written against.

    Attributes:
        name: Name of the upstream, and of the folder that `fetch` makes.
        repository: Its address; "" where it is known by the digests of its files alone.
        commit: The id of the commit; "" without a repository.
        root: The folder of the checkout that imports start from, "" for the checkout's own root.
        program: The file that the upstream is run by, below the checkout's root; "" for none.
        omit: Patterns of files that a checkout leaves out, as in `.gitignore`.
        sha256: Hex digest of every file that rules touch, by path below the checkout's root.
    """

    name: str
    repository: str
    commit: str
    root: str = ""
    program: str = ""
    omit: tuple[str, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)


class CheckSpec(NamedTuple):
    """A check that a pack asks for, what its results are called, and what it is told."""

    check: str
    label: str
    options: Mapping[str, object] = {}


class Runtime(NamedTuple):
    """Packages that edits import, where nothing else provides them, and the folder with them."""

    folder: Path
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A named, ordered set of sections, and what they were written for."""

    name: str
    sections: tuple[Section, ...]
    title: str = ""
    upstream: Pin | None = None  # None for rules that are tried without one
    checks: tuple[CheckSpec, ...] = ()  # which `verify` makes besides those of every pack
    runtime: Runtime | None = None
    # Versions of packages that make its edits necessary: `{"numpy": ">=2"}`.
    needed_with: Mapping[str, str] = field(default_factory=dict)
    document: Path | None = None  # which the rules quote, where it is with the pack
    revises: tuple[str, ...] = ()  # names of the packs that it is a revision of, the closest first
    accelerator: Path | None = None  # the table of the device that its edits are for

    def entries(self) -> Iterator[tuple[str, Section, Rule]]:
        """Every rule with its id and section, in order."""
        return ((s.id_of(rule), s, rule) for s in self.sections for rule in s.rules)


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a rule holds; line and column are 1-based, in the file as read."""

    line: int
    column: int
    state: State


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest thing to what a rule looked for, or what blocks it: line, text, what differs.

    Line and column are 1-based, width is in characters; no remedy where editing the line helps.
    """

    line: int
    text: str
    why: str
    column: int = 1
    width: int = 1
    is_blocker: bool = False
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found in its file; it owns `expected` sites."""

    id: str
    file: str
    title: str
    state: State
    expected: int
    sites: tuple[Site, ...]
    wants: str
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What rules would do to one file.

    Attributes:
        outcomes_after: How each stands on the bytes after, where all of them fit; else none.
        steps: The bytes after each edit, by the rule's id; only where that was asked for.
    """

    path: str
    before: bytes
    after: bytes
    outcomes: tuple[Outcome, ...]
    outcomes_after: tuple[Outcome, ...] = ()
    steps: tuple[tuple[str, bytes], ...] = ()

    @property
    def changed(self) -> bool:
        """True where the bytes differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """What packs would do to a tree."""

    packs: tuple[str, ...]
    files: tuple[FilePlan, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What every rule finds in the tree, file by file."""
        return tuple(outcome for file in self.files for outcome in file.outcomes)

    @property
    def outcomes_after(self) -> tuple[Outcome, ...]:
        """How every rule stands once the plan is applied; none unless all rules fit."""
        after = [file.outcomes_after for file in self.files]
        return tuple(outcome for file in after for outcome in file) if all(after) else ()

    @property
    def changed(self) -> tuple[FilePlan, ...]:
        """The files whose bytes would change."""
        return tuple(file for file in self.files if file.changed)

    @property
    def unresolved(self) -> tuple[Outcome, ...]:
        """The outcomes that are drifted, ambiguous, partial or absent."""
        return tuple(outcome for outcome in self.outcomes if outcome.state.is_unresolved)

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """All unresolved outcomes where no rule fits, else those that are not absent."""
        fits_nowhere = len(self.unresolved) == len(self.outcomes)
        return tuple(o for o in self.unresolved if fits_nowhere or o.state is not State.ABSENT)

    @property
    def summary(self) -> dict[State, int]:
        """Number of rules in each state, every state named."""
        return {**dict.fromkeys(State, 0), **Counter(each.state for each in self.outcomes)}
