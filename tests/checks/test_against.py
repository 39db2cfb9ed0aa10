from collections.abc import Callable

import pytest

from patcher.checks.against import Comparison, compare
from patcher.checks.baseline import Baseline
from patcher.model import FilePlan
from tests.counts import RULES
from tests.rule_check import DOCUMENTED, MINIATURE

IDS = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
MAIN, UTILS = "efficientdet/main.py", "efficientdet/utils.py"


@pytest.fixture(scope="module")
def replayed() -> tuple[FilePlan, ...]:
    return Baseline((DOCUMENTED,), IDS, MINIATURE).replays


@pytest.fixture
def compared(replayed: tuple[FilePlan, ...]) -> Callable[[dict[str, bytes]], Comparison]:
    """The comparison with a port that differs from ours in some files."""
    ours = {**MINIATURE, **{each.path: each.after for each in replayed}}

    def with_files(files: dict[str, bytes]) -> Comparison:
        theirs = {path: content for path, content in {**ours, **files}.items() if content}
        return compare([DOCUMENTED], MINIATURE, {}, theirs)

    return with_files


Compared = Callable[[dict[str, bytes]], Comparison]


def edited(replayed: tuple[FilePlan, ...], path: str, old: str, new: str) -> dict[str, bytes]:
    (text,) = (each.after.decode() for each in replayed if each.path == path)
    assert text.count(old) == 1
    return {path: text.replace(old, new).encode()}


def ids(found: Comparison) -> tuple[list[str], list[str]]:
    return [each.id for each, _ in found.differently], [each.id for each in found.missing]


def test_a_port_like_ours_is_the_same(compared: Compared) -> None:
    found = compared({})
    assert found.same
    assert len(found.done) == RULES


def test_layout_and_comments_make_no_difference(
    compared: Compared, replayed: tuple[FilePlan, ...]
) -> None:
    old = "FLAGS = flags.FLAGS\n"
    found = compared(edited(replayed, MAIN, old, "# the flags\nFLAGS = (\n    flags.FLAGS)\n"))
    assert found.same


def test_an_edit_done_otherwise_is_told_with_what_stands_there(
    compared: Compared, replayed: tuple[FilePlan, ...]
) -> None:
    old, new = "flags.DEFINE_bool('use_tpu', False", "flags.DEFINE_bool('use_tpu', None"
    found = compared(edited(replayed, MAIN, old, new))
    assert ids(found) == (["main-3"], [])
    ((_, (difference,)),) = found.differently
    assert difference.text.startswith("has `flags.DEFINE_bool('use_tpu', None, ")
    assert "in place of `flags.DEFINE_bool('use_tpu', True, " in difference.text
    assert found.undocumented == ()
    assert len(found.done) == 41


def test_an_edit_not_done_is_told(compared: Compared) -> None:
    found = compared({UTILS: MINIATURE[UTILS]})
    assert ids(found) == ([], ["utils-1"])
    assert found.undocumented == ()


def test_a_removal_not_done_is_told(compared: Compared, replayed: tuple[FilePlan, ...]) -> None:
    path = "efficientdet/horovod_estimator/hooks.py"
    found = compared({path: MINIATURE[path]})
    assert ids(found) == ([], [f"hooks-{item}" for item in range(1, 7)])
    assert found.undocumented == ()


def test_what_no_rule_is_about_is_told(compared: Compared, replayed: tuple[FilePlan, ...]) -> None:
    old = "FLAGS = flags.FLAGS\n"
    found = compared(edited(replayed, MAIN, old, f"{old}SPEED = 2\n"))
    assert ids(found) == ([], [])
    (difference,) = found.undocumented
    assert (difference.file, difference.text) == (MAIN, "has `SPEED = 2`")
    assert not found.same


def test_an_indent_that_changes_the_meaning_is_told(compared: Compared) -> None:
    one = {"efficientdet/x.py": b"if a:\n    b()\n    c()\n"}
    other = {"efficientdet/x.py": b"if a:\n    b()\nc()\n"}
    found = compare([], {}, one, other)
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
    assert compare([], {}, {path: one.encode()}, {path: one.encode()}).same
    found = compare([], {}, {path: one.encode()}, {path: other.encode()})
    assert found.undocumented
    assert {each.file for each in found.undocumented} == {path}


def test_files_of_one_side_alone_are_told(compared: Compared) -> None:
    found = compared({"efficientdet/more.py": b"x = 1\n", UTILS: b""})
    told = {(each.file, each.text) for each in found.undocumented}
    assert told == {
        ("efficientdet/more.py", "is in the other port alone"),
        (UTILS, "is not in the other port"),
    }
    assert ids(found) == ([], ["utils-1"])


def test_what_stands_beside_an_edit_that_is_not_done_is_told(compared: Compared) -> None:
    text = MINIATURE[MAIN].decode()
    flag = "flags.DEFINE_bool('use_tpu', True"
    assert text.count(flag) == 1
    found = compared({MAIN: text.replace(flag, f"SPEED = 2\n{flag}").encode()})
    assert len(found.missing) == 17
    assert [each.text for each in found.undocumented] == ["has `SPEED = 2`"]


def test_an_addition_in_other_words_is_told_with_them(
    compared: Compared, replayed: tuple[FilePlan, ...]
) -> None:
    old = "params['every_n_iter'] = FLAGS.log_every_n_steps"
    new = "params.update(every_n_iter=FLAGS.log_every_n_steps)"
    found = compared(edited(replayed, MAIN, old, new))
    assert ids(found) == (["main-14"], [])
    ((_, (difference,)),) = found.differently
    assert difference.text == f"has `{new}`"


def test_the_head_of_a_function_hides_nothing_in_it(
    compared: Compared, replayed: tuple[FilePlan, ...]
) -> None:
    (text,) = (each.after.decode() for each in replayed if each.path == MAIN)
    head = next(line for line in text.splitlines() if line.startswith("def main("))
    changed = text.replace(head, f"{head.replace(')', ', x=1)')}\n  SPEED = 2")
    found = compared({MAIN: changed.encode()})
    assert [each.text for each in found.undocumented] == [
        f"has `{head.replace(')', ', x=1)')}` and 1 more in place of `{head}`"
    ]
