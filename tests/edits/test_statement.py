"""Whole statements: changed, removed, added."""

import pytest

from patcher.edits.kinds import Statement
from patcher.model import State
from tests.rule_check import RuleCheck, trial

PAY = trial("total = price(cart)\npay(total)", "pay(price(cart))", Statement(within="sell"))
ONE = trial("total = price(cart, tip=0)", "total = price(cart, tip=1)", Statement(within="sell"))
WRAP = trial("pay(cart)", "if is_open():\n    pay(cart)", Statement(within="sell"))
GONE = trial("pay(cart)", "", Statement(within="sell"))
ADD = trial("", "count(cart)", Statement(within="sell", follows="cart = take(...)"))
FLAG = trial("", "flags.DEFINE_bool('tip', True, 'Tip.')", Statement())
ATTEMPT = trial(
    "try:\n    import shop\nexcept ImportError:\n    shop = None",
    "from bank import shop",
    Statement(),
)


NOTED = trial(
    "# no tip\ntotal = price(cart)", "total = price(cart, 1)  # a tip", Statement(within="sell")
)
GONE_WITH_NOTE = trial("# at last\npay(cart)\n# and\nleave()", "", Statement(within="sell"))


def sell(body: str) -> str:
    return "def sell():\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    ("body", "result"),
    [
        pytest.param("# why\ntotal = price( cart )\n# then\npay(total)  # that\nwrap()",
                     "# why\n# then\npay(price(cart))  # that\nwrap()", id="among others"),
        pytest.param("if a:\n    total = price(cart)\n    pay(total)",
                     "if a:\n    pay(price(cart))", id="in a block"),
        pytest.param("sum = price(bag[0])\npay(sum)", "pay(price(bag[0]))", id="in other words"),
    ],
)  # fmt: skip
def test_changes_consecutive_statements(body: str, result: str) -> None:
    PAY.changes(sell(body), sell(result))


def test_changes_only_what_differs_in_one() -> None:
    before = "# why\ntotal = price(\n    cart,  # all\n    tip=0)"
    ONE.changes(sell(before), sell(before.replace("tip=0", "tip=1")))


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        pytest.param("total = cost(cart)\npay(total)", 2, "found `cost`, expected `price`",
                     id="another value"),
        pytest.param("total = price(cart)\na()\npay(total)", 3, "followed by `a()`", id="apart"),
        pytest.param("return price(cart)", 2, "expected `total = price(cart)`", id="its value"),
        pytest.param("total = price(cart)", 2, "followed by nothing", id="one of two"),
        pytest.param("sum = price(cart)\npay(total)", 2, "found `sum`, expected `total`",
                     id="another name for it in one line"),
    ],
)  # fmt: skip
def test_leaves_what_is_like_it_alone(body: str, line: int, why: str) -> None:
    PAY.drifts(sell(body), line=line, why=why)


def test_shows_a_line_like_it() -> None:
    PAY.drifts(
        sell("totals = prices(cart)\na(total)"),
        line=2,
        why="found `totals = prices(cart)`, expected `total = price(cart)`",
    )


def test_leaves_a_function_inside_alone() -> None:
    code = "def sell():\n    def inner():\n        total = price(cart)\n        pay(total)\n"
    PAY.drifts(code, line=3, why="stands in `sell.inner`, expected in `sell`")


def test_wraps_a_statement_once() -> None:
    WRAP.changes(
        sell("a()\npay( cart )  # that"), sell("a()\nif is_open():\n    pay( cart )  # that")
    )


def test_wraps_a_statement_in_another_block_once() -> None:
    lock = trial("pay(cart)", "with lock:\n    pay(cart)", Statement(within="sell"))
    lock.changes(sell("# why\npay( cart )\na()"), sell("# why\nwith lock:\n    pay( cart )\na()"))


def test_changes_a_block_as_a_whole() -> None:
    loop = trial(
        "for a in cart:\n    pay(a)", "for a in bag:\n    pay(a)", Statement(within="sell")
    )
    loop.changes(
        sell("for a in cart:  # why\n    pay( a )  # that\nb()"),
        sell("# why\n# that\nfor a in bag:\n    pay(a)\nb()"),
    )
    loop.ignores(sell("for a in cart:\n    pay(a)\n    b()"))


@pytest.mark.parametrize("test", ["not is_open()", "is_open() and a"])
def test_what_stands_under_its_test_is_not_wrapped_again(test: str) -> None:
    why = f"is under `if {test}:` already"
    WRAP.drifts(sell(f"if {test}:\n    pay(cart)"), line=3, why=why)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        pytest.param("a()\n# why\npay(cart)  # that\nb()", "a()\n# why\nb()", id="among others"),
        pytest.param("if a:\n    pay(cart)", "if a:\n    pass", id="alone in a block"),
    ],
)
def test_removes_a_statement(body: str, result: str) -> None:
    GONE.changes(sell(body), sell(result))


@pytest.mark.parametrize(
    ("body", "result"),
    [
        pytest.param("# why\n# no tip\ntotal = price(cart)\nwrap()",
                     "# why\ntotal = price(cart, 1)  # a tip\nwrap()", id="what is quoted"),
        pytest.param("# no tip yet\ntotal = price(cart)  # in euros",
                     "# no tip yet\ntotal = price(cart, 1)  # in euros", id="other comments stay"),
    ],
)  # fmt: skip
def test_a_comment_in_a_quote_is_the_edits(body: str, result: str) -> None:
    NOTED.changes(sell(body), sell(result))


def test_what_goes_takes_its_quoted_comments_along() -> None:
    body = "cart = take()\n# why\n# at last\npay(cart)\n# and\nleave()\n# then\nwrap()"
    GONE_WITH_NOTE.changes(sell(body), sell("cart = take()\n# why\n# then\nwrap()"))


def test_a_removal_is_ambiguous_next_to_one_like_it() -> None:
    outcome = GONE.ignores(sell("pay(cart)\npay(bag)"))
    assert (outcome.state, [site.line for site in outcome.sites]) == (State.AMBIGUOUS, [2, 3])
    GONE.drifts(sell("pay(bag)"), line=2, why="found `bag`, expected `cart`")
    named = trial("add('a', 1)", "", Statement(within="sell"))
    named.drifts(sell("add('b', 1)"), line=2, why="found `'b'`, expected `'a'`")
    assert GONE.outcome(sell("a()")).state is State.APPLIED


@pytest.mark.parametrize("quote", ["cart = take(1, a=2)", "cart = take()  # why"])
def test_adds_behind_a_statement(quote: str) -> None:
    ADD.changes(sell(f"{quote}\npay()"), sell(f"{quote}\ncount(cart)\npay()"))


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        pytest.param("cart = make()\npay()", 2, "found `make`, expected `take`", id="no such line"),
        pytest.param("card = take(1)", 2, "found `card`, expected `cart`", id="a line like it"),
        pytest.param(
            "cart = take()\ncount(bag)", 3, "found `bag`, expected `cart`", id="done otherwise"
        ),
    ],
)
def test_adds_nothing_where_it_does_not_fit(body: str, line: int, why: str) -> None:
    ADD.drifts(sell(body), line=line, why=why)


def test_adds_neither_of_two_where_one_is_contradicted() -> None:
    two = trial("", "one(cart)\ntwo(cart)", Statement(within="sell", follows="cart = take()"))
    two.drifts(sell("cart = take()\none(bag)"), line=3, why="found `bag`, expected `cart`")


def test_adds_nothing_where_an_import_of_it_would_clash() -> None:
    both = trial("", "from bank import till\ncount(till)", Statement())
    both.changes(
        "from bank import a\nfrom bank import z\n",
        "from bank import a\nfrom bank import till\nfrom bank import z\ncount(till)\n",
    )
    both.drifts("import a\ntill = 1\n", line=2, why="binds a name that the edit imports")
    assert both.ignores("import a\ntill = 1\ncount(till)\n").state is State.PARTIAL


def test_adds_nothing_where_it_stands() -> None:
    assert ADD.ignores(sell("count(cart)\npay()")).state is State.APPLIED


def test_adds_to_a_module_behind_its_imports() -> None:
    flag = "flags.DEFINE_bool('tip', True, 'Tip.')\n"
    FLAG.changes("import a\nimport c\n\nb()\n", f"import a\nimport c\n{flag}\nb()\n")
    assert FLAG.ignores("flags.DEFINE_bool('tip', True, 'Other help.')\n").state is State.APPLIED
    why = "found `False`, expected `True`"
    FLAG.drifts("import a\nflags.DEFINE_bool('tip', False, 'Tip.')\n", line=2, why=why)


def test_an_attempt_to_import_becomes_an_import() -> None:
    attempt = "try:\n    import shop\nexcept ImportError:\n    shop = None\n"
    ATTEMPT.changes(f"# why\n{attempt}a()\n", "# why\nfrom bank import shop\na()\n")
    ATTEMPT.ignores(attempt.replace("None", "False"))
    ATTEMPT.drifts("import shop\n", line=1, why="expected in `try:`")
    ATTEMPT.drifts("import other as shop\n", line=1, why="binds `shop` in another way")
    ATTEMPT.misses("import other\n", "shop")
    named = trial("try:\n    import shop.till as t\nexcept A:\n    t = None", "a()", Statement())
    named.misses("import till\n", "shop", "t")


def test_what_has_no_subject_is_about_all_its_names() -> None:
    trial("return till.size", "return 1", Statement(within="sell")).misses(
        "def sell():\n    a()\n", "size", "till"
    )


def test_never_binds_a_name_that_is_something_else() -> None:
    take = trial("till = None", "from bank import till, count", Statement())
    take.changes("till = None\n", "from bank import till, count\n")
    why = "binds a name that the edit imports"
    take.drifts("till = None\ncount = 1\n", line=2, why=why)


def test_is_followed_where_its_function_has_lost_it() -> None:
    PAY.follows(
        "def buy():\n    total = price(cart)\n    pay(total)\n",
        "def buy():\n    pay(price(cart))\n",
    )
    ADD.changes(
        "def buy():\n    cart = take(1)\n    a()\n",
        "def buy():\n    cart = take(1)\n    count(cart)\n    a()\n",
    )


def test_an_addition_to_a_module_is_not_followed_into_a_function() -> None:
    """Which nothing may ever call."""
    add = trial("", "count(cart)", Statement(follows="cart = take()"))
    assert add.ignores("def buy():\n    cart = take()\n").state is State.DRIFTED


def test_an_addition_is_not_followed_where_its_line_has_changed() -> None:
    add = trial("", "count(cart)", Statement(within="sell", follows="cart = take(bag)"))
    moved = "def buy():\n    cart = take(bag)\n"
    add.changes(f"{sell('a()')}{moved}", f"{sell('a()')}{moved}    count(cart)\n")
    add.ignores(f"{sell('cart = take(box)')}{moved}")


@pytest.mark.parametrize(
    ("check", "wants"),
    [
        pytest.param(PAY, "`total = price(cart)` in `sell`", id="a change"),
        pytest.param(ADD, "a place in `sell` right after `cart = take(...)`", id="an addition"),
        pytest.param(FLAG, "a place at module level behind the imports", id="to the imports"),
    ],
)
def test_says_what_it_wants(check: RuleCheck, wants: str) -> None:
    assert check.outcome("").wants == wants
