"""mkdocs.yml: every page has a place in the site."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from tests.docs.github import ROOT

SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
OUTSIDE: dict[str, str] = SITE["extra"]["outside"]


def listed(entries: Any) -> Iterator[str]:
    """The pages of the navigation, in order."""
    for entry in [entries] if isinstance(entries, str) else entries:
        if isinstance(entry, str):
            yield entry
        else:
            for below in entry.values():
                yield from listed(below)


def test_every_page_is_listed_once() -> None:
    pages = {file.relative_to(ROOT / "docs").as_posix() for file in ROOT.glob("docs/**/*.md")}
    pages |= {place for place in OUTSIDE if place.endswith(".md")}
    assert Counter(listed(SITE["nav"])) == Counter(pages)


def test_pages_from_elsewhere_are_there() -> None:
    assert [path for path in OUTSIDE.values() if not (ROOT / path).is_file()] == []
    assert all(place.startswith("project/") for place in OUTSIDE)
