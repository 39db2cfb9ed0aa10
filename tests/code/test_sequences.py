"""Rows of imported names: some removed, some added, the layout kept."""

import libcst as cst
import pytest

from patcher.code.quotes import small
from patcher.code.sequences import rearranged


def row(before: str, names: str) -> str:
    """What an import becomes when it is to import other names; those that it has are kept."""
    node = cst.ensure_type(small(before), cst.ImportFrom)
    assert not isinstance(node.names, cst.ImportStar)
    own = {alias.evaluated_name: alias for alias in node.names}
    new = [own.get(name) or cst.ImportAlias(cst.Name(name)) for name in names.split()]
    if not node.lpar or not node.rpar:
        return code(node.with_changes(names=rearranged(node.names, new)[0]))
    opening, closing = node.lpar.whitespace_after, node.rpar.whitespace_before
    found, tail = rearranged(node.names, new, opening, closing)
    rpar = node.rpar.with_changes(whitespace_before=tail)
    return code(node.with_changes(names=found, rpar=rpar))


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


@pytest.mark.parametrize(
    ("before", "names", "after"),
    [
        pytest.param("a, b", "a b c", "a, b, c", id="on one line"),
        pytest.param("a,b", "b c", "b, c", id="commas are laid out as usual behind a new one"),
        pytest.param("(a, b,)", "a b c", "(a, b, c,)", id="a comma at the end stays"),
        pytest.param("(a, b)", "b", "(b)", id="one is left"),
        pytest.param("(\n    a,\n    b,\n)", "a b c", "(\n    a,\n    b,\n    c,\n)", id="rows"),
        pytest.param("(\n    a,\n)", "a b", "(\n    a,\n    b,\n)", id="a single row"),
        pytest.param("(a,\n   b)", "a b c", "(a,\n   b,\n   c)", id="below each other"),
        pytest.param(
            "(\n    a,  # one\n    b,  # two\n    c,  # three\n)", "a c d",
            "(\n    a,  # one\n    c,  # three\n    d,\n)", id="a comment stays with its name",
        ),
        pytest.param(
            "(\n    a,  # one\n    b  # two\n)", "a b c",
            "(\n    a,  # one\n    b,  # two\n    c\n)", id="a comment behind the last name",
        ),
        pytest.param(
            "(\n    a,\n\n    # above\n    b,\n)", "a b c",
            "(\n    a,\n\n    # above\n    b,\n    c,\n)", id="lines between are not repeated",
        ),
        pytest.param(
            "(\n    a,  # one\n    b  # two\n)", "b",
            "(\n    b  # two\n)", id="one is left with its comment",
        ),
        pytest.param("(\n    a,\n    b,\n)", "a c b",
                     "(\n    a,\n    c,\n    b,\n)", id="a row between"),
        pytest.param("(\n    a,\n    b,\n)", "a b c d",
                     "(\n    a,\n    b,\n    c,\n    d,\n)", id="two more rows"),
        pytest.param(
            "(\n    a,  # one\n    b,\n)", "b", "(\n    b,\n)", id="a comment goes with its name"
        ),
    ],
)  # fmt: skip
def test_names_come_and_go(before: str, names: str, after: str) -> None:
    assert row(f"from x import {before}", names) == f"from x import {after}"


def test_a_row_that_was_empty_is_as_given() -> None:
    new = [cst.Arg(cst.Name("a"))]
    assert rearranged([], new) == (new, None)
