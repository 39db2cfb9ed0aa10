"""Which names code mentions, reads and binds."""

import libcst as cst
import pytest

from patcher.code.bindings import (
    assigned,
    binding_lines,
    bound_by,
    is_bound,
    is_defined,
    is_local,
    mentioned,
    mentions,
    reads,
)
from patcher.code.quotes import code, statement, statements
from tests.code.modules import outlined

SALE = statement("if shop.open and len(cart) > 1:\n    total = price(item=cart)  # bag")


def test_names_are_mentioned_however_they_stand_but_not_those_of_python() -> None:
    assert mentioned(SALE) == {"shop", "open", "cart", "total", "price", "item"} - {"open"}
    assert mentions(SALE, "item")
    assert not mentions(SALE, "bag")


def test_attributes_keywords_and_imports_are_not_read() -> None:
    assert set(reads(SALE)) == {"shop", "len", "cart", "total", "price"}
    assert list(reads(statement("import shop as s"))) == []
    assert list(reads(statement("def f(a, b=c): pass"))) == ["f", "c"]


def test_a_name_is_read_as_often_as_it_stands() -> None:
    assert list(reads(statement("a = b + b"))) == ["a", "b", "b"]


def test_what_is_assigned_at_any_depth() -> None:
    code = "a = b = 1\nif c:\n    d = 2\ne.f = 3\ng[0] = 4"
    assert assigned(statements(code)) == {"a", "b", "d"}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("a = b = 1", {"a", "b"}),
        ("a, (b, [c]) = d", {"a", "b", "c"}),
        ("a: int = 1", {"a"}),
        ("a.b = c[d] = 1", set()),
        ("def f(a):\n    b = 1", {"f"}),
        ("class A:\n    b = 1", {"A"}),
        ("for a in b:\n    pass", {"a"}),
        ("with a as b, c:\n    pass", {"b"}),
        ("import a.b as c, d", {"c", "d"}),
        ("from a import b as c", {"c"}),
        ("a = 1; import b", {"a", "b"}),
        ("if a: b = 1", {"b"}),
        ("f(a)", set()),
    ],
)
def test_what_a_line_binds(line: str, names: set[str]) -> None:
    assert bound_by(statement(line)) == names


def test_imports_from_one_module_may_be_left_out() -> None:
    assert bound_by(statement("from a import b; from c import d"), but_from="a") == {"d"}
    assert bound_by(statement("from a import b"), but_from="") == {"b"}


MODULE = outlined("""\
from shop import till
if till:
    cart = 1
def f(bag):
    price = 2
""")


def test_the_lines_of_a_module_that_bind_a_name() -> None:
    found = [code(line.node) for line in binding_lines({"till", "cart", "price"}, MODULE)]
    assert found == ["from shop import till", "cart = 1"]
    assert [code(e.node) for e in binding_lines({"till", "cart"}, MODULE, "shop")] == ["cart = 1"]


@pytest.mark.parametrize(
    ("name", "bound", "defined"),
    [
        pytest.param("till", True, False, id="imported"),
        pytest.param("cart", True, True, id="set in a block"),
        pytest.param("f", True, True, id="a function"),
        pytest.param("price", False, False, id="a variable of a function"),
        pytest.param("bag", False, False, id="a parameter"),
    ],
)
def test_what_a_module_binds_and_defines(name: str, bound: bool, defined: bool) -> None:
    assert (is_bound(name, MODULE), is_defined(name, MODULE)) == (bound, defined)


def test_an_import_of_a_star_may_bind_any_name() -> None:
    blocks = outlined("from shop import *\n")
    assert is_bound("till", blocks)
    assert not is_defined("till", blocks)
    assert is_bound("till", outlined("import bank\nfrom shop import *\n"))


SCOPES = """\
total = 0
class Shop:
    cart = 1
    def sell(self, item):
        price = total
        def bill():
            return price, till
        global bag
        bag = 1
"""


@pytest.mark.parametrize(
    ("name", "scope", "local"),
    [
        pytest.param("item", "Shop.sell", True, id="a parameter"),
        pytest.param("price", "Shop.sell", True, id="a variable"),
        pytest.param("price", "Shop.sell.bill", True, id="a variable of a function around it"),
        pytest.param("total", "Shop.sell", False, id="a global that is read"),
        pytest.param("bag", "Shop.sell", False, id="a global that is set"),
        pytest.param("till", "Shop.sell.bill", False, id="a name that nothing binds"),
        pytest.param("cart", "Shop", False, id="a class has no variables of a function"),
        pytest.param("item", "Shop.buy", False, id="a function that is not there"),
    ],
)
def test_what_is_local_to_a_function(name: str, scope: str, local: bool) -> None:
    assert is_local(name, scope, SCOPES) == local


def test_code_that_cannot_be_compiled_has_no_locals() -> None:
    assert not is_local("a", "f", "def f(a):\n    global a\n")


def test_names_of_nodes_are_no_names_of_code() -> None:
    assert mentioned(cst.SimpleString("'cart'")) == frozenset()
