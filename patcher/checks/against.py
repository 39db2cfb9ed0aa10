"""Another port of the same upstream, compared with the documented edits construct by construct."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from patcher import engine
from patcher.checks.baseline import quoted
from patcher.checks.line_diff import differences
from patcher.checks.model import Finding
from patcher.code import syntax
from patcher.code.source import unusable
from patcher.model import Nearest, Outcome, Pack, Site, State

Files = Mapping[str, bytes]
# The blocks of a compound statement in the order of the text, and what stands above each.
_BLOCKS = {"body": "", "handlers": "", "cases": "", "orelse": "else:", "finalbody": "finally:"}


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
    differently: tuple[tuple[Outcome, tuple[Finding, ...]], ...]
    missing: tuple[Outcome, ...]
    undocumented: tuple[Finding, ...]

    @property
    def same(self) -> bool:
        """Whether the port is the upstream with the documented edits and nothing else."""
        return not (self.differently or self.missing or self.undocumented)


class _Construct(NamedTuple):
    """A simple statement, or the head of a compound one, in blocks of these kinds and names."""

    scope: tuple[str, ...]
    code: str
    lines: range


class _Found(NamedTuple):
    """What differs in the other port, and the constructs of both sides that do."""

    finding: Finding
    here: Sequence[_Construct] = ()
    there: Sequence[_Construct] = ()


def compare(packs: Sequence[Pack], before: Files, others: Files, theirs: Files) -> Comparison:
    """Sort what another port does.

    It is compared with the upstream after those edits that the port makes as documented: what is
    left are edits in another form, and edits that the document does not have.

    Args:
        packs: Whose rules are the documented edits.
        before: The files that they name, as the upstream has them.
        others: The upstream's other Python files.
        theirs: The port's Python files.

    Raises:
        UnparsableError: A file is not valid Python.
    """
    outcomes = engine.plan_alone(packs, {p: c for p, c in theirs.items() if p in before}).outcomes
    done = {outcome.id for outcome in outcomes if outcome.state is State.APPLIED}
    made = {file.path: file.after for file in engine.plan_alone(packs, before, done).files}
    edited = {path: made.get(path, content) for path, content in before.items()}
    ours = {**others, **edited}
    found = [each for path in sorted({*ours, *theirs}) for each in _in_file(path, ours, theirs)]
    sites = {o.id: o.sites for o in engine.plan_alone(packs, edited).outcomes}
    known = {path: _words(str(content, "utf-8", "replace")) for path, content in before.items()}
    words = {
        id_: _words(rule.after) - _words(rule.before) - known[section.path]
        for pack in packs
        for id_, section, rule in pack.entries()
    }
    undone = [outcome for outcome in outcomes if outcome.id not in done]
    by_rule = {
        o.id: [each for each in found if _accounts_for(o, sites[o.id], words[o.id], each)]
        for o in undone
    }
    differently = [
        o for o in undone if by_rule[o.id] or (o.state.is_unresolved and o.file in theirs)
    ]
    documented = {id(each) for differences in by_rule.values() for each in differences}
    return Comparison(
        tuple(outcome for outcome in outcomes if outcome.id in done),
        tuple((o, tuple(each.finding for each in by_rule[o.id])) for o in differently),
        tuple(outcome for outcome in undone if outcome not in differently),
        tuple(each.finding for each in found if id(each) not in documented),
    )


def _accounts_for(outcome: Outcome, sites: Sequence[Site], words: set[str], found: _Found) -> bool:
    """Whether a difference is the edit of a rule of the other port in another form.

    A rule that fits nowhere accounts for what differs where it belongs: at its `sites` in our tree.
    One that could still be applied accounts for what uses `words` that only its edit brings in.
    """
    if found.finding.file != outcome.file:
        return False
    if not outcome.state.is_unresolved:
        return any(words & _words(each.code) for each in found.there)
    near = (outcome.nearest,) if outcome.nearest else ()
    return _stand_in(found.here, sites) or _stand_in(found.there, (*outcome.sites, *near))


def _stand_in(constructs: Sequence[_Construct], places: Sequence[Site | Nearest]) -> bool:
    return any(place.line in each.lines for each in constructs for place in places)


def _words(code: str) -> set[str]:
    return set(re.findall(r"\w+", code))


def _in_file(path: str, ours: Files, theirs: Files) -> Iterator[_Found]:
    if path not in theirs or path not in ours:
        what = "is not in the other port" if path in ours else "is in the other port alone"
        yield _Found(Finding(path, 1, what, advice=True))
        return
    if ours[path] == theirs[path]:
        return
    one, other = _constructs(path, ours[path]), _constructs(path, theirs[path])
    for old, new in differences([each[:2] for each in one], [each[:2] for each in other]):
        here, there = [one[index] for index in old], [other[index] for index in new]
        at = there or other[new.start :] or other[-1:]  # else the line where it would stand
        has, lacks = (quoted([c.code.splitlines()[0] for c in side]) for side in (there, here))
        text = f"has {has}" if there else f"lacks {lacks}"
        text += f" in place of {lacks}" if here and there else ""
        line = at[0].lines.start if at else 1
        yield _Found(Finding(path, line, text, advice=True), here, there)


def _constructs(place: str, content: bytes) -> list[_Construct]:
    """The constructs of a file, in the order of the text."""
    module = syntax.read(content)
    if isinstance(module, syntax.Fault):
        raise unusable(place, module)
    return [each for node in module.body for each in _within(node, ())]


def _within(node: Any, scope: tuple[str, ...]) -> Iterator[_Construct]:
    blocks = [(name, block) for name in _BLOCKS if (block := getattr(node, name, None))]
    hollow, start = copy(node), _start(node)
    vars(hollow).update((name, []) for name, _ in blocks)
    end = max(_start(blocks[0][1][0]), start + 1) if blocks else node.end_lineno + 1
    yield _Construct(scope, ast.unparse(hollow), range(start, end))
    label = f"{type(node).__name__} {getattr(node, 'name', '') or ''}"
    for name, nodes in blocks:
        if _BLOCKS[name]:
            line = _start(nodes[0])
            yield _Construct((*scope, label), _BLOCKS[name], range(line, line))
        for nested in nodes:
            yield from _within(nested, (*scope, label, _BLOCKS[name]))


def _start(node: Any) -> int:
    """The line where a statement starts, its decorators included."""
    first = (*getattr(node, "decorator_list", ()), getattr(node, "pattern", node))[0]
    return int(first.lineno)
