"""Files of which rules see a part."""

import ast

import pytest

from patcher import engine
from patcher.engine import excerpt
from patcher.engine.excerpt import Excerpt, views
from tests.checks import DOCUMENTED, MINIATURE

SECTIONS = {section.path: section for section in DOCUMENTED.sections}
DATALOADER, UTILS = "efficientdet/dataloader.py", "efficientdet/utils.py"


def part(content: bytes, path: str = UTILS) -> Excerpt:
    found = next(views(content, [SECTIONS[path]]))
    assert not found.whole
    return found


CODE = b"""\
from horovod_estimator import hvd


@one
@two
def f(x):  # gone
    def g():
        pass
    # inside
    return g

# between
class A:
    x = 1
async def h(): pass
y = 1
"""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CODE, id="as it is"),
        pytest.param(CODE.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(CODE.replace(b"\n", b"\r"), id="CR"),
        pytest.param(b"\xef\xbb\xbf" + CODE, id="BOM"),
        pytest.param(CODE[:-7] + b" # end", id="no newline at the end"),
        pytest.param(CODE.replace(b"x = 1", b"x = '_effpatch_0 _effpatch_1'"), id="our own words"),
        pytest.param(b"# -*- coding: latin-1 -*-\n" + CODE.replace(b"gone", b"\xe9"), id="latin-1"),
        pytest.param(CODE.replace(b"    return g", b"\x0c\n    return g"), id="form feed"),
    ],
)
def test_what_is_left_out_comes_back(content: bytes) -> None:
    view = part(content)
    assert b"return g" not in view.content
    assert view.restored(view.content) == content
    ast.parse(view.content)


def test_lines_are_those_of_the_whole_file() -> None:
    view = part(CODE)
    lines = view.content.decode().splitlines()
    numbers = dict(zip(lines, view.numbers(view.content), strict=False))
    whole = CODE.decode().splitlines()
    assert whole[numbers["# between"] - 1] == "# between"
    assert whole[numbers["y = 1"] - 1] == "y = 1"
    assert numbers["from horovod_estimator import hvd"] == 1


def test_a_function_that_mentions_what_is_removed_is_seen() -> None:
    path = "efficientdet/horovod_estimator/hooks.py"
    code = b"import os\n\ndef f():\n    mpl.use('Agg')\n\ndef g():\n    pass\n"
    view = part(code, path)
    assert b"mpl.use" in view.content
    assert b"pass" not in view.content


METHODS = b"""\
class InputReader:
    x = 1

    @property
    def gone(self):
        return 1
        # behind it
    def __call__(self):
        if hvd is not None:
            pass

    def also(self): return 2  # on one line

    class Inner:
        def third(self):
            return 3
y = 1
"""


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_of_a_class_the_methods_are_left_out(newline: bytes) -> None:
    content = METHODS.replace(b"\n", newline)
    view = part(content, DATALOADER)
    assert b"__call__" in view.content
    assert b"x = 1" in view.content
    for gone in (b"return 1", b"return 2", b"return 3", b"@property"):
        assert gone not in view.content
    assert view.restored(view.content) == content
    (shard,) = (
        o
        for o in engine.plan([DOCUMENTED], {DATALOADER: content}, ["dataloader-2"]).outcomes
        if o.sites
    )
    assert shard.sites[0].line == 9


def test_a_file_that_is_no_python_is_seen_whole() -> None:
    assert [view.whole for view in views(b"def (:\n", [SECTIONS[UTILS]])] == [True]


def test_nothing_is_left_out_where_there_is_nothing() -> None:
    assert [view.whole for view in views(b"import os\n", [SECTIONS[UTILS]])] == [True]


def test_a_part_shows_what_the_whole_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    in_part = engine.plan([DOCUMENTED], MINIATURE)
    some = {id_ for id_, _, _ in DOCUMENTED.entries() if id_.endswith(("1", "4", "7"))}
    few = engine.plan([DOCUMENTED], MINIATURE, some)
    assert any(
        not next(views(c, [SECTIONS[p]])).whole for p, c in MINIATURE.items() if p in SECTIONS
    )
    monkeypatch.setattr(excerpt, "_excerpt", lambda *_: None)
    assert engine.plan([DOCUMENTED], MINIATURE) == in_part
    assert engine.plan([DOCUMENTED], MINIATURE, some) == few


def test_steps_in_a_part_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {p: list(engine.steps([s], MINIATURE[p])) for p, s in SECTIONS.items()}
    monkeypatch.setattr(excerpt, "_excerpt", lambda *_: None)
    assert {p: list(engine.steps([s], MINIATURE[p])) for p, s in SECTIONS.items()} == steps
