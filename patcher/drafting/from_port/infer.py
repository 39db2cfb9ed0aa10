"""A pack from a hand-made port: a rule for each of its smallest edits, and what none expresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tokenize import TokenError

from patcher.checks.line_diff import differences
from patcher.code.source import parse
from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.drafting.from_port.alignment import edits
from patcher.drafting.from_port.edit import Edit, Versions
from patcher.drafting.from_port.port import Port
from patcher.drafting.from_port.statements import Source
from patcher.drafting.from_port.trial import Known, Trial, key, means
from patcher.engine import plan, plan_alone
from patcher.errors import PatchError
from patcher.model import Pack, Pin, Plan, Rule, Section, State
from patcher.tree.files import digest

_ROUNDS = 12  # in which rules that do not go together are left out

# What is called with each file before work on it starts, and with the number of all.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that no rule expresses.

    Attributes:
        lines: The lines of the new file, 1-based; an empty range where old ones are left above it.
        removed: How many lines of the old file are still there.
        added: How many of the new file are not.
    """

    lines: range
    removed: int
    added: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """What is expressed of a file.

    Attributes:
        rules: The rules that were drafted for it.
        changed: The number of lines that the port adds to the file and removes from it.
        left: What no rule expresses.
        is_layout: Whether that is comments, blank lines and indents alone.
        why: Why it could not be read; "" where it could.
    """

    path: str
    rules: tuple[Rule, ...]
    changed: int
    left: tuple[Hunk, ...]
    is_layout: bool = False
    why: str = ""

    @property
    def missing(self) -> int:
        """The number of lines that no rule expresses."""
        return min(self.changed, sum(hunk.removed + hunk.added for hunk in self.left))


@dataclass(frozen=True, slots=True)
class Inferred:
    """A pack from a port, and how much of the port it makes, file by file."""

    drafted: DraftPack
    files: tuple[FileResult, ...]
    port: Port

    @property
    def is_whole(self) -> bool:
        """Whether the pack makes all of the port."""
        return not self.port.others and not any(file.left for file in self.files)


def infer(
    name: str, port: Port, pin: Pin, progress: Progress = lambda path, total: None
) -> Inferred:
    """The pack of a name that makes a port, as far as rules can.

    Args:
        name: The name of the pack.
        port: What the port changes.
        pin: The upstream that it was made from, without digests.
        progress: Is told of each file.
    """
    unfit = dict[str, frozenset[str]]()
    rules = dict[str, tuple[Rule, ...]]()
    why, known = dict[str, str](), dict[str, Known]()
    todo = [*port.files]
    for _ in range(_ROUNDS):
        for path in todo:
            progress(path, len(port.files))
            memory = known.setdefault(path, {})
            rules[path], why[path] = _file_rules(path, port, pin.root, unfit, memory)
        drafted = _drafted(name, rules, pin, port)
        planned = plan([drafted.pack()], port.python)
        misfits = _misfits(drafted.pack(), planned)
        if not misfits:
            break
        for path, keys in misfits.items():
            unfit[path] = unfit.get(path, frozenset()) | keys
        todo = [*misfits]
    else:
        rules |= dict.fromkeys(misfits, ())
        drafted = _drafted(name, rules, pin, port)
        planned = plan([drafted.pack()], port.python)
    return Inferred(drafted, tuple(_results(port, rules, why, planned)), port)


def _misfits(pack: Pack, planned: Plan) -> dict[str, frozenset[str]]:
    """The rules of a pack that are not made with all others, by the paths of their files."""
    bad = {outcome.id for outcome in planned.outcomes if outcome.state is not State.PENDING}
    found = dict[str, frozenset[str]]()
    for id_, section, rule in pack.entries():
        if id_ in bad:
            found[section.path] = found.get(section.path, frozenset()) | {key(rule)}
    return found


def _file_rules(
    path: str, port: Port, root: str, unfit: dict[str, frozenset[str]], known: Known
) -> tuple[tuple[Rule, ...], str]:
    """The rules of a file, and why it has none where it cannot be read."""
    try:
        for content in port.files[path]:
            parse(path, content)
        versions = Versions(path, *map(Source, port.files[path]))
        todo = edits(versions)
        for _ in range(_ROUNDS):
            trial = _best_trial(versions, root, unfit.get(path, frozenset()), todo, known)
            misfits = _unfit_together(trial, port.files[path][0])
            if not misfits:
                return tuple(trial.rules), ""
            unfit[path] = unfit.get(path, frozenset()) | misfits
    except (PatchError, SyntaxError, TokenError, ValueError, RecursionError) as error:
        return (), " ".join(str(error).split())
    return (), "its rules do not go together"


def _best_trial(
    versions: Versions, root: str, unfit: frozenset[str], todo: Sequence[Edit], known: Known
) -> Trial:
    """The file with its edits made one by one; where not all can be, with some of them joined."""
    trial = _tried(Trial(versions, root, unfit, known=known), todo)
    if stubborn := {id(edit) for edit in trial.left(todo)}:
        again = _tried(Trial(versions, root, unfit, stubborn, known), todo)
        if _lines_left(again) < _lines_left(trial):
            return again
    return trial


def _tried(trial: Trial, todo: Sequence[Edit]) -> Trial:
    """A trial with the edits made as far as rules can; those that need later ones follow them."""
    made = -1
    while made < trial.number_made:
        made = trial.number_made
        trial.make_all(todo)
    return trial


def _lines_left(trial: Trial) -> int:
    hunks = _hunks(trial.content, b"".join(trial.versions.new.lines))
    return sum(hunk.removed + hunk.added for hunk in hunks)


def _unfit_together(trial: Trial, content: bytes) -> frozenset[str]:
    """The rules of a file that do not make with all others what they make one after another."""
    path = trial.versions.path
    section = Section(path, path, tuple(trial.rules), "trial", "", trial.root)
    if not trial.rules:
        return frozenset()
    (file,) = plan_alone([Pack("trial", (section,))], {path: content}, stepwise=True).files
    states = {o.id: o.state for o in file.outcomes}
    after = {o.id: o.state for o in file.outcomes_after}
    bad = [
        rule
        for rule in trial.rules
        if states[section.id_of(rule)] is not State.PENDING
        or (after and after[section.id_of(rule)] is not State.APPLIED)
    ]
    # A block that is added may be indented otherwise where more of the file is read.
    if not bad and not means(file.after, trial.content):
        steps = dict(file.steps)
        versions = zip(trial.rules, trial.contents, strict=True)
        bad = [rule for rule, made in versions if steps.get(section.id_of(rule)) != made][:1]
    return frozenset(map(key, bad))


def _drafted(name: str, rules: Mapping[str, Sequence[Rule]], pin: Pin, port: Port) -> DraftPack:
    paths = [path for path in port.files if rules[path]]
    digests = {path: digest(port.files[path][0]) for path in paths}
    sections = [
        DraftSection(
            path.rpartition("/")[2], path, tuple(Draft(r, Mark.BY_PORT) for r in rules[path])
        )
        for path in paths
    ]
    drafted = DraftPack(name, f"The edits of {name}", replace(pin, sha256=digests), tuple(sections))
    return replace(drafted, sections=tuple(_with_groups(drafted)))


def _with_groups(drafted: DraftPack) -> Iterator[DraftSection]:
    """The sections, with the rule that comes first among equal ones named in the others."""
    first = dict[str, str]()
    for name, section in zip(drafted.names(), drafted.sections, strict=True):
        drafts = list[Draft]()
        for draft in section.drafts:
            rule, id_ = draft.rule, f"{name}-{draft.rule.item}"
            equal = first.setdefault(repr((rule.edit.kind, rule.before, rule.after)), id_)
            drafts.append(replace(draft, found="" if equal == id_ else f"as {equal}"))
        yield replace(section, drafts=tuple(drafts))


def _results(
    port: Port, rules: Mapping[str, tuple[Rule, ...]], why: Mapping[str, str], planned: Plan
) -> Iterator[FileResult]:
    made = {file.path: file.after for file in planned.files}
    for path, (before, after) in port.files.items():
        changed = sum(hunk.removed + hunk.added for hunk in _hunks(before, after))
        left = tuple(_hunks(made.get(path, before), after))
        is_layout = bool(left) and means(made.get(path, before), after)
        yield FileResult(path, rules[path], changed, left, is_layout, why[path])


def _hunks(one: bytes, other: bytes) -> Iterator[Hunk]:
    lines, others = one.splitlines(keepends=True), other.splitlines(keepends=True)
    for gone, come in differences(lines, others):
        yield Hunk(range(come.start + 1, come.stop + 1), len(gone), len(come))
