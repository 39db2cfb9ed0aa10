"""Import statements: what they say, and where a module has them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import dotted, simple_statements
from patcher.code.module_names import below
from patcher.code.outline import Line, Outline, Statement

Import = cst.Import | cst.ImportFrom
# The folder of the file whose imports are read, and the one that the quotes import from.
_place = ContextVar[tuple[tuple[str, ...], str] | None]("place", default=None)
_attempts = ContextVar[Mapping[str, str]]("attempts", default=MappingProxyType({}))
# A name where it comes from, and the name that it gets here if that differs.
Key = tuple[str, str | None]


def quoted_import(quote: str) -> Import:
    """The import of a quote."""
    node = quotes.small(quote)
    assert isinstance(node, Import), quote
    return node


def imports_in(node: cst.CSTNode) -> list[Import]:
    """The imports on a line, without those of `*`."""
    return [part for part in simple_statements(node) if isinstance(part, Import) and aliases(part)]


def sole_import(node: cst.CSTNode) -> Import | None:
    """The import that is all of a line, unless it is of `*`."""
    found = imports_in(node)
    alone = found and isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1
    return found[0] if alone else None


def star_imports(node: cst.CSTNode) -> list[cst.ImportFrom]:
    """The imports of `*` on a line."""
    found = (part for part in simple_statements(node) if isinstance(part, cst.ImportFrom))
    return [part for part in found if isinstance(part.names, cst.ImportStar)]


def aliases(node: Import) -> Sequence[cst.ImportAlias]:
    """The names of an import; none of `*`."""
    return () if isinstance(node.names, cst.ImportStar) else node.names


def key(alias: cst.ImportAlias) -> Key:
    """What an alias means."""
    name, here = alias.evaluated_name, alias.evaluated_alias
    return name, None if here == name else here


def keys(node: Import) -> set[Key]:
    """What the names of an import mean."""
    return {key(alias) for alias in aliases(node)}


def original_names(node: Import) -> set[str]:
    """The names of an import as they are where they come from."""
    return {name for name, _ in keys(node)}


def imported_names(node: Import) -> frozenset[str]:
    """The names that an import binds here."""
    return frozenset(alias or name for name, alias in keys(node))


def source(node: Import) -> str:
    """The module that the names come from, as the quotes name it; "" for a plain import.

    A module of the tree may be imported by its place in the package, or by dots.
    """
    if isinstance(node, cst.Import):
        return ""
    name, dots = dotted(node.module) if node.module else "", len(node.relative)
    place = _place.get()
    if place is None or dots > len(place[0]) + 1 or not (dots or place[1]):
        return "." * dots + name
    folder, root = place
    above = folder[: len(folder) - dots + 1] if dots else ()
    parts = below([*above, *filter(None, name.split("."))], root)
    return ".".join(parts) or "." * dots + name


@contextmanager
def imported_in(path: str, root: str, attempts: Mapping[str, str]) -> Iterator[None]:
    """Have imports read as those of a file, below the folder that the quotes import from.

    `attempts` has the `try` that may stand in the place of an import, by `module.name`.
    """
    place = (tuple(path.split("/")[:-1]), root)
    tokens = _place.set(place), _attempts.set(attempts)
    try:
        yield
    finally:
        _place.reset(tokens[0])
        _attempts.reset(tokens[1])


def attempt_at(module: str, name: str) -> Statement | None:
    """The `try` that may stand in the place of an import of a name; None where there is none."""
    quote = _attempts.get().get(f"{module}.{name}")
    return quotes.statement(quote) if quote else None


def importing_lines(
    wanted: Import,
    outline: Outline,
    needed: Set[Key] | None = None,
    scope: str | None = "",
) -> Iterator[Line]:
    """The lines of a scope that import the wanted names, or the `needed` ones of them.

    With None, those of functions as well.
    """
    needed = needed or keys(wanted)
    return (line for line, found in _imports_of(wanted, outline.lines(scope)) if needed <= found)


def split_lines(wanted: Import, outline: Outline, needed: Set[Key]) -> list[Line]:
    """The lines at the top of a module that only together import what is needed from a source."""
    lines = [line for line, found in _imports_of(wanted, outline.suites[0].lines) if found & needed]
    return lines if needed <= all_keys(wanted, outline) else []


def all_keys(wanted: Import, outline: Outline) -> set[Key]:
    """What the lines at the top of a module import from the source of an import."""
    top = _imports_of(wanted, outline.suites[0].lines)
    return {each for _, found in top for each in found}


def _imports_of(wanted: Import, lines: Iterable[Line]) -> Iterator[tuple[Line, set[Key]]]:
    """The lines that are an import from the same source, and what they import."""
    for line in lines:
        found = sole_import(line.node)
        if found and source(found) == source(wanted):
            yield line, keys(found)


def related_imports(wanted: Import, outline: Outline) -> Iterator[tuple[Line, Import]]:
    """Imports from the same source, of `*`, other names, or the same ones in another way."""
    for line in outline.lines():
        for found in (*imports_in(line.node), *star_imports(line.node)):
            shared = original_names(wanted) & original_names(found)
            if source(found) == source(wanted) and (source(found) or shared):
                yield line, found
