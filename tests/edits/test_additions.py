"""Where statements that a rule adds stand, belong, or are contradicted."""

import pytest

from patcher.code import quotes
from patcher.edits.additions import contradictions, find_additions, other_anchors
from patcher.edits.kinds import Statement
from patcher.model import State
from tests.code.modules import outlined
from tests.rule_check import trial

KEY = trial("", "params['tip'] = tip", Statement(within="sell", follows="params = take()"))
FLAG = trial("", "flags.DEFINE_bool('tip', True, '')", Statement())
BODY = "def sell():\n    if a:\n        params = take()\n{}    elif b:\n        pay()\n{}"
SET = "params['tip'] = tip\n"


@pytest.mark.parametrize(
    ("own", "other", "states"),
    [
        pytest.param("", "", [State.PENDING], id="nowhere"),
        pytest.param(f"        {SET}", "", [State.APPLIED], id="in its branch"),
        pytest.param("", f"        {SET}", [State.PENDING], id="in another branch"),
        pytest.param("", f"    {SET}", [State.APPLIED], id="behind both"),
        pytest.param(f"        if c:\n            {SET}", "", [], id="under a condition"),
        pytest.param("        params['tip'] = 3\n", "", [], id="otherwise"),
        pytest.param("", "        params['tip'] = 3\n", [State.PENDING], id="otherwise, elsewhere"),
    ],
)
def test_an_addition_belongs_where_its_line_runs(own: str, other: str, states: list[State]) -> None:
    outline = outlined(BODY.format(own, other))
    assert [match.state for match in find_additions(KEY.rule, outline)] == states


def test_each_branch_with_the_line_gets_an_addition_of_its_own() -> None:
    code = BODY.format(f"        {SET}", "        params = take()\n")
    found = find_additions(KEY.rule, outlined(code))
    assert [match.state for match in found] == [State.PENDING, State.APPLIED]


BLOCK = trial("", "close()", Statement(within="sell", follows="if ready: ..."))


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("        pay()\n", id="a statement"),
        pytest.param(
            "        pay()\n        for each in cart:\n            pack(each)\n", id="more"
        ),
        pytest.param("        pay()\n    else:\n        wait()\n", id="with an else"),
    ],
)
def test_an_addition_follows_a_block_whatever_is_in_it(block: str) -> None:
    code = f"def sell():\n    if ready:\n{block}{{}}    pack()\n"
    BLOCK.changes(code.format(""), code.format("    close()\n"))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("if not ready:", id="another test"),
        pytest.param("if ready and paid:", id="with a further clause"),
        pytest.param("while ready:", id="another statement"),
        pytest.param("if a:\n        pass\n    elif ready:", id="a later branch"),
    ],
)
def test_an_addition_follows_no_block_with_another_header(header: str) -> None:
    BLOCK.ignores(f"def sell():\n    {header}\n        pay()\n")


def test_an_addition_that_may_follow_two_blocks_is_ambiguous() -> None:
    block = "    if ready:\n        {}()\n"
    code = f"def sell():\n{block.format('pay')}{block.format('pack')}"
    (outcome,) = BLOCK.plan(code.encode()).outcomes
    assert outcome.state is State.AMBIGUOUS


@pytest.mark.parametrize(
    ("code", "count"),
    [
        pytest.param("import a\nflags.DEFINE_bool('tip', False, '')\n", 1, id="otherwise"),
        pytest.param("import a\nflags.DEFINE_bool('tips', False, '')\n", 0, id="another"),
        pytest.param("import a\nflags.DEFINE_boolean('tip', True, 'Help.')\n", 0, id="as wanted"),
    ],
)
def test_a_statement_of_the_same_subject_contradicts(code: str, count: int) -> None:
    node = quotes.statement(FLAG.rule.after)
    assert len(contradictions(node, FLAG.rule, outlined(code))) == count


def test_the_line_to_follow_may_set_something_else() -> None:
    follows = "params['size'] = 1"
    rule = trial("", "params['tip'] = tip", Statement(within="sell", follows=follows)).rule
    outline = outlined("def sell():\n    params['size'] = 2\ndef buy():\n    params['size'] = 1\n")
    assert [quotes.code(line.node) for line in other_anchors(rule, outline)] == [
        "params['size'] = 2"
    ]
