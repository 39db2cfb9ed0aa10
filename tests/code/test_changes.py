"""Changes of an outline, made."""

import libcst as cst
import pytest

from patcher.code.changes import Change, Footer, Insertion, Rewrite, Splice, make
from patcher.code.quotes import statements
from tests.code.modules import changed, line, outlined


def test_a_rewrite_keeps_the_blocks_of_the_line() -> None:
    blocks = outlined("if a:\n    b = 1\n")
    branch = line(blocks, "if a")
    test = cst.ensure_type(branch.node, cst.If).with_changes(test=cst.Name("c"))
    (value,) = statements("b = 2")
    after = changed(blocks, Rewrite(branch, test), Rewrite(line(blocks, "b = 1"), value))
    assert after == "if c:\n    b = 2\n"


@pytest.mark.parametrize(
    ("quote", "result"),
    [
        pytest.param("x = 3", "a = 1\nx = 3\nd = 4\n", id="fewer"),
        pytest.param("x = 3\ny = 5", "a = 1\nx = 3\ny = 5\nd = 4\n", id="as many"),
        pytest.param("x\ny\nz", "a = 1\nx\ny\nz\nd = 4\n", id="more"),
    ],
)
def test_statements_take_the_place_of_consecutive_lines(quote: str, result: str) -> None:
    blocks = outlined("a = 1\nb = 2\nc = 3\nd = 4\n")
    run = [line(blocks, "b"), line(blocks, "c")]
    assert changed(blocks, Splice(run, statements(quote))) == result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("# why\ngone\n\n# next\nb\n", "# why\n\n# next\nb\n", id="to the next line"),
        pytest.param("a\n# why\ngone\n# end\n", "a\n# why\n# end\n", id="to the end of the module"),
        pytest.param("if a:\n    b\n    # why\n    gone\n", "if a:\n    b\n    # why\n",
                     id="to the end of a block"),
        pytest.param("if a:\n    # why\n    gone\n", "if a:\n    # why\n    pass\n",
                     id="to the `pass` of a block that has no other line"),
        pytest.param("# why\ngone\n", "# why\n", id="to the end of a module without other lines"),
    ],
)  # fmt: skip
def test_comments_above_a_removed_line_stay(before: str, after: str) -> None:
    blocks = outlined(before)
    assert changed(blocks, Splice([line(blocks, "gone")])) == after


def test_what_is_inserted_behind_one_line_keeps_its_order() -> None:
    blocks = outlined("a = 1\nb = 2\n")
    suite, anchor = blocks.suites[0], line(blocks, "a")
    first, second = statements("c = 3\nd = 4")
    after = changed(blocks, Insertion(suite, anchor, first), Insertion(suite, anchor, second))
    assert after == "a = 1\nc = 3\nd = 4\nb = 2\n"


def test_what_is_inserted_at_the_head_of_a_block_keeps_its_order() -> None:
    blocks = outlined("if a:\n    b = 2\n")
    suite = line(blocks, "b").suite
    new = [Insertion(suite, None, node) for node in statements("c = 3\nd = 4")]
    assert changed(blocks, *new) == "if a:\n    c = 3\n    d = 4\n    b = 2\n"


def test_the_footer_of_a_block_can_change() -> None:
    blocks = outlined("if a:\n    b\n    # below\nc\n")
    assert changed(blocks, Footer(line(blocks, "b").suite, [])) == "if a:\n    b\nc\n"


def test_each_match_is_told_its_last_line() -> None:
    blocks = outlined("a = 1\nb = 2\nc = 3\n")
    (new,) = statements("d = 4")
    suite, anchor = blocks.suites[0], line(blocks, "c")
    one: list[Change] = [Rewrite(line(blocks, "a"), new), Insertion(suite, anchor, new)]
    made = make([one, [Splice([line(blocks, "b")])], [Splice([anchor], [new])]])
    assert [each and each.node for each in made] == [new, None, new]
    assert made[0] is suite.lines[2]
    assert made[2] is suite.lines[1]


def test_a_new_line_points_at_the_one_that_it_replaces_or_follows() -> None:
    blocks = outlined("a = 1\nb = 2\n")
    a, b = blocks.suites[0].lines
    (new,) = statements("c = 3")
    head = Insertion(blocks.suites[0], None, new)
    behind = Insertion(blocks.suites[0], b, new)
    made = make([[behind], [Splice([b], [new])], [head]])
    assert [each and each.origin for each in made] == [b.origin, b.origin, a.origin]
