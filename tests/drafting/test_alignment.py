"""Two versions of a file as the smallest edits between them."""

from textwrap import dedent

import pytest

from patcher.drafting.from_port.alignment import edits
from patcher.drafting.from_port.edit import Edit, Part, Versions
from patcher.drafting.from_port.statements import Source


def versions(old: str, new: str) -> Versions:
    return Versions("a.py", *(Source(dedent(text).encode()) for text in (old, new)))


def smallest(found: list[Edit]) -> list[Edit]:
    """The edits that have none inside."""
    return [each for edit in found for each in (smallest([*edit.inner]) if edit.inner else [edit])]


def shown(old: str, new: str) -> list[tuple[str, str, str]]:
    """Each smallest edit: its scope, and its quotes."""
    both = versions(old, new)
    return [(e.scope, both.before(e), both.after(e)) for e in smallest(edits(both))]


def test_equal_files_have_no_edit() -> None:
    assert shown("a = 1\n", "a = 1\n") == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("a = 1\nb = 2\n", "a = 1\nb = 3\n", ("", "b = 2", "b = 3"), id="changed"),
        pytest.param("a = 1\n\nb = 2\n", "b = 2\n", ("", "a = 1", ""), id="removed"),
        pytest.param("a = 1\n", "a = 1\nf(a)\n", ("", "", "f(a)"), id="added"),
        pytest.param(
            "a = 1\n\nb = 2\n", "a = 1\n\nf()\nb = 2\n", ("", "", "f()"), id="added below a gap"
        ),
        pytest.param("# old\na = 1\n", "a = 1\n", ("", "# old", ""), id="a comment"),
        pytest.param(
            "a = 1\n", "# why\na = 2\n", ("", "a = 1", "# why\na = 2"), id="with its comment"
        ),
        pytest.param(
            "f(a)\ng(a)\n", "if a:\n  f(a)\n", ("", "f(a)\ng(a)", "if a:\n  f(a)"), id="wrapped"
        ),
    ],
)
def test_an_edit_is_the_statements_that_differ(
    old: str, new: str, expected: tuple[str, str, str]
) -> None:
    assert shown(old, new) == [expected]


def test_blocks_are_looked_into() -> None:
    old = """
    class A:
        def f(self, x):
            '''Text
              of two lines.'''
            if x:
                return 1
            elif self:
                return 2
            else:
                return 3
    """
    new = old.replace("self, x", "self, x, y").replace("elif self", "elif y")
    new = new.replace("return 3", "return 4")
    assert shown(old, new) == [
        ("A", "def f(self, x):", "def f(self, x, y):"),
        ("A.f", "elif self:", "elif y:"),
        ("A.f", "return 3", "return 4"),
    ]


def test_an_added_branch_is_an_edit_of_the_whole() -> None:
    (edit,) = edits(versions("if a:\n  b = 1\n", "if a:\n  b = 1\nelse:\n  b = 2\n"))
    assert (edit.part, edit.inner, edit.old, edit.new) == (
        Part.STATEMENTS, (), range(0, 2), range(0, 4),
    )  # fmt: skip


def test_statements_are_paired_by_what_they_are_about() -> None:
    assert shown("b = 1\nc = f(1)\n", "x = 0\nc = f(2)\n") == [
        ("", "b = 1", "x = 0"),
        ("", "c = f(1)", "c = f(2)"),
    ]


def test_imports_come_one_by_one_and_other_statements_together() -> None:
    new = "import os\nimport a\nfrom b import c\nc()\na.b()\n"
    assert shown("import os\n", new) == [
        ("", "", "import a"),
        ("", "", "from b import c"),
        ("", "", "c()\na.b()"),
    ]


def test_lines_inside_of_strings_keep_their_indent() -> None:
    old = "def f():\n    a = '''\n    x\n    '''\n    b = 1\n"
    new = old.replace("b = 1", "b = '''\n    y\n'''")
    assert shown(old, new) == [("f", "b = 1", "b = '''\n    y\n'''")]


def test_blocks_on_the_line_of_their_header_are_whole() -> None:
    assert shown("if a: b = 1; c = 2\n", "if a: b = 1; c = 3\n") == [
        ("", "if a: b = 1; c = 2", "if a: b = 1; c = 3")
    ]


def test_lone_carriage_returns_are_refused() -> None:
    with pytest.raises(ValueError, match="carriage return"):
        Source(b"a = 1\rb = 2\n")
