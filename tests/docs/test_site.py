"""The site, where MkDocs is installed: `pip install -e '.[dev,docs]'`."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.github import ROOT

pytest.importorskip("material", reason="the extra `docs` is not installed")

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "srcset"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # of Material, on MkDocs itself
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, and its text outside code and scripts."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.text: list[str] = []
        self.comments: list[str] = []
        self._silent: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in LOADED and found.get(LOADED[tag]) and found.get("rel") != "canonical":
            self.loaded.append(str(found[LOADED[tag]]))
        if tag in ("code", "script", "style"):
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > len(list(ROOT.glob("docs/**/*.md")))
    return found


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    far = {link for file in pages(site) for link in Page(file).loaded if re.match(r"\w+:|//", link)}
    assert {link for link in far if not link.startswith("data:")} == set()


def test_no_markup_of_the_source_is_left(site: Path) -> None:
    """Fences and tables that were not understood, and comments for the tests."""
    for file in pages(site):
        page = Page(file)
        text = "".join(page.text)
        assert "```" not in text, file
        assert not re.search(r"^\s*\|.*\|\s*$", text, re.MULTILINE), file
        assert not re.search(r"\]\(", text), file
        assert not [each for each in page.comments if "run:" in each or "generated:" in each], file


def test_files_outside_the_site_are_named_and_not_linked(site: Path) -> None:
    page = (site / "project" / "contributing.html").read_text("utf-8")
    assert 'href="../reference/pack-format.html' in page
    assert not re.search(r'href="[^"]*\.(?:py|toml)"', page)
