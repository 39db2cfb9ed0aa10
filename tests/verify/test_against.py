from collections.abc import Callable

import pytest

from patcher.verify.against import Comparison, compare
from patcher.verify.attribution import replays
from patcher.verify.origin import Origin
from patcher.verify.replay import Replay
from tests.checks import DOCUMENTED, MINIATURE

IDS = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
MAIN, UTILS = "efficientdet/main.py", "efficientdet/utils.py"


@pytest.fixture(scope="module")
def replayed() -> list[Replay]:
    return replays(Origin((DOCUMENTED,), IDS, MINIATURE))


@pytest.fixture
def compared(replayed: list[Replay]) -> Callable[[dict[str, bytes]], Comparison]:
    """The comparison with a port that differs from ours in some files."""
    ours = {each.path: each.after for each in replayed}

    def with_files(files: dict[str, bytes]) -> Comparison:
        theirs = {path: content for path, content in {**ours, **files}.items() if content}
        return compare([DOCUMENTED], replayed, ours, theirs)

    return with_files


Compared = Callable[[dict[str, bytes]], Comparison]


def edited(replayed: list[Replay], path: str, old: str, new: str) -> dict[str, bytes]:
    (text,) = (each.after.decode() for each in replayed if each.path == path)
    assert text.count(old) == 1
    return {path: text.replace(old, new).encode()}


def ids(found: Comparison) -> tuple[list[str], list[str]]:
    return [each.id for each, _ in found.differently], [each.id for each in found.missing]


def test_a_port_like_ours_is_the_same(compared: Compared) -> None:
    found = compared({})
    assert found.same
    assert len(found.done) == 42


def test_layout_and_comments_make_no_difference(compared: Compared, replayed: list[Replay]) -> None:
    old = "FLAGS = flags.FLAGS\n"
    found = compared(edited(replayed, MAIN, old, "# the flags\nFLAGS = (\n    flags.FLAGS)\n"))
    assert found.same


def test_an_edit_done_otherwise_is_told_with_what_stands_there(
    compared: Compared, replayed: list[Replay]
) -> None:
    old, new = "flags.DEFINE_bool('use_tpu', False", "flags.DEFINE_bool('use_tpu', None"
    found = compared(edited(replayed, MAIN, old, new))
    assert ids(found) == (["main-3"], [])
    ((_, (difference,)),) = found.differently
    assert difference.text.startswith("has `flags.DEFINE_bool('use_tpu', None, ")
    assert "where ours has `flags.DEFINE_bool('use_tpu', False, " in difference.text
    assert found.undocumented == ()
    assert len(found.done) == 41


def test_an_edit_not_done_is_told(compared: Compared) -> None:
    found = compared({UTILS: MINIATURE[UTILS]})
    assert ids(found) == ([], ["utils-1"])
    assert found.undocumented == ()


def test_a_removal_not_done_is_told(compared: Compared, replayed: list[Replay]) -> None:
    path = "efficientdet/horovod_estimator/hooks.py"
    found = compared({path: MINIATURE[path]})
    assert ids(found) == ([], [f"hooks-{item}" for item in range(1, 7)])
    assert found.undocumented == ()


def test_what_no_rule_is_about_is_told(compared: Compared, replayed: list[Replay]) -> None:
    old = "FLAGS = flags.FLAGS\n"
    found = compared(edited(replayed, MAIN, old, f"{old}SPEED = 2\n"))
    assert ids(found) == ([], [])
    (difference,) = found.undocumented
    assert (difference.file, difference.text) == (MAIN, "has `SPEED = 2`")
    assert not found.same


def test_an_indent_that_changes_the_meaning_is_told(compared: Compared) -> None:
    one = {"efficientdet/x.py": b"if a:\n    b()\n    c()\n"}
    other = {"efficientdet/x.py": b"if a:\n    b()\nc()\n"}
    found = compare([], [], one, other)
    assert [each.line for each in found.undocumented] == [3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("if a:\n    b()\n", "if a:\n    pass\nelse:\n    b()\n", id="else"),
        pytest.param("try:\n  a()\nexcept E:\n  b()\n", "try:\n  a()\nfinally:\n  b()\n", id="try"),
        pytest.param("@a\ndef f(): g()\n", "def f(): g()\n", id="decorator"),
        pytest.param("def f(x): g()\n", "def f(x=1): g()\n", id="default"),
        pytest.param("for a in b:\n  c()\n", "while b:\n  c()\n", id="loop"),
        pytest.param("match a:\n  case 1:\n    b()\n", "match a:\n  case 2:\n    b()\n", id="case"),
        pytest.param("with a: b()\n", "with a as c: b()\n", id="with"),
        pytest.param("class A: b = 1\n", "class A(B): b = 1\n", id="base"),
    ],
)
def test_the_head_of_a_block_is_compared(one: str, other: str) -> None:
    path = "efficientdet/x.py"
    assert compare([], [], {path: one.encode()}, {path: one.encode()}).same
    found = compare([], [], {path: one.encode()}, {path: other.encode()})
    assert found.undocumented
    assert {each.file for each in found.undocumented} == {path}


def test_files_of_one_side_alone_are_told(compared: Compared) -> None:
    found = compared({"efficientdet/more.py": b"x = 1\n", UTILS: b""})
    told = {(each.file, each.text) for each in found.undocumented}
    assert ("efficientdet/more.py", "a file that ours lacks") in told
    assert (UTILS, "the other port lacks this file") in told
    assert [each.id for each, _ in found.differently] == ["utils-1"]
