"""Items that have letters, or numbers that are no Markdown."""

import pytest

from patcher.document import document
from patcher.document.document import Item
from patcher.document.enumerations import enumerated


def items(text: str) -> list[Item]:
    return [item for part in document.parse(text) for item in part.items]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("a)", "b)", id="letters"),
        pytest.param("A)", "B)", id="capital-letters"),
        pytest.param("(a)", "(b)", id="in-parentheses"),
        pytest.param("(1)", "(2)", id="numbers-in-parentheses"),
        pytest.param("a.", "b.", id="with-a-full-stop"),
        pytest.param("**a.**", "**b.**", id="bold"),
        pytest.param("**1.**", "**2.**", id="bold-numbers"),
        pytest.param("Step 1:", "Step 2:", id="steps"),
        pytest.param("**Step 1**:", "**Step 2**:", id="bold-steps"),
        pytest.param("**Step 1:**", "**Step 2:**", id="bold-steps-and-colons"),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_an_item_may_have_a_letter_or_be_a_step(first: str, second: str, between: str) -> None:
    sentences = f"{first} Changed `a()` to `b()`{between}{second} Removed `c()`"
    read = items(f"# send.py\n\n{sentences}\n")
    assert [(each.number, each.before, each.after) for each in read] == [
        (1, "a()\n", "b()\n"),
        (2, "c()\n", ""),
    ]


@pytest.mark.parametrize("indent", ["", "   ", "    "])
@pytest.mark.parametrize("mark", ["a)", "(a)", "**a.**", "Step 1:"])
def test_its_code_may_be_indented(mark: str, indent: str) -> None:
    lines = ["Changed", "", "```", "a()", "```", "", "to", "", "```", "b()", "```", "", "For c."]
    indented = "\n".join(f"{indent if n and line else ''}{line}" for n, line in enumerate(lines))
    (read,) = items(f"{mark} {indented}\n")
    assert (read.number, read.before, read.after) == (1, "a()\n", "b()\n")
    assert read.prose == "For c."


def test_letters_in_a_list_are_items_of_the_entry() -> None:
    text = "1. In `send`:\n\n   a) Added `go()`\n   b) Added `come()`\n\n2. Removed `c()`\n"
    assert [(each.after, each.before) for each in items(text)] == [
        ("go()\n", ""),
        ("come()\n", ""),
        ("", "c()\n"),
    ]
    assert items(text)[0].scope == ("send",)


@pytest.mark.parametrize("end", ["", ".", ")", ":"])
@pytest.mark.parametrize("indent", ["", "   "])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_numbers_of_two_levels(gap: str, indent: str, end: str) -> None:
    above = "3. In `send`:\n\n" if gap else "3. In `send`:\n"
    lines = [f"{indent}3.1{end} Added `go()`", f"{indent}3.2{end} Removed `c()`"]
    read = items(f"# send.py\n\n{above}" + f"\n{gap}".join(lines) + "\n")
    assert [(each.after, each.before) for each in read] == [("go()\n", ""), ("", "c()\n")]


def test_numbers_of_two_levels_below_a_heading() -> None:
    read = items("# 3 send.py\n\n3.1 Added `go()`\n\n3.2 Removed `c()`\n")
    assert [(each.number, each.after) for each in read] == [(1, "go()\n"), (2, "")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A. Smith wrote it", id="a-name"),
        pytest.param("a) Fast hosts\nb) Slow hosts", id="no-edits"),
        pytest.param("The hosts of (a) and\n(b) were removed", id="in-a-sentence"),
        pytest.param("```\na) Changed `x` to `y`\n```", id="code"),
        pytest.param("1. Changed\n2. Changed", id="markdown"),
    ],
)
def test_what_is_no_item(text: str) -> None:
    assert enumerated(text) == text
