"""What was done to a tree: the rules of each file, its bytes before, and how all rules stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from patcher.errors import PackError
from patcher.model import FilePlan, Outcome, Pack, Plan, Section, State
from patcher.packs import DEFAULT, is_known, load_pack
from patcher.resources import __version__
from patcher.tree.files import digest


@dataclass(frozen=True, slots=True)
class Record:
    """One patched file.

    Attributes:
        rules: Ids of the rules whose edits effpatch made in it.
        after: SHA-256 of the file as effpatch left it.
        original: Its bytes before.
    """

    rules: tuple[str, ...]
    after: str
    original: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What effpatch did to a tree; its methods take the bytes of the files there are, by path.

    Attributes:
        version: Of effpatch.
        packs: SHA-256 of the rules of each pack used, by name, in the order of their use.
        commit: The commit that was checked out; None where there was none.
        files: What was done to each file, by path.
        outcomes: How every rule of the packs stands since; empty where not all were selected.
        runtime: SHA-256 of each file of the runtime that was put into the tree, by path.
        left_out: Ids of the rules of the packs that the user left out, or undid since.
    """

    version: str
    packs: Mapping[str, str]
    commit: str | None
    files: Mapping[str, Record]
    outcomes: tuple[Outcome, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def edited(self, files: Mapping[str, bytes]) -> list[str]:
        """The patched files that are neither as effpatch left them nor as they were before."""
        return [
            path
            for path, record in self.files.items()
            if files.get(path) != record.original and digest(files.get(path)) != record.after
        ]

    def made(self, files: Mapping[str, bytes]) -> set[str]:
        """Ids of the rules whose edits effpatch made in files that are not as before again."""
        patched = (r for path, r in self.files.items() if files.get(path) != r.original)
        return {id_ for record in patched for id_ in record.rules}

    def standing(self, files: Mapping[str, bytes]) -> "Receipt":
        """The receipt without its edits, where all were undone otherwise, as by git."""
        if not self.files or self.made(files):
            return self
        return replace(self, packs={}, files={}, outcomes=(), left_out=frozenset())

    def plan(self, files: Mapping[str, bytes]) -> Plan:
        """The plan that the outcomes describe, in which nothing changes."""
        plans = []
        for path, content in files.items():
            outcomes = tuple(outcome for outcome in self.outcomes if outcome.file == path)
            plans.append(FilePlan(path, content, content, outcomes))
        return Plan(tuple(self.packs), tuple(plans))

    def covers(self, packs: Sequence[Pack], files: Mapping[str, bytes]) -> bool:
        """Whether the outcomes say how these packs stand, so that nothing need be parsed."""
        return (
            self.version == __version__
            and dict(self.packs) == fingerprints(packs)
            and {outcome.id for outcome in self.outcomes} == _ids(packs)
            and set(self.files) == {outcome.file for outcome in self.outcomes} == set(files)
            and all(digest(files[path]) == record.after for path, record in self.files.items())
        )

    def left_out_by(
        self,
        packs: Sequence[Pack],
        chosen: Collection[str],
        skipped: Collection[str],
        files: Mapping[str, bytes],
    ) -> frozenset[str]:
        """Ids of the rules that are left out on purpose once the chosen ones are applied.

        What was chosen in earlier runs stays chosen. Rules that do not fit were chosen as well.

        Args:
            packs: Those of the run.
            chosen: Ids of their rules that were to be applied.
            skipped: Ids of those that were left out by name.
            files: The files as they were before the run.
        """
        new = _ids([pack for pack in packs if pack.name not in self.packs])
        made = self.made(files)
        return (self.left_out | new).difference(chosen) | frozenset(skipped).difference(made)


def _ids(packs: Iterable[Pack]) -> set[str]:
    return {id_ for pack in packs for id_, _, _ in pack.entries()}


def fingerprints(packs: Sequence[Pack]) -> dict[str, str]:
    """SHA-256 of the rules of each pack, by name."""
    rules = {pack.name: [(s.heading, s.rules) for s in pack.sections] for pack in packs}
    return {name: digest(repr(each).encode()) for name, each in rules.items()}


def updated(
    old: Receipt,
    plan: Plan,
    packs: Sequence[Pack],
    commit: str | None,
    runtime: Mapping[str, str],
    left_out: frozenset[str] = frozenset(),
) -> Receipt:
    """The receipt of a tree once a plan has been carried out.

    The last two arguments are as in `Receipt`.

    Raises:
        PackError: A file was edited by hand, and the pack of an earlier edit in it is not known.
    """
    files = {file.path: _recorded(old.files.get(file.path), file, packs) for file in plan.changed}
    outcomes = plan.outcomes_after
    return Receipt(
        __version__,
        {**old.packs, **fingerprints(packs)},
        commit,
        {**old.files, **files},
        outcomes if {outcome.id for outcome in outcomes} == _ids(packs) else (),
        {**old.runtime, **runtime},
        left_out,
    )


def _recorded(last: Record | None, file: FilePlan, packs: Sequence[Pack]) -> Record:
    """What is recorded of a file that a plan has changed, and for which `last` was before.

    A file that was edited by hand between two runs counts as edited from then on: single edits
    can be undone in it, but to restore the whole file would lose the edits by hand.
    """
    made = tuple(o.id for o in file.outcomes if o.state is State.PENDING)
    if last is None or file.before == last.original or set(last.rules) <= set(made):
        return Record(made, digest(file.after), file.before)
    after, rules = file.after, tuple(dict.fromkeys(last.rules + made))
    if last.after != digest(file.before):
        from patcher import engine

        sections = sections_of(file.path, rules, packs_of(rules, packs))
        after = engine.redone(sections, last.original, rules)
    return replace(last, rules=rules, after=digest(after))


def sections_of(path: str, ids: Collection[str], packs: Iterable[Pack]) -> list[Section]:
    """The sections that rules of a file belong to, at the path that it has in the tree."""
    return [
        replace(section, path=path)
        for pack in packs
        for section in pack.sections
        if any(section.id_of(rule) in ids for rule in section.rules)
    ]


def pack_name(id_: str) -> str:
    """The name of the pack that a rule belongs to, by its id."""
    return id_.rpartition("/")[0] or DEFAULT


def packs_of(ids: Iterable[str], given: Iterable[Pack] = ()) -> list[Pack]:
    """The packs that rules belong to; those given need not be known by name.

    Raises:
        PackError: One is neither given nor known, or cannot be loaded.
    """
    packs = {pack.name: pack for pack in given}
    needed = {pack_name(id_): id_ for id_ in ids}
    for name, id_ in needed.items():
        if name not in packs and not is_known(name):
            found = f"no pack of this name is known, but {id_} is needed here"
            next_step = "pass --pack FOLDER, or install the distribution that has it"
            raise PackError(name, found, next_step=next_step)
    return [packs.get(name) or load_pack(name) for name in needed]
