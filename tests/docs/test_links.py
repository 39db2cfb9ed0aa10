"""Links of every Markdown file, by the rules of GitHub; what other hosts have is not looked at."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.github import ROOT, anchors, files, links

FILES = [pytest.param(file, id=file.relative_to(ROOT).as_posix()) for file in files()]


@pytest.mark.parametrize("file", FILES)
def test_links_in_the_repository_lead_somewhere(file: Path) -> None:
    broken = []
    for link in links(file):
        if urlsplit(link).scheme:
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("file", FILES)
def test_links_to_other_hosts_are_well_formed(file: Path) -> None:
    """Whether anything answers there, `lychee` says, where there is a network."""
    for link in links(file):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            assert parts.hostname, link
            assert "." in parts.hostname, link
            assert link == link.strip(), link


def test_a_broken_link_and_a_missing_heading_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `two`\n\n## A\n\n## A\n\n[a](#one-two) [b](#a-1) <img src='no.png'>\n")
    assert anchors(page) == {"one-two", "a", "a-1"}
    assert links(page) == ["#one-two", "#a-1", "no.png"]
    with pytest.raises(AssertionError):
        test_links_in_the_repository_lead_somewhere(page)
