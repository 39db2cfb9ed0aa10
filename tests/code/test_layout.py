"""Statements in the place of others."""

from textwrap import dedent

import libcst as cst
import pytest

from patcher.code.layout import comments, indented, transplant, with_comments_of
from patcher.code.quotes import statements


def code(*nodes: cst.CSTNode) -> str:
    return "".join(cst.Module([]).code_for_node(node) for node in nodes)


def moved(olds: str, news: str, indent: str = "    ") -> str:
    return code(*transplant(statements(dedent(news)), statements(dedent(olds)), indent))


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        pytest.param("# why\n\na = 1", "b = 2", "# why\n\nb = 2\n", id="lines above"),
        pytest.param("a = 1", "b = 2  # what", "b = 2  # what\n", id="a comment behind of its own"),
        pytest.param("a = 1  # what", "b = 2", "b = 2  # what\n", id="a comment behind"),
        pytest.param("# why\na = 1", "# because\nb = 2", "# why\n# because\nb = 2\n",
                     id="a comment above of its own"),
        pytest.param("# why\na = 1", "# why\nb = 2", "# why\nb = 2\n", id="the same comment above"),
        pytest.param("a = 1  # one\nb = 2  # two", "c = 3", "# one\nc = 3  # two\n",
                     id="a comment behind a line that goes"),
        pytest.param("f(\n    a,  # one\n)", "g(a)", "# one\ng(a)\n", id="a comment inside"),
        pytest.param("a = 1  # what", "if b:\n    c()", "# what\nif b:\n    c()\n",
                     id="a comment behind that a block cannot take"),
    ],
)  # fmt: skip
def test_no_comment_is_lost(old: str, new: str, result: str) -> None:
    assert moved(old, new) == result


def test_a_statement_that_goes_on_inside_keeps_its_layout() -> None:
    old = "# why\nf( 1,2 )  # what"
    assert moved(old, "if a:\n    f(1, 2)") == "# why\nif a:\n    f( 1,2 )  # what\n"


def test_a_statement_like_it_is_written_as_quoted() -> None:
    assert moved("f( 1,2 )", "if a:\n    f(1, 3)") == "if a:\n    f(1, 3)\n"


def test_each_old_statement_goes_on_once() -> None:
    assert moved("f( 1 )  # what", "f(1)\nf(1)") == "f( 1 )  # what\nf(1)\n"


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_blocks_take_the_indent_of_their_neighbours(indent: str) -> None:
    (nested,) = statements("if a:\n    if b:\n        c()\n    else:\n        d()")
    result = "if a:\n\tif b:\n\t\tc()\n\telse:\n\t\td()\n".replace("\t", indent)
    assert code(indented(nested, indent)) == result


def test_comments_are_found_wherever_they_stand() -> None:
    (node,) = statements("# 1\nif a:  # 2\n    # 3\n    f(  # 4\n        '# no')\n    # 5\n")
    assert [*comments(node)] == ["# 1", "# 2", "# 3", "# 4", "# 5"]


def test_missing_comments_go_above_each_as_often_as_it_stood() -> None:
    old = statements("# a\nx = 1  # b\n# a\ny = 2  # c")
    (new, beside) = statements("# a\nz = 3\nw = 4  # c")
    assert code(with_comments_of(new, old, beside=[beside])) == "# a\n# b\n# a\nz = 3\n"
    assert with_comments_of(new, [new]) is new
