"""Another port of the same upstream, compared with the documented edits construct by construct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patcher import engine
from patcher.model import Outcome, Pack, Rule, State
from patcher.verify.constructs import Construct, constructs
from patcher.verify.replay import differences

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Difference:
    """A construct of the other port that is not as the documented edits would leave it.

    Attributes:
        file: Path below the root.
        line: 1-based, in the other port's file.
        text: What stands there, and what would stand there.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What another port does.

    Attributes:
        done: Rules whose edits are there as documented.
        differently: Rules whose edits are there in another form, each with what differs.
        missing: Rules whose edits are not there: the code is as it was before.
        undocumented: Differences that no rule accounts for.
    """

    done: tuple[Outcome, ...]
    differently: tuple[tuple[Outcome, tuple[Difference, ...]], ...]
    missing: tuple[Outcome, ...]
    undocumented: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether the port is the upstream with the documented edits and nothing else."""
        return not (self.differently or self.missing or self.undocumented)


def compare(packs: Sequence[Pack], before: Files, others: Files, theirs: Files) -> Comparison:
    """Sort what another port does.

    It is compared with the upstream after those edits that the port makes as documented: what is
    left are edits in another form, and edits that the document does not have.

    Args:
        packs: Whose rules are the documented edits.
        before: The bytes of the files that they name, as the upstream has them, by path.
        others: The bytes of the upstream's other Python files.
        theirs: The bytes of the port's Python files.

    Raises:
        UnparsableError: A file is not valid Python.
    """
    outcomes = engine.plan(packs, {p: c for p, c in theirs.items() if p in before}).outcomes
    done = {outcome.id for outcome in outcomes if outcome.state is State.APPLIED}
    ours = {**others, **_with(packs, before, done)}
    found = [each for path in sorted({*ours, *theirs}) for each in _file(path, ours, theirs)]
    places = _places(packs, {path: ours[path] for path in before}, outcomes)
    words = {id_: _new_words(rule, before[s.path]) for p in packs for id_, s, rule in p.entries()}
    undone = [outcome for outcome in outcomes if outcome.id not in done]
    by_rule = {
        o.id: [each for each in found if _accounts_for(o, places[o.id], words[o.id], each)]
        for o in undone
    }
    differently = [o for o in undone if by_rule[o.id] or (o.state.misfit and o.file in theirs)]
    known = [each for differences in by_rule.values() for each in differences]
    return Comparison(
        tuple(outcome for outcome in outcomes if outcome.id in done),
        tuple((o, tuple(each.difference for each in by_rule[o.id])) for o in differently),
        tuple(outcome for outcome in undone if outcome not in differently),
        tuple(each.difference for each in found if each not in known),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference, the lines that it covers on both sides, and all its code."""

    difference: Difference
    here: frozenset[int]
    there: frozenset[int]
    code: str


def _with(packs: Sequence[Pack], before: Files, done: set[str]) -> dict[str, bytes]:
    plan = engine.plan(packs, before, done) if done else None
    after = {file.path: file.after for file in plan.files} if plan else {}
    return {path: after.get(path, content) for path, content in before.items()}


def _places(
    packs: Sequence[Pack], ours: Files, outcomes: Sequence[Outcome]
) -> dict[str, tuple[set[int], set[int]]]:
    """Where each rule would be applied, and where it looked in the other port: line numbers."""
    here = {o.id: {site.line for site in o.sites} for o in engine.plan(packs, ours).outcomes}
    there = {o.id: {site.line for site in o.sites} for o in outcomes}
    near = {o.id: {o.nearest.line} if o.nearest else set[int]() for o in outcomes}
    return {o.id: (here.get(o.id, set()), there[o.id] | near[o.id]) for o in outcomes}


def _accounts_for(
    outcome: Outcome, places: tuple[set[int], set[int]], words: set[str], found: _Found
) -> bool:
    """Whether a difference is a rule's edit in another form.

    A rule that fits nowhere accounts for what differs where it belongs; one that could still be
    applied accounts for what uses names that only its edit brings in.
    """
    if found.difference.file != outcome.file or not (found.here or found.there):
        return False
    here, there = places
    if outcome.state.misfit:
        return bool(here & found.here or there & found.there)
    return bool(words & _words(found.code))


def _new_words(rule: Rule, before: bytes) -> set[str]:
    """The names that a rule brings into a file."""
    return _words(rule.after) - _words(rule.before) - _words(before.decode("utf-8", "replace"))


def _words(code: str) -> set[str]:
    return set(re.findall(r"\w+", code))


def _file(path: str, ours: Files, theirs: Files) -> Iterator[_Found]:
    """What differs in a file."""
    if path not in theirs or path not in ours:
        what = "is not in the other port" if path in ours else "is in the other port alone"
        yield _Found(Difference(path, 1, what), frozenset(), frozenset(), "")
        return
    if ours[path] == theirs[path]:
        return
    one, other = constructs(path, ours[path]), constructs(path, theirs[path])
    keys = ([each.meaning for each in one], [each.meaning for each in other])
    for old, new in differences(*keys):
        here, there = [one[index] for index in old], [other[index] for index in new]
        line = there[0].lines.start if there else _next_line(other, new.start)
        code = "\n".join(each.code for each in there)
        difference = Difference(path, line, _description(here, there))
        yield _Found(difference, _numbers(here), _numbers(there), code)


def _numbers(found: Sequence[Construct]) -> frozenset[int]:
    return frozenset(number for each in found for number in each.lines)


def _next_line(found: Sequence[Construct], index: int) -> int:
    """The line where a construct would stand that is missing."""
    return found[min(index, len(found) - 1)].lines.start if found else 1


def _description(here: Sequence[Construct], there: Sequence[Construct]) -> str:
    if not there:
        return f"lacks {_quoted(here)}"
    return f"has {_quoted(there)}" + (f" in place of {_quoted(here)}" if here else "")


def _quoted(found: Sequence[Construct]) -> str:
    first = found[0].code.splitlines()[0]
    return f"`{first}`" + (f" and {len(found) - 1} more" if found[1:] else "")
