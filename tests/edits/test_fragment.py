"""A run of tokens inside one statement, or lines of a docstring."""

import pytest

from patcher.edits.kinds import Fragment, ImportModule
from patcher.model import State
from tests.edits.fragments import part
from tests.rule_check import made_up, planned, trial

SHOP = "def sell(cart):\n    # why\n    {}\n"


@pytest.mark.parametrize(
    ("quotes", "before", "after"),
    [
        pytest.param(
            ("return till.pay(", "return bank.pay("),
            "return till . pay(\n        cart,  # all of it\n        tip=2)  # thanks",
            "return bank . pay(\n        cart,  # all of it\n        tip=2)  # thanks",
            id="the head of a call",
        ),
        pytest.param(
            ("tip=2,", "tip=FLAGS.tip,"),
            "pay(tip = 2, price=1)", "pay(tip = FLAGS.tip, price=1)", id="an argument",
        ),
        pytest.param(
            ("tip=2,", "tip=3,"), "pay(cart, tip=2)", "pay(cart, tip=3)", id="without its comma",
        ),
        pytest.param(
            ("tip=2", "tip=3"), "pay(cart, tip=2,)", "pay(cart, tip=3,)", id="with a comma",
        ),
        pytest.param(
            ("'tip': FLAGS.tip", "'tip': FLAGS.tip,\n'price': 1"),
            'bill = {\n        "tip": FLAGS.tip  # c\n    }',
            "bill = {\n        \"tip\": FLAGS.tip,\n        'price': 1  # c\n    }",
            id="a key of a dictionary, in other quotes",
        ),
        pytest.param(
            ("price=1, tip=2)", "price=1,\nvat=3, tip=2)"),
            "pay(cart,\n        price=1,  # each\n        tip=2)",
            "pay(cart,\n        price=1,  # each\n        vat=3, tip=2)",
            id="lines between, a comment stays",
        ),
        pytest.param(
            ("price=1,", "tip=2,"),
            "pay(  # a\n        price=  # b\n        1)",
            "pay(  # a\n        tip=  # b\n        2)",
            id="comments inside the run",
        ),
        pytest.param(
            ("a + b", "a + c"), "x = a + \\\n        b  # é", "x = a + \\\n        c  # é",
            id="over a backslash",
        ),
        pytest.param(
            ("= 'é', tip", "= 'é', vat"), "ü = 'é', tip", "ü = 'é', vat",
            id="columns of characters",
        ),
        pytest.param(
            ("f'{cart}'", "f'{bag}'"), 'pay(f"{cart}", tip)', "pay(f'{bag}', tip)",
            id="an f-string",
        ),
        pytest.param(
            ("'a' 'b'", "'ab'"), "pay('a'\n        'b')", "pay('ab')", id="strings in a row",
        ),
        pytest.param(
            ("if cart", "if bag"), "if cart: return cart  # c\n    else:\n        pass",
            "if bag: return cart  # c\n    else:\n        pass",
            id="a header with its block behind",
        ),
        pytest.param(
            ("return cart", "return bag"), "if cart: return cart  # c", "if cart: return bag  # c",
            id="a block behind its colon",
        ),
        pytest.param(
            ("elif cart", "elif cart and bag"),
            "if bag:\n        a()\n    # first\n    elif cart:  # second\n        b()\n"
            "    else:\n        c()",
            "if bag:\n        a()\n    # first\n    elif cart and bag:  # second\n        b()\n"
            "    else:\n        c()",
            id="an elif",
        ),
        pytest.param(
            ("with till", "with bank"),
            "with till as t:  # c\n        t()\n\n        # d\n        u()",
            "with bank as t:  # c\n        t()\n\n        # d\n        u()", id="a with",
        ),
        pytest.param(
            ("in cart:", "in bag:"), "for each in cart:\n        a()\n    else:\n        b()",
            "for each in bag:\n        a()\n    else:\n        b()", id="a for with an else",
        ),
        pytest.param(
            ("while cart", "while bag"), "while cart:\n        a()", "while bag:\n        a()",
            id="a while",
        ),
    ],
)  # fmt: skip
def test_changes_the_quoted_tokens_alone(quotes: tuple[str, str], before: str, after: str) -> None:
    rule = trial(*quotes, Fragment(within="sell"))
    rule.changes(SHOP.format(before), SHOP.format(after))


@pytest.mark.parametrize(
    ("quotes", "before", "after"),
    [
        pytest.param(
            ("tip=1, vat=False):", "tips, tip=1, vat=False, total=0):"),
            "def pay(cart,\n        tip=1,  # more\n        vat=False):  # all\n    return cart\n",
            "def pay(cart,\n        tips, tip=1,  # more\n        vat=False, total=0):  # all\n"
            "    return cart\n",
            id="half a signature",
        ),
        pytest.param(
            ("tip=1", "tip=2"), "async def pay(tip=1):\n    # c\n    return await tip\n",
            "async def pay(tip=2):\n    # c\n    return await tip\n", id="a coroutine",
        ),
        pytest.param(
            ("@wrap(1", "@wrap(2"), "@wrap(1)  # c\n# d\n@other(1)\n\ndef pay(): pass\n",
            "@wrap(2)  # c\n# d\n@other(1)\n\ndef pay(): pass\n", id="a decorator",
        ),
        pytest.param(
            ("(Till", "(Bank"), "class Pay(Till, vat=1):\n    '''Pay.'''\n",
            "class Pay(Bank, vat=1):\n    '''Pay.'''\n", id="a class",
        ),
        pytest.param(
            ("def pay(", "def sell("), "def pay(): # c\n  pass\n# end",
            "def sell(): # c\n  pass\n# end",
            id="a file without a line end",
        ),
    ],
)  # fmt: skip
def test_changes_headers(quotes: tuple[str, str], before: str, after: str) -> None:
    trial(*quotes, Fragment()).changes(before, after)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("indent", ["  ", "\t", "        "], ids=["two", "tab", "eight"])
def test_keeps_line_ends_and_indents(newline: str, indent: str) -> None:
    code = f"def sell():\n{indent}if a:\n{indent * 2}pay(cart,\n{indent * 3}'''x\ny''',\n%)  # c\n"
    before, after = (
        code.replace("%", indent * 3 + each).replace("\n", newline).encode()
        for each in ("tip=1", f"tip=2,\n{indent * 3}vat=3")
    )
    plan = trial("tip=1", "tip=2,\nvat=3", Fragment(within="sell")).plan(before)
    assert plan.after == after
    assert trial("tip=2,\nvat=3", "tip=1", Fragment(within="sell")).plan(after).after == before


def test_a_string_over_several_lines_gets_the_line_ends_of_the_file() -> None:
    rule = trial("pay(1)", "pay('''a\nb''')", Fragment())
    assert rule.plan(b"x = 1\r\npay(1)\r\n").after == b"x = 1\r\npay('''a\r\nb''')\r\n"


@pytest.mark.parametrize(
    ("follows", "after", "before", "changed"),
    [
        pytest.param("tip=1,", "vat=2,", "pay(tip=1, a=3)", "pay(tip=1, vat=2, a=3)",
                     id="between arguments"),
        pytest.param("tip=1", "vat=2", "pay(a, tip=1)", "pay(a, tip=1, vat=2)", id="at the end"),
        pytest.param("tip=1,", "vat=2,",
                     "pay(\n        tip=1,  # c\n        a=3)",
                     "pay(\n        tip=1,  # c\n        vat=2,\n        a=3)",
                     id="on its own line"),
        pytest.param("tip=1,", "vat=2,",
                     "pay(\n        tip=1)  # c",
                     "pay(\n        tip=1,\n        vat=2)  # c", id="on a line of its own, last"),
        pytest.param("tip=1,", "vat=2,",
                     "pay(\n        tip=1,  # c\n    )",
                     "pay(\n        tip=1,  # c\n        vat=2,\n    )", id="before the bracket"),
        pytest.param("pay(", "vat=2,", "pay(a=3)", "pay(vat=2, a=3)", id="at the head"),
        pytest.param("pay(", "vat=2", "pay()", "pay(vat=2)", id="as the only one"),
        pytest.param("pay(", "vat=2,", "pay(  # c\n        a=3)",
                     "pay(  # c\n        vat=2,\n        a=3)", id="at the head, on a line"),
        pytest.param("if a", "or b", "if a: c()", "if a or b: c()", id="an operator"),
        pytest.param("till", ".open()", "pay(till, a)", "pay(till.open(), a)", id="a call"),
        pytest.param("a", ", b", "x = c, a", "x = c, a, b", id="its own comma"),
    ],
)  # fmt: skip
def test_adds_behind_what_it_follows(follows: str, after: str, before: str, changed: str) -> None:
    rule = trial("", after, Fragment(within="sell", follows=follows))
    rule.changes(SHOP.format(before), SHOP.format(changed))


def test_an_addition_elsewhere_in_the_same_brackets_is_made_already() -> None:
    rule = trial("", "vat=2,", Fragment(within="sell", follows="tip=1,"))
    assert rule.ignores(SHOP.format("pay(vat=2, tip=1)")).state is State.APPLIED
    rule.changes(
        SHOP.format("pay(add(vat=2), tip=1)"), SHOP.format("pay(add(vat=2), tip=1, vat=2)")
    )


def test_an_addition_that_would_repeat_a_keyword_is_refused() -> None:
    rule = trial("", "vat=2,", Fragment(within="sell", follows="tip=1,"))
    why = "would not be a statement of its kind with the edit"
    rule.drifts(SHOP.format("pay(vat=3, tip=1)"), line=3, why=why)


@pytest.mark.parametrize(
    ("quote", "before", "after"),
    [
        pytest.param("tip=1,", "pay(tip=1, a=3)", "pay(a=3)", id="the first"),
        pytest.param("tip=1,", "pay(a, tip=1, b=3)", "pay(a, b=3)", id="in the middle"),
        pytest.param("tip=1,", "pay(a, tip=1)", "pay(a)", id="the last"),
        pytest.param("tip=1", "pay(tip=1)", "pay()", id="the only one"),
        pytest.param("tip=1,", "pay(\n        a,\n        tip=1,\n        b=3)",
                     "pay(\n        a,\n        b=3)", id="with its line"),
        pytest.param("tip=1,", "pay(\n        a,\n        tip=1,  # c\n        b=3)",
                     "pay(\n        a,\n        # c\n        b=3)", id="but for its comment"),
        pytest.param("tip=1,", "pay(\n        a,  # c\n        tip=1)",
                     "# c\n    pay(\n        a)", id="but for a comment in front"),
        pytest.param(".open()", "pay(till.open())", "pay(till)", id="a call"),
        pytest.param("not", "return not cart", "return cart", id="a word"),
        pytest.param("b", "x = a, b", "x = a,", id="the last of a tuple"),
        pytest.param("b,", "del a, b, c", "del a, c", id="where commas only separate"),
    ],
)  # fmt: skip
def test_removes_with_the_comma(quote: str, before: str, after: str) -> None:
    trial(quote, "", Fragment(within="sell")).changes(SHOP.format(before), SHOP.format(after))


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        pytest.param("a,", "x = a, b", id="a tuple that would be none"),
        pytest.param("a,", "x = (a, b)", id="a tuple in brackets"),
        pytest.param("(cart)", "pay(cart)", id="the brackets of a call"),
        pytest.param("tip=1", "tip=1", id="a whole statement"),
        pytest.param("x =", "x = 1", id="what makes it another statement"),
    ],
)
def test_removes_nothing_that_changes_the_rest(quote: str, line: str) -> None:
    outcome = trial(quote, "", Fragment(within="sell")).ignores(SHOP.format(line))
    assert outcome.state is State.DRIFTED


@pytest.mark.parametrize(
    ("line", "state"),
    [
        pytest.param("pay(tip=2)", State.DRIFTED, id="another value"),
        pytest.param("pay(a, b)", State.APPLIED, id="nothing like it"),
        pytest.param("pay(tip=1 + x)", State.DRIFTED, id="one that goes on"),
        pytest.param("pay(tip=1)\n    sell(tip=2)", State.AMBIGUOUS, id="next to one like it"),
    ],
)
def test_what_is_like_something_removed(line: str, state: State) -> None:
    rule = trial("tip=1,", "", Fragment(within="sell"))
    assert rule.ignores(SHOP.format(f"pay(tip)\n    {line}")).state is state


@pytest.mark.parametrize(
    ("quotes", "line"),
    [
        pytest.param(("rate=1", "rate=2"), "self.rate=1", id="of another object"),
        pytest.param(("rate=1", "rate=2"), "pay(rate=1 * size)", id="a product"),
        pytest.param(("rate=1", "rate=2"), "pay(rate=1 if a else b)", id="a choice"),
        pytest.param(("rate=a", "rate=b"), "pay(rate=a.b)", id="an attribute"),
        pytest.param(("rate=a", "rate=b"), "pay(rate=a(1))", id="a call"),
        pytest.param(("rate=a", "rate=b"), "pay(rate=a[1])", id="an index"),
        pytest.param(("rate=a", "rate=b"), "pay(rate=a and c)", id="a condition"),
        pytest.param(("rate='a'", "rate='b'"), "pay(rate='a' 'c')", id="strings in a row"),
        pytest.param(("cart", "bag"), "pay(-cart)", id="behind a sign"),
        pytest.param(("cart", "bag"), "pay(*cart)", id="behind a star"),
        pytest.param(("cart, tip", "bag, tip"), "pay(not cart, tip)", id="behind a not"),
        pytest.param(("cart, tip", "bag, tip"), "pay(till.cart, tip)", id="behind a dot"),
        pytest.param(("f(cart", "f(bag"), "pay(f(cart for cart in x))", id="a generator"),
        pytest.param(("pay(cart", "pay(bag"), "pay(cart=1)", id="a keyword"),
        pytest.param(("x = a,", "x = b,"), "x = a", id="a tuple that is none"),
        pytest.param(("x = a,", "x = b"), "x = a,", id="a comma that makes a tuple"),
        pytest.param(("(cart)", "cart"), "pay(cart)", id="the brackets of a call"),
        pytest.param(("x = a", "return a"), "x = a", id="another kind of statement"),
        pytest.param(("x = a", "x ="), "x = a", id="no statement"),
        pytest.param(("a)", "a"), "pay(a)", id="brackets that do not match"),
        pytest.param(("a=1", "b=1"), "pay(a=1, b=2)", id="a keyword twice"),
        pytest.param(("pay", "sell"), "'''pay'''", id="in a string"),
        pytest.param(("pay", "sell"), "a  # pay", id="in a comment"),
        pytest.param(("'pay'", "'sell'"), "f(b'pay')", id="bytes"),
        pytest.param(("1e-4", "1"), "f(1e-04)", id="a number written otherwise"),
        pytest.param(("a b", "a c"), "f(a, b)", id="prose"),
    ],
)
def test_leaves_what_is_like_it_alone(quotes: tuple[str, str], line: str) -> None:
    outcome = trial(*quotes, Fragment(within="sell")).ignores(SHOP.format(line))
    assert outcome.state in (State.DRIFTED, State.ABSENT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("'tip': 1", "'tip': 1, 'vat': 2", id="the longer one after"),
        pytest.param("'tip': 1, 'vat': 2", "'tip': 1", id="the longer one before"),
        pytest.param("'vat': 2", "'tip': 1, 'vat': 2", id="longer in front"),
    ],
)
def test_of_two_quotes_in_each_other_the_longer_decides(before: str, after: str) -> None:
    code = "bill = {{'a': 0, {}, 'z': 3}}\n"
    trial(before, after, Fragment()).changes(code.format(before), code.format(after))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("pay(a(x) for x in {})", id="a generator"),
        pytest.param("pay([x in y for x in a for y, (z) in {}])", id="one of two"),
        pytest.param("for (x) in {}: pay(x)", id="a header"),
    ],
)
def test_the_in_of_a_for_is_no_operator(line: str) -> None:
    old, new = (SHOP.format(line.format(each)) for each in ("sorted(cart)", "cart"))
    trial("sorted(cart)", "cart", Fragment(within="sell")).changes(old, new)


@pytest.mark.parametrize("line", ["pay(x for x in a if x in cart)", "pay([x in cart for x in a])"])
def test_the_in_of_a_test_is_an_operator(line: str) -> None:
    trial("cart", "bag", Fragment(within="sell")).ignores(SHOP.format(line))


def test_two_places_are_ambiguous() -> None:
    rule = trial("tip=1,", "tip=2,", Fragment(within="sell"))
    for line in ("pay(tip=1, a=pay(tip=1))", "pay(tip=1)\n    bill(tip=1)"):
        assert rule.ignores(SHOP.format(line)).state is State.AMBIGUOUS
    mixed = rule.ignores(SHOP.format("pay(tip=1)\n    bill(tip=2)"))
    assert mixed.state is State.AMBIGUOUS


def test_where_it_cannot_be_made_no_other_place_makes_up_for_it() -> None:
    rule = trial("x = pay(", "pay(", Fragment(within="sell"))
    why = "would not be a statement of its kind with the edit"
    rule.drifts(SHOP.format("x = pay(1)\n    y = pay(2)"), line=3, why=why)
    rule = trial("tip=1", "vat=1", Fragment(within="sell"))
    rule.drifts(SHOP.format("pay(tip=1, vat=2)\n    pay(tip=1)"), line=3, why=why)


def test_two_edits_of_one_line() -> None:
    edits = [("tip=1", "tip=2"), ("vat=1", "vat=2,\na=3"), ("pay(", "bill(")]
    section = made_up(*((*quotes, Fragment(within="sell")) for quotes in edits))
    plan = planned(section, SHOP.format("pay(\n        tip=1,  # c\n        vat=1)"))
    made = SHOP.format("bill(\n        tip=2,  # c\n        vat=2,\n        a=3)")
    assert plan.after.decode() == made
    assert [each.state for each in plan.outcomes_after] == [State.APPLIED] * 3


def test_the_header_of_a_function_that_no_rule_is_about_counts() -> None:
    code = "a = 1\ndef buy(tip=1): pass\ndef sell(tip={}): pass\n"
    rule = trial("tip=1", "tip=2", Fragment())
    assert rule.ignores(code.format(1)).state is State.AMBIGUOUS
    rule.changes("a = 1\ndef sell(tip=1): pass\n", "a = 1\ndef sell(tip=2): pass\n")
    rule = trial("", "vat=2", Fragment(follows="1,"))
    rule.changes("def other(): pass\nx = f(1, a=2)\n", "def other(): pass\nx = f(1, vat=2, a=2)\n")


def test_a_name_tells_two_places_apart() -> None:
    rule = trial("tip=1", "tip=2", Fragment(within="sell", holding="bill"))
    code = SHOP.format("pay(tip=1)\n    bill(tip={})")
    rule.changes(code.format(1), code.format(2))
    missing = SHOP.format("pay(tip=1)")
    rule.drifts(missing, line=3, why="does not mention `bill` outside the quote")


def test_nested_functions_are_places_of_their_own() -> None:
    code = "def sell():\n    def inner():\n        pay(tip={})\n    pay(tip={})\n"
    inner = trial("tip=1", "tip=2", Fragment(within="sell.inner"))
    inner.changes(code.format(1, 1), code.format(2, 1))
    outer = trial("tip=1", "tip=2", Fragment(within="sell"))
    outer.changes(code.format(1, 1), code.format(1, 2))


def test_what_never_runs_is_left_alone() -> None:
    rule = trial("tip=1", "tip=2", Fragment(within="sell"))
    why = "stands where it never runs"
    rule.drifts("def sell():\n    return 1\n    pay(tip=1)\n", line=3, why=why)


ARGS = '''\
def sell(cart):
    """Sells a cart.

    Args:
      cart: What is in the cart.
      tip: How much is given,
        in euros.{}
    """
    return cart
'''


def test_changes_lines_of_a_docstring() -> None:
    rule = part("tip: How much is given,\n  in euros.", "tip: What is left over.\nvat: A tax.")
    code = ARGS.format("\n      bag: Of paper.")
    lines = "      tip: How much is given,\n        in euros.\n"
    rule.changes(code, code.replace(lines, "      tip: What is left over.\n      vat: A tax.\n"))
    rule.ignores(code.replace("given,", "given"))


def test_adds_lines_to_a_docstring() -> None:
    rule = part("", "vat: How much goes\n  to the state.", follows="cart: What is in the cart.")
    code, line = ARGS.format(""), "      cart: What is in the cart.\n"
    more = "      vat: How much goes\n        to the state.\n"
    rule.changes(code, code.replace(line, line + more))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"""Sells it all.\n\n    Really.\n    """', '"""\n\n    Really.\n    """',
                     id="the first"),
        pytest.param('"""Sells.\n\n    Sells it all."""', '"""Sells.\n"""', id="the last"),
        pytest.param("'''Sells.\n\tSells it all.\n\tx y'''", "'''Sells.\n\tx y'''", id="by tabs"),
    ],
)  # fmt: skip
def test_removes_a_line_of_a_docstring(before: str, after: str) -> None:
    part("Sells it all.", "").changes(f"def sell():\n    {before}\n", f"def sell():\n    {after}\n")


@pytest.mark.parametrize(
    ("after", "literal"),
    [
        pytest.param("Sells it\nand more.", "'Sells it all.'", id="two lines in one"),
        pytest.param('Sells """it.', '"""Sells it all."""', id="quotation marks"),
        pytest.param("Sells \\ it\\", "'Sells it all.'", id="a backslash at the end"),
    ],
)
def test_a_docstring_stays_a_string(after: str, literal: str) -> None:
    rule = part("Sells it all.", after)
    assert rule.ignores(f"def sell():\n    {literal}\n").state is State.DRIFTED


def test_lines_of_a_docstring_with_windows_line_ends() -> None:
    code = ARGS.format("").replace("\n", "\r\n")
    rule = part("cart: What is in the cart.", "cart: What is in the cart.\nbag: Of some kind.")
    after = code.replace("the cart.\r\n", "the cart.\r\n      bag: Of some kind.\r\n")
    assert rule.plan(code.encode()).after == after.encode()


def test_says_what_comes_close_in_a_docstring() -> None:
    rule = part("tip: How much is given,\n  in dollars.", "tip: How much is left.")
    rule.drifts(ARGS.format(""), line=2, why="followed by other lines than expected")
    rule = part("tip: How much is taken.", "tip: How much is left.")
    why = "found `tip: How much is given,`, expected `tip: How much is taken.`"
    rule.drifts(ARGS.format(""), line=2, why=why)
    elsewhere = ARGS.format("").replace("def sell", "def buy")
    rule = part("cart: What is in the cart.", "cart: A cart to sell.")
    rule.drifts(elsewhere, line=2, why="stands in `buy`, expected in `sell`")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("pay(tip=1, vat=3)", "found `3`, expected `2`", id="another value"),
        pytest.param("pay(tip=1, vat=2 + x)", "an expression goes on", id="one that goes on"),
    ],
)
def test_says_what_differs(line: str, why: str) -> None:
    rule = trial("tip=1, vat=2", "tip=2, vat=2", Fragment(within="sell"))
    rule.drifts(SHOP.format(f"pay(cart)\n    {line}"), line=4, why=why)


def test_says_where_else_it_stands() -> None:
    rule = trial("tip=1", "tip=2", Fragment(within="sell"))
    rule.drifts("def buy():\n    pay(tip=1)\n", line=2, why="stands in `buy`, expected in `sell`")


def test_says_what_the_file_lacks() -> None:
    trial("tip=till()", "tip=1", Fragment()).misses("a = 1\n", "till", "tip")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (part("tip=1,\nvat=2", "tip=2"), "`tip=1,` in a line in `sell`"),
        (part("a", "b", holding="pay"), "`a` in a line that mentions `pay` in `sell`"),
        (part("", "b=1", follows="a,"), "a place right after `a,` in `sell`"),
        (part("some prose", "more of it"), "`some prose` in a docstring in `sell`"),
    ],
)
def test_says_what_it_wants(rule: object, words: str) -> None:
    assert rule.outcome("").wants == words  # type: ignore[attr-defined]


def test_a_short_quote_in_another_function_supersedes_nothing() -> None:
    one = ("tip=1", "tip=2", Fragment(within="sell"))
    section = made_up(one, ("tip=2", "tip=3", Fragment(within="buy")))
    assert not section.superseding_rules(section.rules[0])
    section = made_up(one, ("tip=2", "tip=3", Fragment(within="sell")))
    assert section.superseding_rules(section.rules[0]) == section.rules[1:]
    plan = planned(section, "def sell():\n    pay(tip=1)\n")
    assert plan.after == b"def sell():\n    pay(tip=3)\n"
    assert [each.state for each in plan.outcomes_after] == [State.APPLIED] * 2


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("match a:\n   case 1:\n     pay(\n  tip={})\n", id="a case"),
        pytest.param(
            "if a:\n    if b:\n        pay(\n  '''x\ny''',\n    tip={})  # c\n", id="less"
        ),
        pytest.param("if a:\n\tif b:\n\t  pay(\n\t tip={}, \\\n  a=1)\n", id="tabs and spaces"),
        pytest.param("a = 1; pay(tip={}); b = 2 # c\n", id="several in a line"),
        pytest.param("a = 1\npay(tip={})", id="no line end"),
        pytest.param("if a:\n  pay(  # c\r\n    tip={},\r\n\n    )\n", id="mixed line ends"),
        pytest.param("try:\n    a()\nexcept B:\n    pay(tip={})\nelse:\n    c()\n", id="an except"),
        pytest.param(
            "if a:\n    b()\nelif c:\n    if pay(\ntip={}):\n      d()\n", id="in an elif"
        ),
        pytest.param(
            "class A:\n  x = 1\n  @pay(\n tip={})\n  # c\n  def f(): ...\n", id="a method"
        ),
        pytest.param("async def f():\n  async with pay(tip={}) as a, b: ...\n", id="async with"),
    ],
)
def test_keeps_every_other_byte(code: str) -> None:
    scope = "A" if code.startswith("class") else "f" if code.startswith("async") else ""
    rule = trial("tip=1", "tip=2", Fragment(within=scope))
    plan = rule.plan(code.format(1).encode())
    assert plan.after == code.format(2).encode()
    assert rule.plan(plan.after).outcomes[0].state is State.APPLIED


def test_lines_are_as_in_the_quotes_where_the_file_has_them_so() -> None:
    rule = trial("price=1, tip=2,\nvat=3", "price=1,\ntip=4, vat=3", Fragment())
    rule.changes("pay(price=1, tip=2,\n    vat=3)\n", "pay(price=1,\n    tip=4, vat=3)\n")
    rule.changes("pay(price=1,  # c\n    tip=2, vat=3)\n", "pay(price=1,  # c\n    tip=4, vat=3)\n")


def test_prose_uses_no_names() -> None:
    both = (
        ("import till", "import bank", ImportModule()),
        ("A till of mine.", "The bank of mine.", Fragment()),
    )
    plan = planned(made_up(*both), "'''A till of mine.'''\nx = 1\n")
    assert plan.outcomes[1].state is State.PENDING
