"""Files that call what the quotes import by another name."""

import pytest

from patcher.edits.kinds import CallArgument, IfTest, ImportFrom, ImportModule, Statement
from patcher.engine.aliases import imported, local_aliases, localized, newly_imported
from patcher.model import State
from tests.code.modules import outlined
from tests.rule_check import made_up, planned, trial

ATTEMPT = "try:\n    import shop.till as {0}\nexcept ImportError:\n    {0} = None\n"
SECTION = made_up(
    (ATTEMPT.format("till"), "from common import till, is_open", Statement()),
    ("if till is not None:", "if is_open():", IfTest(within="sell")),
)
ASKING = "def sell():\n    if {} is not None:  # why\n        pass\n"
TAKE, ASK = SECTION.rules


def together(code: str) -> tuple[str, list[State]]:
    plan = planned(SECTION, code)
    return plan.after.decode(), [outcome.state for outcome in plan.outcomes]


@pytest.mark.parametrize("name", ["till", "drawer", "t"])
def test_an_alias_is_followed_through_the_file(name: str) -> None:
    after, states = together(ATTEMPT.format(name) + ASKING.format(name))
    alias = "till" if name == "till" else f"till as {name}"
    assert states == [State.PENDING] * 2
    asking = ASKING.format(name).replace(f"{name} is not None", "is_open()")
    assert after == f"from common import {alias}, is_open\n{asking}"
    assert together(after) == (after, [State.APPLIED] * 2)


@pytest.mark.parametrize(
    ("code", "states"),
    [
        pytest.param(ATTEMPT.format("drawer") + ASKING.format("other"),
                     [State.PENDING, State.DRIFTED], id="another thing is asked for"),
        pytest.param(ATTEMPT.format("till").replace("shop.till", "shop.bag") + ASKING.format("bag"),
                     [State.DRIFTED, State.DRIFTED], id="another module"),
        pytest.param(ATTEMPT.format("drawer") + ASKING.format("till"),
                     [State.DRIFTED, State.DRIFTED], id="the file uses both names"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_used_throughout_is_not_followed(code: str, states: list[State]) -> None:
    after, found = together(code)
    assert found == states
    assert "if is_open():" not in after


def test_a_function_that_uses_an_alias_is_seen() -> None:
    gone = trial("import shop.till as till", "", ImportModule())
    code = "import a\nimport shop.till as t\n\n\ndef other():\n    {}\n"
    gone.drifts(code.format("t()"), line=2, why="`t` is still used in this file")
    gone.changes(code.format("a()"), code.format("a()").replace("import shop.till as t\n", ""))


def test_an_alias_of_a_name_from_a_module_is_kept() -> None:
    check = trial("from a import till, x", "from b import till, y", ImportFrom())
    check.changes("from a import till as t, x\n", "from b import till as t, y\n")


def test_a_place_is_named_in_the_file_s_own_words() -> None:
    rule = trial("tip=till.tip", "tip=1", CallArgument(within="till", call="till.pay")).rule
    said = localized(rule, {"till": "t"})
    assert (said.before, said.edit) == ("tip=t.tip", CallArgument(within="till", call="t.pay"))


@pytest.mark.parametrize(
    ("quote", "result"),
    [
        ("from a import till, b", "from a import till as t, b"),
        ("import a.till as till", "import a.till as t"),
        ("x = till.till('till', till=till)", "x = t.till('till', till=t)"),
        ("tills = till_1", "tills = till_1"),
    ],
)
def test_only_the_name_itself_is_another(quote: str, result: str) -> None:
    rule = trial(quote, "x", Statement()).rule
    assert localized(rule, {"till": "t"}).before == result


def test_knows_what_quotes_import() -> None:
    assert (imported(TAKE), newly_imported(TAKE)) == ({"till", "is_open"}, {"is_open"})
    assert (imported(ASK), newly_imported(ASK)) == (set(), set())


@pytest.mark.parametrize(
    ("code", "names"),
    [
        pytest.param("import shop.till as t\n", {"till": "t"}, id="another alias"),
        pytest.param("import shop.till as till\n", {}, id="the same"),
        pytest.param("import shop.bag as t\n", {}, id="another module"),
        pytest.param("import shop.till as t\ntill()\n", {}, id="both names are used"),
        pytest.param("from common import is_open as i\n", {}, id="a name that only edits bring in"),
        pytest.param("from common import till as t\n", {"till": "t"}, id="once edits are made"),
    ],
)
def test_knows_the_file_s_own_names(code: str, names: dict[str, str]) -> None:
    assert local_aliases(SECTION.rules, outlined(code)) == names
