"""Flags that rules define or read, and which of them a tree defines."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from patcher.code import syntax
from patcher.code.module_names import module_parts
from patcher.engine.blockers import Refusal
from patcher.engine.safety import newly_used, provides
from patcher.model import Outcome, Pack, Rule, State


def defined_elsewhere(
    packs: Sequence[Pack], outcomes: Iterable[Outcome], files: Mapping[str, bytes]
) -> dict[str, Refusal]:
    """Why rules that are pending would define a flag a second time, by their ids.

    Arguments as for `patcher.engine.reexports.still_imported`.
    """
    states = {outcome.id: outcome.state for outcome in outcomes}
    reasons = dict[str, Refusal]()
    for id_, section, rule in (entry for pack in packs for entry in pack.entries()):
        flags = added_flags(rule) if states.get(id_) is State.PENDING else set[str]()
        for path in _imported(section.path, files) if flags else ():
            for flag in sorted(flags.intersection(_defined(files[path]))):
                reason = f"{path} defines the flag '{flag}' already"
                reasons.setdefault(id_, Refusal(reason, "make the edit by hand"))
    return reasons


def left_out(
    packs: Sequence[Pack], outcomes: Iterable[Outcome], files: Mapping[str, bytes]
) -> dict[str, Refusal]:
    """Why rules that are pending would read a flag that a rule which was not chosen defines.

    That is one of their section, unless their file or a module that it imports defines the flag.
    Arguments as for `patcher.engine.reexports.still_imported`; the reasons are by the rules' ids.
    """
    states = {outcome.id: outcome.state for outcome in outcomes}
    reasons = dict[str, Refusal]()
    for section in (section for pack in packs for section in pack.sections):
        others = (rule for rule in section.rules if section.id_of(rule) not in states)
        bringers = {flag: section.id_of(rule) for rule in others for flag in added_flags(rule)}
        pending = [r for r in section.rules if states.get(section.id_of(r)) is State.PENDING]
        read = {section.id_of(rule): bringers.keys() & _read(rule) for rule in pending}
        known = _known(section.path, files) if any(read.values()) else set[str]()
        for id_, flags in read.items():
            for flag in sorted(flags - known):
                reason = f"needs the flag '{flag}', which {bringers[flag]} brings in"
                reasons.setdefault(id_, Refusal(reason, f"apply {bringers[flag]} as well"))
    return reasons


def _known(path: str, files: Mapping[str, bytes]) -> set[str]:
    """The flags that a file defines, or a module that it imports."""
    return {flag for each in (path, *_imported(path, files)) for flag in _defined(files[each])}


def _read(rule: Rule) -> set[str]:
    """The flags that new code reads and its rule does not define."""
    return {name.removeprefix("FLAGS.") for name in newly_used(rule) if name.startswith("FLAGS.")}


def added_flags(rule: Rule) -> set[str]:
    """The flags that a rule defines."""
    names = (name.partition("FLAGS.") for name in provides(rule))
    return {flag for before, found, flag in names if found and not before}


def _imported(path: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """The other files whose modules a file names where it imports something."""
    tree = syntax.tree(files.get(path, b""))
    nodes = list(ast.walk(tree)) if tree else []
    names = {e.name for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for e in n.names}
    names |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    last = {name.rpartition(".")[2] for name in names}
    for other in files:
        if other != path and module_parts(other, "")[-1] in last:
            yield other


def _defined(content: bytes) -> Iterator[str]:
    """The flags that a file defines, wherever it does."""
    tree = syntax.tree(content) if b"DEFINE_" in content else None
    for node in ast.walk(tree) if tree else ():
        match node:
            case ast.Call(
                func=ast.Attribute(attr=name) | ast.Name(id=name),
                args=[ast.Constant(value=str() as flag), *_],
            ) if name.startswith("DEFINE_"):
                yield flag
