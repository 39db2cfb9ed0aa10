"""The same question in other forms, and questions that are like it."""

import pytest

from patcher.edits.kinds import IfTest
from patcher.model import State
from tests.checks import trial

QUESTION = trial("if hvd is not None:", "if horovod_enabled():", IfTest(within="f"))
BOTH = trial(
    "if not READY and hvd is not None:", "if not READY and horovod_enabled():", IfTest(within="f")
)


def asking(test: str) -> str:
    return f"def f():\n    # why\n    if {test}:  # that\n        a()\n    b()\n"


@pytest.mark.parametrize(
    "test",
    [
        "hvd is not None",
        "(hvd is not None)",
        "hvd != None",
        "None is not hvd",
        "None != hvd",
        "not hvd is None",
        "not (hvd is None)",
        "not hvd == None",
        "not not hvd is not None",
    ],
)
def test_asks_the_same_in_any_form(test: str) -> None:
    outcome = QUESTION.plan(asking(test))
    assert outcome.outcomes[0].state is State.PENDING
    wanted = "(horovod_enabled())" if test.startswith("(") else "horovod_enabled()"
    assert outcome.after.decode() == asking(wanted)
    assert QUESTION.plan(outcome.after).outcomes[0].state is State.APPLIED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hvd is not None and FLAGS.sync", "horovod_enabled() and FLAGS.sync"),
        ("FLAGS.sync and hvd is not None", "FLAGS.sync and horovod_enabled()"),
        ("a and (hvd != None) and b", "a and (horovod_enabled()) and b"),
        ("a and (b or c) and hvd is not None", "a and (b or c) and horovod_enabled()"),
    ],
)
def test_further_clauses_stay(before: str, after: str) -> None:
    QUESTION.changes(asking(before), asking(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("not READY and hvd is not None", "not READY and horovod_enabled()"),
        ("hvd is not None and not READY", "horovod_enabled() and not READY"),
        ("x and not READY and not hvd is None", "x and not READY and horovod_enabled()"),
    ],
)
def test_a_question_of_two_clauses_may_have_more(before: str, after: str) -> None:
    BOTH.changes(asking(before), asking(after))


def test_one_question_may_become_two_beside_a_further_clause() -> None:
    alone = trial("if first():", "if started and first():", IfTest(within="f"))
    alone.changes(asking("first() and x"), asking("started and first() and x"))
    alone.changes(asking("x and first()"), asking("x and started and first()"))


def turned(test: str) -> str:
    return f"def f():\n    if {test}:  # alone\n        a()\n    else:  # together\n        b()\n"


def test_the_branches_may_be_turned_round() -> None:
    QUESTION.changes(turned("hvd is None"), turned("not horovod_enabled()"))
    QUESTION.changes(turned("hvd == None"), turned("not horovod_enabled()"))


def test_what_a_turned_question_holds_tells_it_from_others() -> None:
    anchored = trial(
        "if hvd is not None:", "if horovod_enabled():", IfTest(within="f", holding="b")
    )
    anchored.changes(
        turned("hvd is None") + "    if hvd is not None:\n        c()\n",
        turned("not horovod_enabled()") + "    if hvd is not None:\n        c()\n",
    )


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("hvd is None", id="the opposite, with nothing else"),
        pytest.param("hvd", id="truth"),
        pytest.param("hvd is not None or x", id="an alternative"),
        pytest.param("not (hvd is not None and x)", id="a clause that is denied"),
        pytest.param("hvd is not None and hvd.is_initialized()", id="a clause on the same"),
        pytest.param("hvd is not None is not False", id="a chain"),
        pytest.param("hvd is not x", id="another thing"),
        pytest.param("hvd.x is not None", id="a part of it"),
        pytest.param("f(hvd is not None)", id="inside a call"),
        pytest.param("(y := hvd) is not None", id="a name of its own"),
    ],
)
def test_leaves_what_is_like_it_alone(test: str) -> None:
    outcome = QUESTION.ignores(asking(test))
    assert outcome.state is State.DRIFTED
