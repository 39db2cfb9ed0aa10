from collections.abc import Sequence
from dataclasses import replace

import pytest

from patcher.document.look_alikes import disturbed
from patcher.edits.kinds import CommentBlock, IfTest, ImportModule, Statement
from patcher.model import Edit
from tests.rule_check import trial


def found(before: str, after: str, edit: Edit, *codes: str) -> Sequence[tuple[str, str]]:
    """What a rule does with code that it should leave alone."""
    check = trial(before, after, edit)
    return [*disturbed(check.section, replace(check.rule, ignores=codes))]


@pytest.mark.parametrize(
    ("before", "after", "edit", "code"),
    [
        pytest.param("if a:", "if b:", IfTest(within="c"), "if not a:", id="another-test"),
        pytest.param(
            "if a:",
            "if b:",
            IfTest(within="c"),
            "def d():\n    if a:\n        pass\n",
            id="elsewhere",
        ),
        pytest.param("if a:", "if b:", IfTest(within="c"), "a = 1", id="another-statement"),
        pytest.param("import a", "", ImportModule(), "import a.b", id="a-removal-of-another"),
        pytest.param("# a\n# b\n", "", CommentBlock(), "# c\n# d\n", id="other-comments"),
        pytest.param("", "b()", Statement(follows="a()"), "a(1)", id="another-anchor"),
    ],
)
def test_code_that_is_left_alone(before: str, after: str, edit: Edit, code: str) -> None:
    assert found(before, after, edit, code) == []


@pytest.mark.parametrize(
    ("before", "after", "edit", "code", "done"),
    [
        pytest.param("if a:", "if b:", IfTest(within="c"), "if a:", "edits it", id="in-the-scope"),
        pytest.param(
            "if a:",
            "if b:",
            IfTest(within="c"),
            "def c():\n    if a:\n        pass\n",
            "edits it",
            id="in-a-file-of-its-own",
        ),
        pytest.param(
            "if a:",
            "if b:",
            IfTest(within="c"),
            "if b:",
            "takes it for its own edit",
            id="as-if-applied",
        ),
        pytest.param("", "b()", Statement(follows="a()"), "a()", "edits it", id="its-anchor"),
        pytest.param(
            "a", "b", Statement(), "x = 1\f\n\fy", "cannot be tried on it", id="not-to-be-read"
        ),
    ],
)
def test_code_that_is_not(before: str, after: str, edit: Edit, code: str, done: str) -> None:
    ((which, said),) = found(before, after, edit, "c = 3", code)
    assert which == code
    assert said.startswith(done)
