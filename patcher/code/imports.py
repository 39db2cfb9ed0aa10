"""What imports say: reading them, and finding them in a module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import dotted, in_a_row
from patcher.code.outline import Line, Outline

Import = cst.Import | cst.ImportFrom
Key = tuple[str, str | None]


def quoted(quote: str) -> Import:
    """The import of a quote."""
    node = quotes.small(quote)
    assert isinstance(node, Import), quote
    return node


def every(node: cst.CSTNode) -> list[Import]:
    """The imports in a line, those of `*` left out."""
    return [part for part in in_a_row(node) if isinstance(part, Import) and aliases(part)]


def only(node: cst.CSTNode) -> Import | None:
    """The import that is all of a line, unless it is of `*`."""
    found = every(node)
    alone = found and isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1
    return found[0] if alone else None


def aliases(node: Import) -> Sequence[cst.ImportAlias]:
    """The names of an import; none of `*`."""
    return () if isinstance(node.names, cst.ImportStar) else node.names


def key(alias: cst.ImportAlias) -> Key:
    """What an alias means: the name, and the one it gets here if that differs."""
    name, here = alias.evaluated_name, alias.evaluated_alias
    return name, None if here == name else here


def keys(node: Import) -> set[Key]:
    """What the names of an import mean."""
    return {key(alias) for alias in aliases(node)}


def names(node: Import) -> set[str]:
    """The names of an import as they are where they come from."""
    return {name for name, _ in keys(node)}


def bound(node: Import) -> frozenset[str]:
    """The names that an import binds here."""
    return frozenset(alias or name for name, alias in keys(node))


def packages(node: cst.Import) -> frozenset[str]:
    """The packages that hold what a plain import brings in."""
    return frozenset(name.partition(".")[0] for name in names(node))


def source(node: Import) -> str:
    """Where the names come from: dots and module, or "" for a plain import."""
    if isinstance(node, cst.Import):
        return ""
    return "." * len(node.relative) + (dotted(node.module) if node.module else "")


def importing(wanted: Import, outline: Outline, needed: Set[Key] | None = None) -> Iterator[Line]:
    """The module-level lines that import all the wanted names, perhaps among others.

    Args:
        wanted: The import.
        outline: The module.
        needed: Those of its names that have to be there; left out or empty, all of them.
    """
    for suite in outline.within(""):
        for line in suite.lines:
            found = only(line.node)
            here = found is not None and source(found) == source(wanted)
            if found and here and (needed or keys(wanted)) <= keys(found):
                yield line


def spread(wanted: Import, outline: Outline, needed: Set[Key]) -> list[Line]:
    """The lines at the top of a module that together import what is needed; none if some lacks.

    Args:
        wanted: An import from the same source.
        outline: The module.
        needed: The names.
    """
    lines = [line for line, names in _parts(wanted, outline) if names & needed]
    return lines if needed <= held(wanted, outline) else []


def held(wanted: Import, outline: Outline) -> set[Key]:
    """What the lines at the top of a module import from the source of an import."""
    return set[Key]().union(*(each for _, each in _parts(wanted, outline)))


def _parts(wanted: Import, outline: Outline) -> Iterator[tuple[Line, set[Key]]]:
    origin = source(wanted)
    top = (suite for suite in outline.suites[:1] if isinstance(suite.node, cst.Module))
    for line in (line for suite in top for line in suite.lines):
        found = only(line.node)
        if found and source(found) == origin:
            yield line, keys(found)


def alike(wanted: Import, outline: Outline) -> Iterator[tuple[Line, Import]]:
    """Imports from the same source that bring in other names, or the same in another way."""
    for line in outline.lines():
        for found in every(line.node):
            if source(found) == source(wanted) and (source(found) or names(wanted) & names(found)):
                yield line, found


def rivals(wanted: Import, outline: Outline, known: Set[str] = frozenset()) -> Iterator[Line]:
    """Module-level lines that bind one of the wanted names to something else.

    Args:
        wanted: The import.
        outline: The module.
        known: Those of its names that do not matter.
    """
    for suite in outline.within(""):
        for line in suite.lines:
            if _others(line.node, source(wanted)) & bound(wanted) - known:
                yield line


def is_made(name: str, outline: Outline) -> bool:
    """Whether the module binds a name to something of its own, and does not import it."""
    lines = (line.node for suite in outline.within("") for line in suite.lines)
    own = (node for node in lines if not every(node))
    return any(name in _others(node, "") for node in own)


def is_bound(name: str, outline: Outline) -> bool:
    """Whether the module binds a name, as far as it tells: an import of `*` may bind any."""
    lines = (line.node for suite in outline.within("") for line in suite.lines)
    return any(binding({name}, outline)) or any(map(stars, lines))


def binding(names: Set[str], outline: Outline) -> Iterator[Line]:
    """The module-level lines that bind one of some names."""
    lines = (line for suite in outline.within("") for line in suite.lines)
    return (line for line in lines if names & _others(line.node, "*"))


def stars(node: cst.CSTNode) -> list[cst.ImportFrom]:
    """The imports of `*` in a line."""
    found = (part for part in in_a_row(node) if isinstance(part, cst.ImportFrom))
    return [part for part in found if isinstance(part.names, cst.ImportStar)]


def _others(node: cst.CSTNode, origin: str) -> set[str]:
    """The names that a line binds, but for those that it imports from `origin`."""
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return {node.name.value}
    found = {name for each in every(node) if source(each) != origin for name in bound(each)}
    targets = list[cst.CSTNode]()
    for part in in_a_row(node):
        if isinstance(part, cst.Assign):
            targets += (each.target for each in part.targets)
        elif isinstance(part, cst.AnnAssign):
            targets.append(part.target)
    if isinstance(node, cst.For):
        targets.append(node.target)
    elif isinstance(node, cst.With):
        targets += (item.asname.name for item in node.items if item.asname)
    return found | {name for target in targets for name in _bound_by(target)}


def _bound_by(target: cst.CSTNode) -> Iterator[str]:
    """The names that an assignment to a target binds."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _bound_by(element.value)
