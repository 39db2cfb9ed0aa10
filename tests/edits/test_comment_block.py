"""A run of comment lines, such as code that was commented out."""

import pytest

from patcher.edits.kinds import CommentBlock
from patcher.model import State
from tests.rule_check import trial

OLD = trial("# pay(cart)\n# wrap(\n#   cart)", "", CommentBlock(within="sell"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "    # why\n\n    # pay(cart)\n    # wrap(\n    #   cart)\n\n    close()\n",
            "    # why\n\n\n    close()\n", id="above a line, between blank lines",
        ),
        pytest.param(
            "    close()\n    #pay(cart)\n    #wrap(\n    #cart)\n", "    close()\n",
            id="at the end of a block, with other spaces",
        ),
        pytest.param(
            "    # more\n    # pay(cart)\n    # wrap(\n    #   cart)\n    # still\n    close()\n",
            "    # more\n    # still\n    close()\n", id="in the middle of a run",
        ),
        pytest.param(
            "    if a:\n        # pay(cart)\n        # wrap(\n        #   cart)\n        close()\n",
            "    if a:\n        close()\n", id="in a block",
        ),
    ],
)  # fmt: skip
def test_removes_the_quoted_lines(before: str, after: str) -> None:
    OLD.changes(f"def sell():\n    open()\n{before}", f"def sell():\n    open()\n{after}")


def test_a_comment_like_it_is_left_alone() -> None:
    code = "def sell():\n    # pay(bank)\n    # wrap it\n    close()\n"
    OLD.drifts(code, line=2, why="found `# pay(bank)`, expected `# pay(cart)`")


def test_lines_that_are_not_together_are_left_alone() -> None:
    code = "def sell():\n    # pay(cart)\n\n    # wrap(\n    #   cart)\n    close()\n"
    OLD.drifts(code, line=4, why="found `# wrap(`, expected `# pay(cart)`")


def test_the_same_in_another_function_is_left_alone() -> None:
    code = (
        "def buy():\n    # pay(cart)\n    # wrap(\n    #   cart)\n    a()\n\ndef sell():\n    a()\n"
    )
    OLD.drifts(code, line=2, why="stands in `buy`, expected in `sell`")


def test_comments_above_a_further_clause_are_left_alone() -> None:
    quote = "    # pay(cart)\n    # wrap(\n    #   cart)\n"
    code = f"def sell():\n    if a:\n        b()\n{quote}    else:\n        c()\n"
    assert OLD.ignores(code).state is State.DRIFTED


def test_is_ambiguous_next_to_one_like_it() -> None:
    block = "    # pay(cart)\n    # wrap(\n    #   cart)\n"
    code = f"def sell():\n{block}    a()\n{block.replace('cart)', 'bag)')}    b()\n"
    outcome = OLD.ignores(code)
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [2, 6]


def test_is_applied_where_nothing_is_like_it() -> None:
    assert OLD.outcome("def sell():\n    # why\n    a()\n").state is State.APPLIED


def test_says_what_it_wants() -> None:
    assert OLD.outcome("").wants == "3 comment lines from `# pay(cart)` in `sell`"
