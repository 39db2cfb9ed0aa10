"""What rules need in other files than their own, checked on the files as a plan leaves them."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from textwrap import dedent
from typing import NamedTuple

from patcher.code import exports, syntax
from patcher.code.settings import Settings
from patcher.engine.blockers import Refusal
from patcher.model import Need, Outcome, Pack, State


class _Lack(NamedTuple):
    """A key, name or parameter that a file lacks, the word for what it is, and how it lacks it."""

    name: str
    word: str
    fault: str


def refusals(
    packs: Sequence[Pack], outcomes: Iterable[Outcome], files: Mapping[str, bytes]
) -> dict[str, Refusal]:
    """Why rules that are pending cannot be applied after all, by their ids.

    Args:
        packs: All of the plan.
        outcomes: How the rules stand that were chosen.
        files: The files as the plan leaves them.
    """
    states = {outcome.id: outcome.state for outcome in outcomes}
    reasons = dict[str, Refusal]()
    for id_, _, rule in (entry for pack in packs for entry in pack.entries()):
        for need in rule.needs if states.get(id_) is State.PENDING else ():
            if lacks := _lacks(need, files.get(need.file)):
                reasons.setdefault(id_, _refusal(need, lacks, packs, states))
    return reasons


def holds(need: Need, content: bytes) -> bool:
    """Whether a file has all that is needed of it."""
    return not _lacks(need, content)


def _refusal(
    need: Need, lacks: Sequence[_Lack], packs: Sequence[Pack], states: Mapping[str, State]
) -> Refusal:
    """What a file lacks, in words, and the rule that would bring it in."""
    _, word, fault = lacks[0]
    names = [each.name for each in lacks if each[1:] == (word, fault)]
    word += "s" if len(names) > 1 else ""
    reason = f"needs the {word} {' and '.join(f'`{name}`' for name in names)}, {fault}"
    bringer = _bringer(need.file, names, packs)
    if not bringer or states.get(bringer) in (State.PENDING, State.APPLIED):
        return Refusal(reason, f"correct {need.file} first")
    does = "would bring {} in but cannot" if bringer in states else "brings {} in"
    reason = f"{reason}; {bringer} {does.format('it' if len(names) == 1 else 'them')}"
    first = f"make {bringer} fit first" if bringer in states else f"apply {bringer} as well"
    return Refusal(reason, first)


def _bringer(file: str, names: Collection[str], packs: Sequence[Pack]) -> str:
    """The rule of a file whose quote has what is lacking; or ""."""
    for id_, section, rule in (entry for pack in packs for entry in pack.entries()):
        if section.path == file:
            module = syntax.read(dedent(rule.after).encode())
            if isinstance(module, ast.Module) and _has(module, names):
                return id_
    return ""


def _has(module: ast.Module, names: Iterable[str]) -> bool:
    settings = Settings(module)
    return all(settings.anywhere(name) or exports.binds(module, name) for name in names)


@lru_cache(maxsize=128)
def _lacks(need: Need, content: bytes | None) -> tuple[_Lack, ...]:
    """What a file lacks of what is needed of it."""
    fault, module = _read(content)
    if module is not None:
        try:
            return (*_keys(need, module), *_names(need, module), *_parameters(need, module))
        except RecursionError:
            fault = "nested too deeply"
    every = (("key", need.sets), ("name", need.binds), ("parameter", need.takes))
    why = f"but {need.file} is {fault}"
    return tuple(_Lack(name, word, why) for word, names in every for name in names)


def _read(content: bytes | None) -> tuple[str, ast.Module | None]:
    """A file's tree, or why there is none."""
    if content is None:
        return "not in the tree", None
    module = syntax.read(content)
    if not isinstance(module, syntax.Fault):
        return "", module
    return "too large to be parsed" if module.wanted else "not valid Python", None


def _keys(need: Need, module: ast.Module) -> Iterator[_Lack]:
    """The keys that a module does not set, or its function or class that has to.

    Where it has none of that name, another that sets them all counts.
    """
    settings = Settings(module) if need.sets else None
    if settings is None:
        return
    if need.of:
        fault = f"which {need.file} does not set in `{need.of}`"
        lacking = (e for e in need.sets if not settings.of(need.of, e, need.within))
        yield from (_Lack(each, "key", fault) for each in lacking)
        return
    if not need.within:
        fault = f"which {need.file} does not set"
        yield from (_Lack(e, "key", fault) for e in need.sets if not settings.anywhere(e))
        return
    found = settings.within(need.within)
    if found is None:
        others = [settings.at_the_top, *filter(None, map(settings.within, settings.scopes))]
        if not any(each.always.issuperset(need.sets) for each in others):
            fault = f"but {need.file} has no `{need.within}`"
            yield from (_Lack(each, "key", fault) for each in need.sets)
        return
    for each in need.sets:
        if each not in found.always:
            fault = "sets only at times" if each in found.sometimes else "does not set"
            yield _Lack(each, "key", f"which `{need.within}` in {need.file} {fault}")


def _names(need: Need, module: ast.Module) -> Iterator[_Lack]:
    fault = f"which {need.file} does not define"
    return (_Lack(e, "name", fault) for e in need.binds if not exports.binds(module, e))


def _parameters(need: Need, module: ast.Module) -> Iterator[_Lack]:
    function = Settings(module).scopes.get(need.within) if need.takes else None
    for each in need.takes:
        if function is None or isinstance(function, ast.ClassDef):
            yield _Lack(each, "parameter", f"but {need.file} has no function `{need.within}`")
        elif not exports.takes(function, each):
            fault = f"which `{need.within}` in {need.file} does not take"
            yield _Lack(each, "parameter", fault)
