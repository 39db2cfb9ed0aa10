"""The rules of one file of a port: its edits one by one, and proved to go together."""

from __future__ import annotations

from collections.abc import Sequence
from tokenize import TokenError

from patcher.code.source import parse
from patcher.drafting.from_port.alignment import edits
from patcher.drafting.from_port.edit import Edit, Versions
from patcher.drafting.from_port.inferred import hunks
from patcher.drafting.from_port.port import Port
from patcher.drafting.from_port.statements import Source
from patcher.drafting.from_port.trial import Known, Trial, key, means
from patcher.engine import plan_alone
from patcher.errors import PatchError
from patcher.model import Pack, Rule, Section, State

_ROUNDS = 12  # in which rules that do not go together are left out


def file_rules(
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
    """The number of lines in which a trial differs from the new file, indents left out."""
    versions = (
        b"".join(line.lstrip(b" \t") for line in lines)
        for lines in (trial.lines, trial.versions.new.lines)
    )
    found = hunks(*versions)
    return sum(hunk.removed + hunk.added for hunk in found)


def _unfit_together(trial: Trial, content: bytes) -> frozenset[str]:
    """The rules of a file that do not make with all others what they make one after another.

    Or that do not know their own edits once all are made.
    """
    path = trial.versions.path
    section = Section(path, path, tuple(trial.rules), "trial", "", trial.root)
    if not trial.rules:
        return frozenset()
    packs = [Pack("trial", (section,))]
    (file,) = plan_alone(packs, {path: content}, stepwise=True).files
    (again,) = plan_alone(packs, {path: file.after}).files
    states = ([o.state for o in each.outcomes] for each in (file, again))
    wanted = State.PENDING, State.APPLIED
    bad = [r for r, *found in zip(trial.rules, *states, strict=True) if tuple(found) != wanted]
    # A block that is added may be indented otherwise where more of the file is read.
    if not bad and not means(file.after, trial.content):
        steps = dict(file.steps)
        versions = zip(trial.rules, trial.contents, strict=True)
        bad = [rule for rule, made in versions if steps.get(section.id_of(rule)) != made][:1]
    return frozenset(map(key, bad))
