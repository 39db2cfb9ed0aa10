"""Pages that people write, with parts that are generated.

`<!-- generated: NAME -->` begins such a part, and `<!-- end -->` ends it. Each stands on a line of
its own. `PARTS` has what is written between them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from docs.generate import ROOT, commands, edit_kinds, exit_codes, json_members, rules

PARTS: Mapping[str, Callable[[], str]] = {
    "commands": commands.part,
    "command list": commands.overview,
    "command list of README": partial(commands.overview, "docs/reference/commands.md"),
    "common options": commands.common_options,
    "exit codes": exit_codes.part,
    "edit kinds": edit_kinds.kinds,
    "edit kinds: quotes": edit_kinds.quotes,
    "edit kinds: keys": edit_kinds.keys,
    "packs": rules.overview,
    **json_members.parts(),
}
_PART = re.compile(
    r"^<!-- generated: (?P<name>[^\n]*) -->\n(?P<text>.*?)^<!-- end -->$", re.DOTALL | re.MULTILINE
)
_MARK = re.compile(r"^<!-- (?:generated: [^\n]*|end) -->$", re.MULTILINE)


def generators() -> dict[str, Callable[[], bytes]]:
    """Every page that has a generated part."""
    return {path: partial(filled, path) for path in _pages()}


def filled(path: str) -> bytes:
    """A page with its generated parts brought up to date.

    Raises:
        ValueError: A mark is without its other, or names no part.
    """
    text = (ROOT / path).read_text("utf-8")
    if len(_MARK.findall(text)) != 2 * len(_PART.findall(text)):
        raise ValueError(f"{path}: a generated part is not closed; end it with <!-- end -->")
    return _PART.sub(lambda found: _part(path, found["name"]), text).encode()


def _part(path: str, name: str) -> str:
    if name not in PARTS:
        known = ", ".join(PARTS)
        raise ValueError(f"{path}: no generated part is called {name!r}, expected one of {known}")
    return f"<!-- generated: {name} -->\n\n{PARTS[name]().strip()}\n\n<!-- end -->"


def _pages() -> Iterator[str]:
    for file in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        if _MARK.search(file.read_text("utf-8")):
            yield file.relative_to(ROOT).as_posix()
