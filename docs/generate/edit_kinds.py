"""The tables of the edit kinds."""

from collections.abc import Iterator
from dataclasses import MISSING

from docs.generate.markdown import code, prose, table
from patcher.edits.kinds import KINDS, Kind


def kinds() -> str:
    """What each kind edits."""
    rows = ([code(name), prose((kind.__doc__ or "").rstrip("."))] for name, kind in KINDS.items())
    return table(["kind", "edits"], rows)


def quotes() -> str:
    """Which quotes the rules of each kind have, and which keys they take."""
    rows = (
        [code(name), kind.quotes.value, prose(kind.form.value), ", ".join(_keys(kind))]
        for name, kind in KINDS.items()
    )
    return table(["kind", "quotes", "each quote is", "keys"], rows)


def keys() -> str:
    """What each key means, and in which kinds."""
    meanings: dict[tuple[str, str], list[str]] = {}
    for kind in KINDS.values():
        for name, field in kind.keys().items():
            meanings.setdefault((name, field.metadata["description"]), []).append(kind.kind)
    rows = (
        [code(name), ", ".join(map(code, of)), prose(text)]
        for (name, text), of in sorted(meanings.items(), key=lambda each: _first_seen(each[0][0]))
    )
    return table(["key", "of", "value"], rows)


def _keys(kind: type[Kind]) -> Iterator[str]:
    for name, field in kind.keys().items():
        if field.default is MISSING:
            yield f"{code(name)} (required)"
        elif name in kind.needed_to_add:
            yield f"{code(name)} (required without `before`)"
        elif name in kind.needed_within:
            yield f"{code(name)} (required with `within` and without `before`)"
        else:
            yield code(name)


def _first_seen(name: str) -> int:
    """The place of a key among all, in the order in which the kinds declare them."""
    return [each for kind in KINDS.values() for each in [*kind.keys()]].index(name)
