"""Edits that fit and are not made, as something else would break."""

import pytest

from patcher.edits.kinds import CallArgument, IfTest, ImportFrom, ImportModule, Statement
from patcher.engine.safety import provides
from patcher.model import Outcome, State
from tests.rule_check import made_up, planned, trial

GONE = ("from shop import till, cart", "", ImportFrom())
UNUSED = ("till.close()", "", Statement(within="sell"))
ASK = ("if till is not None:", "if is_open():", IfTest(within="sell"))
BRING = ("from shop import till", "from shop import till, is_open", ImportFrom())


def blocked(outcome: Outcome, line: int, why: str) -> None:
    assert outcome.state is State.DRIFTED
    assert outcome.nearest
    assert (outcome.nearest.line, outcome.nearest.why) == (line, why)


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("till()", id="in the module"),
        pytest.param("def buy():\n    return till.a", id="in a function"),
        pytest.param("class A(till):\n    pass", id="in a header"),
        pytest.param("a = {till: [cart for cart in b]}", id="inside other code"),
    ],
)
def test_an_import_that_is_used_is_not_removed(use: str) -> None:
    check = trial(*GONE)
    blocked(
        check.ignores(f"from shop import till, cart\n{use}\n"),
        1,
        f"`{'cart' if 'cart' in use else 'till'}` is still used in this file",
    )


@pytest.mark.parametrize("use", ["a.till()", "f(till=1)", "'till'", "# till"])
def test_what_is_only_called_like_it_is_no_use(use: str) -> None:
    trial(*GONE).changes(f"from shop import till, cart\n{use}\n", f"{use}\n")


def test_uses_that_rules_remove_do_not_count() -> None:
    code = "from shop import till, cart\ndef sell():\n    till.close(){}\n"
    both = made_up(GONE, UNUSED)
    assert planned(both, code.format("")).after == b"def sell():\n    pass\n"
    blocked(
        planned(both, code.format("; till()")).outcomes[0], 1, "`till` is still used in this file"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("till.close()\n    till.close()", id="two of it"),
        pytest.param("till.close()\n    till.close(1)", id="one like it"),
    ],
)
def test_uses_that_an_ambiguous_removal_leaves_count(body: str) -> None:
    code = f"from shop import till, cart\ndef sell():\n    {body}\n"
    plan = planned(made_up(GONE, UNUSED), code)
    assert plan.after.decode() == code
    blocked(plan.outcomes[0], 1, "`till` is still used in this file")


def test_uses_next_to_one_like_what_is_removed_count() -> None:
    unused = ("drawer = till", "", Statement(within="sell"))
    code = "from shop import till, cart\ndef sell():\n    drawer = till\n    drawer = 1\n"
    blocked(
        planned(made_up(GONE, unused), code).outcomes[0], 1, "`till` is still used in this file"
    )


def test_a_variable_that_other_lines_read_stays_set() -> None:
    drop = trial("total = price(cart)", "pay(price(cart))", Statement(within="sell"))
    code = "def sell():\n    total = price(cart)\n    {}\n"
    drop.changes(
        code.format("a()"), code.format("a()").replace("total = price(cart)", "pay(price(cart))")
    )
    for use in (
        "a(total)",
        "if total:\n        a()",
        "while total:\n        a()",
        "for a in total: b()",
    ):
        why = "`total` is used elsewhere in `sell`"
        blocked(drop.ignores(code.format(use)), 2, why)
    for use in ("def f(total): pass", "a.total()"):
        assert drop.outcome(code.format(use)).state is State.PENDING


@pytest.mark.parametrize("line", ["def is_open():\n    pass", "is_open = 1", "class is_open: pass"])
def test_a_name_that_the_file_defines_itself_is_not_taken_for_an_import(line: str) -> None:
    code = f"{line}\ndef sell():\n    if till is not None:\n        pay()\n"
    outcome = planned(made_up(BRING, ASK), code, {"trial-2"}).outcomes[0]
    blocked(outcome, 1, "binds `is_open` to something else")


OTHERS = [
    pytest.param("if a:\n    till = None\n", id="on a condition"),
    pytest.param("till = Wrapper(till)\n", id="wrapped"),
    pytest.param("del till\n", id="deleted"),
    pytest.param("from bank import till\n", id="from somewhere else"),
    pytest.param("import bank as till\n", id="another module"),
    pytest.param("for till in tills: open(till)\n", id="in a loop"),
    pytest.param("with a() as till: pass\n", id="by with"),
    pytest.param("def till(): pass\n", id="a function"),
    pytest.param("try:\n    a()\nexcept A as till:\n    b()\n", id="an exception"),
    pytest.param("if (till := find()): pass\n", id="inside a test"),
    pytest.param("def close():\n    global till\n    till = None\n", id="by a function"),
    pytest.param("def close(): global till; till = None\n", id="by a function on one line"),
    pytest.param("match a:\n    case [*till]: pass\n", id="by a pattern"),
    pytest.param("import till.drawer\n", id="a package of that name"),
]


@pytest.mark.parametrize("line", OTHERS)
def test_a_name_that_is_bound_again_blocks_all_that_count_on_it(line: str) -> None:
    code = f"from shop import till\n{line}def sell():\n    if till is not None:\n        pay()\n"
    plan = planned(made_up(BRING, ASK), code)
    assert plan.after == plan.before
    for outcome in plan.outcomes:
        assert outcome.nearest
        assert outcome.nearest.why == "binds `till` to something else"
    other = planned(made_up(BRING, ASK), code.replace("till", "bag").replace("bag is", "till is"))
    assert other.outcomes[1].state is not State.PENDING


def test_a_name_that_is_bound_where_its_import_fails_is_what_it_is() -> None:
    code = "try:\n    from shop import till\nexcept ImportError:\n    till = None\n"
    plan = planned(made_up(BRING), code)
    assert plan.after.decode() == code.replace("import till", "import till, is_open")


def test_a_name_that_a_module_exports_is_not_removed() -> None:
    code = "from shop import till, cart\n__all__ = ['till']\n"
    blocked(trial(*GONE).ignores(code), 1, "`till` is in `__all__`")


RAISE = "def sell():\n    {}if till is not None:\n        rank = till.rank()\n    {}\n"


@pytest.mark.parametrize(
    "read",
    ["pay(rank)", "with rank: pay()", "while a:\n        pay(rank)", "pay(lambda: rank)",
     "if a: pay()\n    elif rank: b()", "def inner():\n        return rank",
     "match rank:\n        case 1: pay()"],
)  # fmt: skip
def test_a_variable_that_would_be_set_on_another_condition_blocks_the_edit(read: str) -> None:
    ask = made_up(BRING, ASK)
    plan = planned(ask, RAISE.format("", read), {"trial-2"})
    blocked(plan.outcomes[0], 2, "`rank` is used elsewhere in `sell`")
    for before, behind in (("rank = 0\n    ", read), ("", "pay(a.rank, rank=1)")):
        fits = planned(ask, RAISE.format(before, behind), {"trial-2"})
        assert fits.outcomes[0].state is State.PENDING
    other = RAISE.format("", f"else:\n        rank = 0\n    {read}")
    assert planned(ask, other, {"trial-2"}).outcomes[0].state is State.PENDING


def test_a_variable_that_a_parameter_or_the_module_sets_does_not_block_it() -> None:
    ask = made_up(BRING, ASK)
    for code in ("def sell(rank):\n    {}if", "def sell():\n    global rank\n    {}if"):
        found = planned(ask, RAISE.replace("def sell():\n    {}if", code).format("", "pay(rank)"))
        assert found.outcomes[1].nearest is None or "rank" not in found.outcomes[1].nearest.why


WRAPPED = "if is_open():\n    total = price(cart)\nelse:\n    pay()\n"


def test_a_variable_that_becomes_conditional_blocks_the_edit() -> None:
    wrap = trial("total = price(cart)", WRAPPED, Statement(within="sell"))
    assert wrap.outcome("def sell():\n    total = price(cart)\n").state is State.PENDING
    for read in ("pay(total)", "with total: pay()", "def inner():\n        pay(total)"):
        code = f"def sell():\n    total = price(cart)\n    {read}\n"
        blocked(wrap.ignores(code), 2, "`total` is used elsewhere in `sell`")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        pytest.param("from bank import close\nclose('Agg')\n", 2, id="imported by itself"),
        pytest.param("from bank import close as c\nif a:\n    c('Agg')\n", 3, id="renamed"),
        pytest.param("import bank as b\nimport bank as till\nb.close('Agg')\n", 3, id="twice"),
    ],
)  # fmt: skip
def test_what_is_removed_may_stand_there_under_another_name(code: str, line: int) -> None:
    rules = made_up(
        ("import bank as till", "", ImportModule()), ("till.close('Agg')", "", Statement())
    )
    outcome = planned(rules, code).outcomes[1]
    blocked(outcome, line, "does what `till.close('Agg')` does")
    plain = planned(rules, "import bank\nbank.close('Agg')\na()\n")
    assert plain.after == b"a()\n"


def test_other_names_may_be_the_file_s_own() -> None:
    ready = ("if till is not None:", "if ready(cart):", IfTest(within="sell"))
    code = (
        "from shop import till\nready = 1\ndef sell():\n    if till is not None:\n        pay()\n"
    )
    plan = planned(made_up(BRING, ready), code)
    assert [outcome.state for outcome in plan.outcomes] == [State.PENDING] * 2


def test_a_local_name_of_another_function_does_not_matter() -> None:
    code = "def sell():\n    if till is not None:\n        pay()\ndef shop(till):\n    till()\n"
    assert planned(made_up(BRING, ASK), code, {"trial-2"}).outcomes[0].state is State.PENDING


def test_knows_what_rules_bring_in() -> None:
    rules = made_up(
        BRING,
        ("", "from a import b\nf.DEFINE_bool('tip', 1)", Statement()),
        ("tip=1)", "tip=2)", CallArgument(call="pay")),
    ).rules
    assert [provides(rule) for rule in rules] == [{"is_open"}, {"b", "FLAGS.tip"}, set()]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            "def sell(till):\n    if till is not None:\n        pay()\n", id="a parameter"
        ),
        pytest.param("def sell():\n    if till is not None:\n        till = 1\n", id="a variable"),
        pytest.param(
            "def sell():\n    if till is not None:\n        is_open = 1\n", id="the new name"
        ),
    ],
)
def test_a_local_name_is_not_the_import_that_is_meant(code: str) -> None:
    name = "is_open" if "is_open" in code else "till"
    outcome = planned(made_up(BRING, ASK), code, {"trial-2"}).outcomes[0]
    blocked(outcome, 2, f"`{name}` is a parameter or variable of `sell` there")


@pytest.mark.parametrize(
    ("line", "states"),
    [
        pytest.param("start()", [State.PENDING, State.PENDING], id="which is made"),
        pytest.param("b()", [State.DRIFTED, State.DRIFTED], id="which has no place"),
        pytest.param("f.DEFINE_bool('tips', 0)", [State.DRIFTED, State.DRIFTED], id="nor another"),
        pytest.param(
            "f.DEFINE_bool('tip', 0)", [State.DRIFTED, State.PENDING], id="which is there"
        ),
    ],
)
def test_an_edit_may_need_the_flag_that_another_defines(line: str, states: list[State]) -> None:
    flag = ("", "f.DEFINE_bool('tip', True)", Statement(follows="start()"))
    use = ("pay(1)", "pay(FLAGS.tip)", Statement(within="sell"))
    plan = planned(made_up(flag, use), f"import a\n{line}\n\ndef sell():\n    pay(1)\n")
    assert [outcome.state for outcome in plan.outcomes] == states
