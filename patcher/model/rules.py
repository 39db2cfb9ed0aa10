"""Rules, and the files of the upstream that they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import ClassVar, NamedTuple


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
