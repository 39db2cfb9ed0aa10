import ast

import pytest

from patcher.document.gaps import embedded, failure, run
from patcher.edits.kinds import (
    CallArgument,
    CommentBlock,
    FlagDefault,
    IfTest,
    ImportFrom,
    ParameterDefault,
    Statement,
)
from patcher.model import Edit, Rule, Section, State
from tests.rule_check import trial


@pytest.mark.parametrize(
    ("quote", "edit", "code"),
    [
        pytest.param("import a", ImportFrom(), "import anything\nimport a\n", id="as-it-is"),
        pytest.param("", Statement(follows="a(...)"), "a(...)\n", id="behind-its-anchor"),
        pytest.param(
            "a()",
            Statement(within="A.b"),
            "def A():\n    def b():\n        import anything\n        a()\n",
            id="in-its-scope",
        ),
        pytest.param(
            "if a:",
            IfTest(within="b", holding="c"),
            "def b():\n    import anything\n    if a:\n        c\n",
            id="header-gets-a-block",
        ),
        pytest.param(
            "def a(b=1):\n",
            ParameterDefault(within="A"),
            "def A():\n    import anything\n    def a(b=1):\n        pass\n",
            id="function-gets-a-block",
        ),
        pytest.param(
            "DEFINE_bool('a', True,",
            FlagDefault(),
            "import anything\nDEFINE_bool('a', True,)\n",
            id="call-gets-its-end",
        ),
        pytest.param(
            "b=1)",
            CallArgument(within="c", call="A.a"),
            "def c():\n    import anything\n    A.a(b=1)\n",
            id="argument-gets-its-call",
        ),
        pytest.param(
            "# a\n# b\n",
            CommentBlock(within="c"),
            "def c():\n    import anything\n    # a\n    # b\n",
            id="comments-stand-in-the-block",
        ),
    ],
)
def test_a_quote_gets_what_its_edit_names(quote: str, edit: Edit, code: str) -> None:
    rule = Rule(item=1, title="try", before="a", after=quote, edit=edit, why="to try")
    assert embedded(rule, quote) == code
    ast.parse(code)


def attempt(before: str, after: str, edit: Edit) -> tuple[Section, Rule]:
    check = trial(before, after, edit)
    return check.section, check.rule


def test_a_rule_is_run_on_its_quote() -> None:
    section, rule = attempt("if a:", "if b:", IfTest(within="c", holding="d"))
    code = "def c():\n    import anything\n    if b:\n        d\n"
    assert run(section, rule) == (State.PENDING, code, State.APPLIED)
    assert embedded(rule, rule.after) == code


def test_a_removal_leaves_nothing_but_its_place() -> None:
    section, rule = attempt("a.use('b')", "", Statement())
    assert run(section, rule) == (State.PENDING, "import anything\n", State.APPLIED)
    assert embedded(rule, "") == "import anything\n"


def test_a_quote_may_be_laid_out_as_it_reads_best() -> None:
    section, rule = attempt("a(b,\n  c=d)", "a(b,\n  c=e, f=g)", Statement())
    assert failure(section, rule, "the rule") is None
    section, rule = attempt("a(b)  # c", "a(d)", Statement())
    said = ("the rule makes `a(d)  # c` of its own quote `before`", "`a(d)`")
    assert failure(section, rule, "the rule") == said
