"""Bytes in, a plan out."""

from dataclasses import replace
from hashlib import sha256

import pytest

from patcher import engine
from patcher.edits.kinds import FlagDefault, IfTest, ImportFrom, Statement
from patcher.errors import UnparsableError
from patcher.model import Pack, Pin, State
from tests.rule_check import again, made_up, planned

SECTION = made_up(
    ("from shop import till", "from bank import till", ImportFrom()),
    ("if till is not None:", "if is_open():", IfTest(within="sell")),
    ("f.DEFINE_bool('tip', 0)", "f.DEFINE_bool('tip', 1)", FlagDefault()),
)
FIRST, SECOND, THIRD = (SECTION.id_of(rule) for rule in SECTION.rules)
PACK, PATH = Pack("tried", (SECTION,)), SECTION.path
CODE = b"""\
from shop import till


def other():
    return 1


def sell():
    if till is not None:
        pay()


f.DEFINE_bool(
    'tip', 0)
"""
AFTER = CODE.replace(b"shop", b"bank").replace(b"till is not None", b"is_open()")
AFTER = AFTER.replace(b"'tip', 0", b"'tip', 1")


def test_every_edit_is_pending_then_applied() -> None:
    files = {PATH: CODE}
    plan = engine.plan([PACK], files)
    assert files == {PATH: CODE}
    assert plan == engine.plan([PACK], files)
    assert {each.state for each in plan.outcomes} == {State.PENDING}
    assert (plan.files[0].before, plan.files[0].after) == (CODE, AFTER)
    after = again([PACK], plan)
    assert {each.state for each in after.outcomes} == {State.APPLIED}
    assert not after.changed
    assert plan.outcomes_after == after.outcomes


def test_positions_are_those_of_the_file_as_read() -> None:
    plan = planned(SECTION, CODE)
    assert [(s.line, s.column) for o in plan.outcomes for s in o.sites] == [(1, 1), (9, 5), (13, 1)]


def test_only_the_chosen_rules_are_planned() -> None:
    plan = planned(SECTION, CODE, {SECOND})
    assert [outcome.id for outcome in plan.outcomes] == [SECOND]
    assert plan.after == CODE.replace(b"till is not None", b"is_open()")
    assert engine.plan([PACK], {PATH: CODE}, {"another-1"}).files == ()


def test_each_step_has_the_edits_of_those_before() -> None:
    steps = engine.steps([SECTION], CODE)
    assert [id_ for id_, _ in steps] == [FIRST, SECOND, THIRD]
    assert steps[0][1] == CODE.replace(b"shop", b"bank")
    assert steps[-1][1] == AFTER
    assert engine.steps([SECTION], CODE, {THIRD}) == [(THIRD, CODE.replace(b"0)", b"1)"))]
    assert engine.steps([SECTION], AFTER) == []


def test_edits_can_be_made_again_by_id() -> None:
    assert engine.redone([SECTION], CODE, {FIRST, SECOND, THIRD}) == AFTER
    assert engine.redone([SECTION], CODE, {FIRST}) == CODE.replace(b"shop", b"bank")
    assert engine.redone([SECTION], CODE, ()) == CODE


def test_packs_are_applied_in_order() -> None:
    then = made_up(("from bank import till", "from safe import till", ImportFrom()))
    plan = engine.plan([PACK, Pack("then", (then,))], {PATH: CODE})
    assert plan.packs == ("tried", "then")
    assert plan.files[0].after == AFTER.replace(b"bank", b"safe")
    plan = engine.plan([Pack("then", (then,)), PACK], {PATH: CODE})
    assert [o.state for o in plan.outcomes] == [State.DRIFTED, *[State.PENDING] * 3]


def test_all_rules_of_a_missing_file_are_absent() -> None:
    plan = engine.plan([PACK], {})
    assert [(o.id, o.state) for o in plan.outcomes] == [
        (id_, State.ABSENT) for id_ in (FIRST, SECOND, THIRD)
    ]
    assert plan.blocking == plan.unresolved
    assert not plan.changed
    assert plan.outcomes[0].nearest is None
    assert plan.outcomes[0].wants.endswith(" in a file that the tree lacks")
    assert [o.id for o in engine.plan([PACK], {}, {SECOND}).outcomes] == [SECOND]


def test_arguments_of_known_functions_are_known_by_position_too() -> None:
    quotes = "pay(total, tip=0)", "pay(total, tip=1)"
    section = made_up((*quotes, Statement()), pay=("sum", "tip"))
    assert planned(section, "pay(sum=total, tip=0)\n").after == b"pay(sum=total, tip=1)\n"
    (outcome,) = planned(made_up((*quotes, Statement())), "pay(sum=total, tip=0)\n").outcomes
    assert outcome.state is State.DRIFTED


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"if", ":1: not valid Python", id="no Python"),
        pytest.param(b"x = 1\n" * 60_000, ": takes 933 MB to parse, expected", id="too long"),
        pytest.param(CODE + b"x = 1\ry = 2\r", ":16: ", id="line ends that would not survive"),
        pytest.param(b"x = " + b"(" * 5000, ":1: not valid Python", id="nested too deeply"),
        pytest.param(b"x = " + b"-" * 3000 + b"1\n", r": not valid Python \(nested too deeply",
                     id="nested too deeply for LibCST"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_edited_ends_the_plan(content: bytes, error: str) -> None:
    with pytest.raises(UnparsableError, match=f"^shop/trial.py{error}.*nothing was changed"):
        planned(SECTION, content)
    with pytest.raises(UnparsableError, match=r"^shop/trial.py"):
        engine.steps([SECTION], content)


@pytest.mark.parametrize(
    ("pinned", "step"),
    [
        pytest.param({}, "correct the file", id="no pin knows it"),
        pytest.param({PATH: sha256(b"if").hexdigest()}, "correct the file", id="as the pin has it"),
        pytest.param({PATH: sha256(CODE).hexdigest()},
                     "correct the file, or restore the pinned version", id="the pin differs"),
    ],
)  # fmt: skip
def test_the_pin_is_mentioned_where_it_has_another_version(
    pinned: dict[str, str], step: str
) -> None:
    pack = replace(PACK, upstream=Pin("shop", "https://example.org/shop", "0" * 40, sha256=pinned))
    with pytest.raises(UnparsableError) as error:
        engine.plan([pack], {PATH: b"if"})
    assert error.value.next_step == step
