"""The proof of a pack: what its rules make of their quotes, of their look-alikes and of its pin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from patcher import engine
from patcher.checks.model import Finding, Result
from patcher.document import document
from patcher.document.coverage import compare
from patcher.document.gaps import Verdict, failure
from patcher.document.look_alikes import disturbed
from patcher.errors import PackError, PatchError
from patcher.model import Pack, Rule, Section, State
from patcher.operations import round_trip
from patcher.operations.select import shared_pin
from patcher.operations.trial_tree import copied
from patcher.packs import require_one_name
from patcher.packs.rules import TO_BE_WRITTEN
from patcher.tree.files import digest


@dataclass(frozen=True, slots=True)
class Proof:
    """What the checks of a pack found.

    Attributes:
        before: The packs that were applied before it.
        results: What each check found, in order.
        unwritten: Ids of the rules whose reasons are still to be written.
    """

    pack: Pack
    before: tuple[Pack, ...]
    results: tuple[Result, ...]
    unwritten: tuple[str, ...]


def prove(pack: Pack, upstream: Path, folder: Path, before: Sequence[Pack] = ()) -> Proof:
    """What the checks of a pack find.

    Args:
        pack: The pack.
        upstream: The root of a checkout of its pin, of which a copy is made.
        folder: Where the copy is made, and removed again.
        before: Packs that are applied before it.

    Raises:
        PackError: It has no rule, or the name of another one.
        SelectionError: Its pin is not that of the others.
        ErrorList: A rule of the packs before it does not fit.
        PatchError: The upstream cannot be read or copied.
    """
    if not any(section.rules for section in pack.sections):
        step = "write one before you test it"
        raise PackError(pack.name, "the pack has no rules", "at least one", step)
    require_one_name([*before, pack])
    shared_pin([*before, pack])
    results = [_quotes(pack), _look_alikes(pack)]
    with copied(upstream, folder) as tree:
        results.append(_digests(pack, tree.read(_paths(pack))))
        round_trip.apply_before(before, tree)
        results.append(_alone(pack, tree.read(_paths(pack))))
        # What a pack before it has done as well, it need not do.
        results += round_trip.results(pack, tree, (State.APPLIED,) if before else ())
    if pack.document:
        results.append(_coverage(pack, pack.document))
    unwritten = (id_ for id_, _, rule in pack.entries() if rule.why.strip() == TO_BE_WRITTEN)
    return Proof(pack, tuple(before), tuple(results), tuple(unwritten))


def _paths(pack: Pack) -> list[str]:
    """The files that rules touch, each once."""
    return [*dict.fromkeys(section.path for section in pack.sections if section.rules)]


def _quotes(pack: Pack) -> Result:
    """Each rule makes its quote after of its quote before, and then has nothing to do."""
    wrong = list[Finding]()
    for id_, section, rule in pack.entries():
        try:
            if found := failure(section, rule, "the rule"):
                wrong.append(Finding(id_, 0, ", expected ".join(found)))
        except PatchError as error:
            wrong.append(Finding(id_, 0, str(error)))
    return Result("quotes", tuple(wrong), _of_rules(pack, len(list(pack.entries())) - len(wrong)))


def _look_alikes(pack: Pack) -> Result:
    """Each rule leaves its look-alikes alone."""
    given = sum(bool(rule.ignores) for _, _, rule in pack.entries())
    wrong = [
        Finding(id_, 0, f"the rule {does}, `{_first_line(code)}`, expected it to be left alone")
        for id_, section, rule in pack.entries()
        for code, does in disturbed(section, rule)
    ]
    note = f"{_of_rules(pack, given)} {'has' if given == 1 else 'have'} look-alikes"
    return Result("look-alikes", tuple(wrong) if given else None, note)


def _first_line(code: str) -> str:
    return code.strip().splitlines()[0]


def _of_rules(pack: Pack, number: int) -> str:
    return f"{number} of {len(list(pack.entries()))} rules"


def _digests(pack: Pack, files: dict[str, bytes]) -> Result:
    """Every file that rules touch is pinned by its SHA-256."""
    pinned = pack.upstream.sha256 if pack.upstream else {}
    paths, wrong = _paths(pack), list[Finding]()
    for path in dict.fromkeys([*paths, *pinned]):
        if path not in files:
            wrong += [Finding(path, 0, "is not in the upstream")] if path in paths else []
        elif path not in pinned:
            wanted = f'`"{path}" = "{digest(files[path])}"` under [upstream.sha256]'
            wrong.append(Finding(path, 0, f"has no SHA-256 in the pin, expected {wanted}"))
        elif (found := digest(files[path])) != pinned[path]:
            wrong.append(Finding(path, 0, f"has the SHA-256 {found}, the pin has {pinned[path]}"))
    return Result("digests", tuple(wrong), f"{len(paths) - len(wrong)} of {len(paths)} files")


def _alone(pack: Pack, files: dict[str, bytes]) -> Result:
    """Each rule fits without the others, but for those in its file that it builds on.

    That one needs more rules than it quotes is only to know.
    """
    found = list[Finding]()
    for id_, section, rule in pack.entries():
        chosen = {id_, *map(section.id_of, _needed(section, rule))}
        try:
            plan = engine.plan_alone([pack], files, chosen)
        except PatchError as error:
            return Result("alone", (Finding(error.place, 0, str(error)),))
        state = next(each.state for each in plan.outcomes if each.id == id_)
        after = {each.id: each.state for each in plan.outcomes_after}
        if state is not State.PENDING:
            how = "already" if state is State.APPLIED else "when applied alone"
            text = f"{id_} is {state} {how}"
            found.append(Finding(section.path, 0, text, advice=True))
        elif after.get(id_) is not State.APPLIED:
            text = f"{id_} is {after.get(id_, 'unknown')} once it is applied, expected applied"
            found.append(Finding(section.path, 0, text))
    return Result("alone", tuple(found), _of_rules(pack, len(list(pack.entries())) - len(found)))


def _needed(section: Section, rule: Rule) -> Iterator[Rule]:
    """The rules that write what a rule rewrites, and those that write what they rewrite."""
    for each in section.prerequisites(rule):
        yield each
        yield from _needed(section, each)


def _coverage(pack: Pack, file: Path) -> Result:
    """The document that the pack names and its rules say the same.

    That a rule contradicts its own quotes is no matter of the document.
    """
    try:
        covered = compare(file.name, document.read(file), pack)
    except PatchError as error:
        return Result("coverage", (Finding(file.name, 0, str(error)),))
    wrong = [
        Finding(file.name, gap.line, f"{gap.found}, expected {gap.wanted}")
        for gap in covered.gaps
        if gap.verdict is not Verdict.FAILS
    ]
    good = sum(all(g.verdict is Verdict.FAILS for g in each.gaps) for each in covered.entries)
    return Result("coverage", tuple(wrong), f"{good} of {len(covered.entries)} edits")
