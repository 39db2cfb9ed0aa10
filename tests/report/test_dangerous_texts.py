"""Nothing that a tree or a pack says gets into a page, a terminal or a workflow as it is."""

import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from patcher.operations import review
from patcher.operations.select import select
from patcher.packs import load_pack
from patcher.report import diff, sarif
from patcher.report.github import commands
from patcher.report.page import html
from tests.commands import run, screen
from tests.report.browser import Opened, browser

EVIL = [
    "</script><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "--><!--",
    "]]>",
    "\"'><b>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#x3c;",
    "\u202egnp.x",
    "\u2066\u2069\u200b\ufeff",
    "\x1b]0;title\x07\x1b[2J",
    "\x9b31m\x85",
    "\u2028\u2029",
    "%0A::error::x",
    "::add-mask::x",
    "javascript:alert(1)",
    "x" * 10_000,
]
# What the template makes; whatever else is in a page came from a tree.
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "script",
        "header",
        "nav",
        "main",
        "footer",
    ),
    *("section", "article", "h1", "h2", "h3", "h4", "p", "a", "ul", "li", "div", "span", "small"),
    *("details", "summary", "strong", "b", "i", "mark", "code", "pre", "kbd", "wbr"),
    *("form", "label", "select", "option", "input", "output", "button", "textarea"),
}
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Reader(HTMLParser):
    """The tags of a page, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.scripts, self.attributes = set[str](), 0, set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.scripts += tag == "script"
        self.attributes |= {name for name, _ in attrs}


def made(root: Path, chance: random.Random) -> tuple[Path, Path]:
    """A tree and a pack with an edit, and evil wherever there can be some."""

    def evil(without: str = "") -> str:
        texts = [each for each in EVIL if not set(each) & set(without)]
        return " ".join(chance.sample(texts, 2))

    name = "".join(c for c in evil("\x1b\x9b\x85\u202e\u2066\u200b\u2028") if c not in "/\\:")[:100]
    path = f"src/{name.strip(' .')}.py"
    quoted = json.dumps  # a string of JSON is one of TOML
    rule = {
        "title": evil()[:300],
        "why": evil()[:300],
        "deviation": evil()[:300],
        "before": "A = 1",
        "after": f"A = 2  # {evil(chr(0x2028) + chr(0x85))}"[:400],
    }
    lines = "\n".join(f"{key} = {quoted(value)}" for key, value in rule.items())
    pack, tree = root / "pack", root / "tree"
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'name = "evil"\nsections = ["app"]\n'
        f"title = {quoted(evil()[:200])}\n"
        '[upstream]\nrepository = "https://example.org/x.git"\n'
        'commit = "0123456789012345678901234567890123456789"\nroot = "src"\n'
    )
    (pack / "app.toml").write_text(
        f'path = {quoted(path)}\n[[rule]]\nitem = 1\nkind = "statement"\n{lines}\n', "utf-8"
    )
    (tree / path).parent.mkdir(parents=True)
    comment = evil("\x85\u2028\x07").replace("\n", " ")
    (tree / path).write_bytes(f"# {comment}\nA = 1\nB = '''{evil()}'''\n".encode())
    return tree, pack


@pytest.mark.parametrize("seed", range(40))
def test_nothing_raw_is_shown(seed: int, tmp_path: Path) -> None:
    place, pack = made(tmp_path, random.Random(seed))
    tree, selection = select([load_pack(pack)]).open(place)
    plan = selection.inspect(tree, stepwise=True).plan
    assert plan.changed
    found = review.of_plan(tree, plan, selection.packs)
    page = html(tree, plan, found)
    assert not RAW.search(page)
    reader = Reader()
    reader.feed(page)
    assert reader.tags <= TAGS
    assert reader.scripts == 1
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert "49" not in re.sub(r"\d{3,}", "", page.partition("<main")[2].partition("</main>")[0])
    for line in commands(tree, found).split("\n"):
        assert re.match(
            r"::(warning|error|notice) file=[^:,]*,line=\d+,endLine=\d+,title=[^:,]*::", line
        )
        assert not RAW.search(line)
    shown = diff.annotated(found, diff.Style(colours=True, width=80)).decode()
    assert not RAW.search(re.sub(r"\x1b\[[0-9;]*m", "", shown))
    assert json.loads(sarif.log(tree, found))["version"] == "2.1.0"


def test_nor_in_a_terminal(tmp_path: Path) -> None:
    for seed in range(3):
        tree, pack = made(tmp_path / str(seed), random.Random(seed))
        for more in ([], ["--by-rule"]):
            _, shown = screen("diff", tree, "--pack", pack, "--no-pager", *more)
            text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")
            assert not RAW.search(text)


def test_nor_in_a_browser(tmp_path: Path) -> None:
    with browser() as chromium:
        for seed in range(5):
            tree, pack = made(tmp_path / str(seed), random.Random(seed))
            file = tmp_path / f"{seed}.html"
            assert run("review", tree, "--pack", pack, "-o", file).exit_code == 0
            opened = Opened(chromium, file, viewport={"width": 360, "height": 700})
            assert opened.page.locator("article.rule").count() == 1
            assert opened.page.locator("img, svg").count() == 0
            assert opened.page.evaluate("document.scrollingElement.scrollWidth") <= 360
            assert (opened.faults, opened.requests) == ([], [file.as_uri()])
