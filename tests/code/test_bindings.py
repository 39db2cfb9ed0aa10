"""Which names code mentions, reads and binds."""

import libcst as cst
import pytest

from patcher.code.bindings import (
    assigned,
    binding_lines,
    bound_by,
    bound_elsewhere,
    exported,
    is_bound,
    is_local,
    mentioned,
    mentions,
    parameters_of,
    reads,
)
from patcher.code.quotes import code, header, statement, statements
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
    ("name", "bound"),
    [
        pytest.param("till", True, id="imported"),
        pytest.param("cart", True, id="set in a block"),
        pytest.param("f", True, id="a function"),
        pytest.param("price", False, id="a variable of a function"),
        pytest.param("bag", False, id="a parameter"),
    ],
)
def test_what_a_module_binds(name: str, bound: bool) -> None:
    assert is_bound(name, MODULE) is bound


@pytest.mark.parametrize(
    "line",
    ["a += 1", "del a", "a: int = 1", "b, (c, *a) = d", "for a in b: c()", "with b as (a, c): d()",
     "try: b()\nexcept c as a: d()", "import b as a", "if b: a = 1"],
)  # fmt: skip
def test_a_line_binds_a_name_in_any_way(line: str) -> None:
    assert "a" in bound_by(statement(line))


@pytest.mark.parametrize("line", ["a.b = 1", "a[b] = 1", "b = a", "b(a=1)", "a", "import b.a"])
def test_a_line_that_mentions_a_name_does_not_bind_it(line: str) -> None:
    assert "a" not in bound_by(statement(line))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f():\n    global a, b\n    a = 1\n", ["a = 1"]),
        ("def f():\n    global a\n    if b:\n        del a\n", ["del a"]),
        ("def f():\n    global a\n    b(a)\n", []),
        ("def f():\n    a = 1\ndef g():\n    global b\n", []),
        ("print(a := 1)\n", ["print(a := 1)"]),
        ("if (a := b()):\n    c()\n", ["if (a := b()):"]),
        ("print(b := a)\n", []),
    ],
)
def test_a_name_of_the_module_may_be_bound_elsewhere(code: str, found: list[str]) -> None:
    assert [header(e.node) for e in bound_elsewhere("a", outlined(code))] == found


@pytest.mark.parametrize(
    "code",
    ["__all__ = ['a', 'b']", "__all__ = ('a', *more)", "__all__: list = ['a']", "__all__ += ['a']",
     "__all__.append('a')", "__all__.extend(['a'])", "if b:\n    __all__ = ['a'] + b.__all__"],
)  # fmt: skip
def test_what_a_module_exports(code: str) -> None:
    assert "a" in exported(outlined(f"{code}\n").module)
    assert "a" not in exported(outlined(code.replace("__all__", "every") + "\n").module)


def test_the_parameters_of_a_function_are_those_that_it_has_now() -> None:
    blocks = outlined("class A:\n    def f(self, a, *, b=1, **c):\n        def g(d): pass\n")
    assert parameters_of("A.f", blocks) == {"self", "a", "b", "c"}
    assert parameters_of("A", blocks) == parameters_of("", blocks) == set()


def test_an_import_of_a_star_may_bind_any_name() -> None:
    blocks = outlined("from shop import *\n")
    assert is_bound("till", blocks)
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
