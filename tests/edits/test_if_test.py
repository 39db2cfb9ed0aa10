"""The test of an `if`, whatever its blocks contain."""

import pytest

from patcher.code.quotes import code
from patcher.edits.if_test import branches_of, quoted_if
from patcher.edits.kinds import IfTest
from patcher.model import State
from tests.code.modules import line, outlined
from tests.rule_check import trial

OPEN = trial("if till is not None:", "if is_open():", IfTest(within="sell"))
BOTH = trial(
    "if not sold and till is not None:", "if not sold and is_open():", IfTest(within="sell")
)
HOLDING = trial("if till is not None:", "if is_open():", IfTest(within="sell", holding="pay"))


def asking(test: str) -> str:
    return f"def sell():\n    # why\n    if {test}:  # that\n        pay()\n    wrap()\n"


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("till is not None", "is_open()"),
        ("(till is not None)", "(is_open())"),
        ("till != None", "is_open()"),
        ("None is not till", "is_open()"),
        ("None != till", "is_open()"),
        ("not till is None", "is_open()"),
        ("not (till is None)", "is_open()"),
        ("not not till is not None", "is_open()"),
        ("till is not None and FLAGS.pay", "is_open() and FLAGS.pay"),
        ("a and (till != None) and (b or c)", "a and (is_open()) and (b or c)"),
        ("till is not None and till.on()", "is_open() and till.on()"),
    ],
)
def test_asks_the_same_in_any_form(test: str, result: str) -> None:
    OPEN.changes(asking(test), asking(result))


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("till is not None and not sold", "is_open() and not sold"),
        ("x and not sold and not till is None", "x and not sold and is_open()"),
    ],
)
def test_a_test_of_two_clauses_may_have_more(test: str, result: str) -> None:
    BOTH.changes(asking(test), asking(result))


def test_two_clauses_may_become_one_next_to_a_further_clause() -> None:
    less = trial("if not sold and till is not None:", "if is_open():", IfTest(within="sell"))
    less.changes(asking("not sold and till != None and x"), asking("is_open() and x"))
    otherwise = "def sell():\n    if {}:\n        wait()\n    else:\n        pay()\n"
    less.changes(
        otherwise.format("sold or till is None or x"), otherwise.format("not is_open() or x")
    )


def test_one_test_may_become_two_next_to_a_further_clause() -> None:
    more = trial("if first():", "if started and first():", IfTest(within="sell"))
    more.changes(asking("x and first()"), asking("x and started and first()"))


@pytest.mark.parametrize(
    ("test", "found", "wanted"),
    [
        pytest.param("till is None", "is", "is not", id="the opposite, with nothing else"),
        pytest.param("till is not x", "x", "None", id="another thing"),
        pytest.param("till.x is not None", "till.x", "till", id="a part of it"),
        pytest.param("(y := till) is not None", "(y := till)", "till", id="a name of its own"),
        *(
            pytest.param(test, test, "till is not None", id=id_)
            for test, id_ in (
                ("till", "truth"),
                ("till is not None or x", "an alternative"),
                ("not (till is not None and x)", "a clause that is denied"),
                ("till is not None and not is_open()", "a clause on what is to be there"),
                ("till is not None is not False", "a chain"),
                ("f(till is not None)", "inside a call"),
            )
        ),
    ],
)
def test_leaves_what_is_like_it_alone(test: str, found: str, wanted: str) -> None:
    OPEN.drifts(asking(test), line=3, why=f"found `{found}`, expected `{wanted}`")


@pytest.mark.parametrize("scope", ["buy", "sell.inner"])
def test_leaves_another_function_alone(scope: str) -> None:
    code = asking("till is not None").replace("sell", scope.rpartition(".")[2])
    if "." in scope:
        code = "def sell():\n    till = 1\n" + "".join(
            f"    {line}\n" for line in code.splitlines()
        )
    assert OPEN.ignores(code).state is State.DRIFTED


def turned(test: str) -> str:
    return (
        f"def sell():\n    if {test}:  # one\n        wait()\n    else:  # other\n        pay()\n"
    )


@pytest.mark.parametrize("test", ["till is None", "till == None"])
def test_the_branches_may_be_turned_round(test: str) -> None:
    OPEN.changes(turned(test), turned("not is_open()"))


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("till is None or not till.on()", "not is_open() or not till.on()"),
        ("sold or (None is till)", "sold or (not is_open())"),
    ],
)
def test_inverted_it_may_have_further_alternatives(test: str, result: str) -> None:
    OPEN.changes(turned(test), turned(result))
    OPEN.ignores(turned(test).replace(" or ", " and "))


@pytest.mark.parametrize(
    "code",
    [
        "if {}:\n        raise Closed\n    pay()",
        "if {}:\n        log()\n        raise Closed\n    else:\n        pay()",
    ],
)
def test_a_test_that_must_hold_is_another(code: str) -> None:
    OPEN.ignores(f"def sell():\n    {code.format('till is None')}\n")
    other = (
        "def sell():\n    if till is not None:\n        pay()\n    else:\n        raise Closed\n"
    )
    OPEN.ignores(other)


EXITS = ["return", "return None", "return 1  # closed"]


@pytest.mark.parametrize("leave", EXITS)
def test_an_early_return_asks_for_the_rest(leave: str) -> None:
    code = f"def sell():\n    if {{}}:\n        {leave}\n    pay()\n"
    OPEN.changes(code.format("till is None"), code.format("not is_open()"))
    HOLDING.changes(code.format("till is None"), code.format("not is_open()"))
    HOLDING.ignores(code.format("till is None").replace("pay", "wrap"))


@pytest.mark.parametrize("leave", ["continue", "break"])
def test_an_early_continue_asks_for_the_rest_of_the_loop(leave: str) -> None:
    code = f"def sell():\n    for a in b:\n        if {{}}: {leave}\n        pay()\n"
    OPEN.changes(code.format("till is None"), code.format("not is_open()"))


ELIF = "def sell():\n    if a:\n        wrap()\n    # why\n    elif {}:  # that\n        pay()\n{}"
BEHIND = [
    pytest.param("", id="the last"),
    pytest.param("    else:\n        wait()\n", id="an else"),
    pytest.param("    elif c:\n        wait()\n    else:\n        go()\n", id="another elif"),
]


@pytest.mark.parametrize("behind", BEHIND)
def test_an_elif_is_a_test_of_its_own(behind: str) -> None:
    before, after = (ELIF.format(test, behind) for test in ("till is not None", "is_open()"))
    for rule in (OPEN, HOLDING):
        rule.changes(before, after)
        assert rule.outcome(before).sites[0].line == 5


def test_the_last_elif_may_be_inverted() -> None:
    before, after = (
        "def sell():\n    if a:\n        wrap()\n"
        f"    elif {test}:\n        wait()\n    else:\n        pay()\n"
        for test in ("till is None", "not is_open()")
    )
    OPEN.changes(before, after)


@pytest.mark.parametrize("test", ["False", "0", "not True", "None", "False and x", "TYPE_CHECKING"])
def test_what_never_runs_is_no_place(test: str) -> None:
    dead = f"def sell():\n    if {test}:\n        if till is not None:\n            pay()\n"
    assert OPEN.ignores(dead).state is State.DRIFTED
    OPEN.changes(f"{dead}    else:\n        if till is not None:\n            pay()\n",
                 f"{dead}    else:\n        if is_open():\n            pay()\n")  # fmt: skip


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("(till)is not None", " is_open()"),
        ("(till is not None)", "(is_open())"),
        ("  till is not None", "  is_open()"),
    ],
)
def test_a_bracket_that_stood_for_a_space_gives_way_to_one(test: str, result: str) -> None:
    code = "def sell():\n    if{}:\n        pay()\n"
    OPEN.changes(code.format(test), code.format(result))


def test_a_comment_inside_the_test_stays() -> None:
    OPEN.changes(
        "def sell():\n    if (till  # why\n            is not None):\n        pay()\n",
        "def sell():\n    # why\n    if (is_open()):\n        pay()\n",
    )


def test_what_its_blocks_mention_tells_it_from_another() -> None:
    other = "    if till is not None:\n        wrap()\n"
    HOLDING.changes(asking("till is not None") + other, asking("is_open()") + other)
    HOLDING.changes(turned("till is None") + other, turned("not is_open()") + other)
    HOLDING.drifts(f"def sell():\n{other}", line=2, why="does not mention `pay` in its blocks")
    assert HOLDING.outcome("").wants == "`if till is not None:` in `sell` around pay"
    assert OPEN.outcome("").wants == "`if till is not None:` in `sell`"


def test_two_that_are_alike_are_ambiguous() -> None:
    twice = asking("till is not None") + "    if till is not None:\n        wrap()\n"
    assert OPEN.ignores(twice).state is State.AMBIGUOUS


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param("while till is None:\n        c()", "asks this in a `while`", id="while"),
        pytest.param("a = 1 if till is not None else 2", "asks this without an `if`", id="no if"),
    ],
)  # fmt: skip
def test_says_where_it_is_asked_in_another_way(code: str, why: str) -> None:
    OPEN.drifts(f"def sell():\n    {code}\n", line=2, why=why)


def test_says_what_the_file_lacks() -> None:
    OPEN.misses("def sell():\n    if bag:\n        pay()\n", "till")
    HOLDING.misses("def sell():\n    with bag:\n        pay()\n", "till")


def test_what_it_holds_may_stand_under_another_test() -> None:
    why = "found `bag`, expected `till is not None`"
    HOLDING.drifts("def sell():\n    if bag:\n        pay()\n", line=2, why=why)


def test_only_tests_come_close() -> None:
    outcome = OPEN.ignores("def sell():\n    till.till_is_not(None)\n")
    assert (outcome.state, outcome.nearest) == (State.DRIFTED, None)


def test_is_followed_by_what_it_holds() -> None:
    moved = "def buy():\n    if {}:\n        pay()\n"
    HOLDING.follows(moved.format("till is not None"), moved.format("is_open()"))


def test_a_name_for_another_is_the_same_test() -> None:
    """The file lacks the name, but asks in its own words what the rule is about."""
    same = "def sell():\n    if drawer is not None:\n        pay()\n"
    HOLDING.drifts(same, line=2, why="found `drawer`, expected `till`")


@pytest.mark.parametrize(
    ("branch", "blocks"),
    [
        pytest.param(
            "if till is None:\n    a()\nelse:\n    b()", ["b()", "a()"], id="the opposite"
        ),
        pytest.param(
            "if till is not None:\n    a()\nelse:\n    b()", ["a()", "b()"], id="the same"
        ),
        pytest.param("if till is None:\n    a()", None, id="no else"),
        pytest.param("if till is None:\n    return", ["return"], id="an early return"),
        pytest.param("if till is None:\n    a()\nelif c:\n    b()", None, id="an elif"),
    ],
)
def test_a_test_is_inverted_where_an_else_is(branch: str, blocks: list[str] | None) -> None:
    found = branches_of(quoted_if("if till is not None:"), line(outlined(f"{branch}\n"), "if"))
    assert (found and [code(each) for each in found if each]) == blocks
