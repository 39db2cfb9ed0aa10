"""Import statements, and where a module has them."""

import pytest

from patcher.code.imports import (
    Key,
    all_keys,
    imported_names,
    importing_lines,
    imports_in,
    keys,
    quoted_import,
    related_imports,
    sole_import,
    source,
    split_lines,
    star_imports,
)
from patcher.code.outline import Line
from patcher.code.quotes import code, statement
from tests.code.modules import outlined

WANTED = quoted_import("from shop import till, cart as c")
TILL, CART = ("till", None), ("cart", "c")


@pytest.mark.parametrize(
    ("quote", "place", "meant", "names"),
    [
        ("import shop", "", {("shop", None)}, {"shop"}),
        ("import shop.till as t", "", {("shop.till", "t")}, {"t"}),
        ("from shop import cart as c, till", "shop", {CART, TILL}, {"c", "till"}),
        ("from shop import till as till", "shop", {TILL}, {"till"}),
        ("from ..shop . till import cart", "..shop.till", {("cart", None)}, {"cart"}),
        ("from . import cart", ".", {("cart", None)}, {"cart"}),
    ],
)
def test_knows_source_and_names(quote: str, place: str, meant: set[Key], names: set[str]) -> None:
    node = quoted_import(quote)
    assert (source(node), keys(node), {*imported_names(node)}) == (place, meant, names)


@pytest.mark.parametrize(
    ("line", "count", "alone"),
    [
        pytest.param("import a, b  # why", 1, True, id="alone"),
        pytest.param("import a; import b", 2, False, id="two"),
        pytest.param("import a; b()", 1, False, id="with other code"),
        pytest.param("if a: import b", 1, False, id="behind a colon"),
        pytest.param("if a:\n    import b", 0, False, id="in a block"),
        pytest.param("from a import *", 0, False, id="of a star"),
    ],
)
def test_finds_the_imports_of_a_line(line: str, count: int, alone: bool) -> None:
    node = statement(line)
    assert (len(imports_in(node)), bool(sole_import(node))) == (count, alone)


def test_finds_imports_of_a_star() -> None:
    assert [source(each) for each in star_imports(statement("from a import *"))] == ["a"]
    assert not star_imports(statement("from a import b"))
    assert not star_imports(statement("import a"))


def texts(lines: list[Line]) -> list[str]:
    return [code(each.node) for each in lines]


MODULE = outlined("""\
from shop import till, cart as c, bag
from shop import till
if bag:
    from shop import cart as c, till
from other import till, cart as c
from shop import cart as c; bag()


def f():
    from shop import cart as c, till
""")


def test_finds_the_lines_that_import_all_names_of_a_source() -> None:
    whole, one, nested = (
        "from shop import till, cart as c, bag",
        "from shop import till",
        "from shop import cart as c, till",
    )
    assert texts([*importing_lines(WANTED, MODULE)]) == [whole, nested]
    assert texts([*importing_lines(WANTED, MODULE, {TILL})]) == [whole, one, nested]


def test_finds_the_lines_that_do_so_together() -> None:
    apart = outlined("from shop import till\nfrom shop import bag\nfrom shop import cart as c\n")
    found = split_lines(WANTED, apart, {TILL, CART})
    assert texts(found) == ["from shop import till", "from shop import cart as c"]
    assert all_keys(WANTED, apart) == {TILL, CART, ("bag", None)}
    assert split_lines(WANTED, apart, {TILL, ("cart", None)}) == []
    exact = outlined("from bank import till\nfrom shop import till\nfrom shop import cart as c\n")
    assert texts(split_lines(WANTED, exact, {TILL, CART})) == texts([*exact.lines()][1:])


@pytest.mark.parametrize(
    ("line", "related"),
    [
        pytest.param("from shop import bag", True, id="other names of the source"),
        pytest.param("def f():\n    from shop import till", True, id="in a function"),
        pytest.param("from shop import *", True, id="all names of the source"),
        pytest.param("from bank import *", False, id="all names of another one"),
        pytest.param("from bank import till", False, id="the name from another source"),
        pytest.param("from .shop import till", False, id="a relative source"),
    ],
)
def test_finds_imports_of_the_source(line: str, related: bool) -> None:
    assert bool([*related_imports(WANTED, outlined(f"{line}\n"))]) == related


def test_plain_imports_are_related_by_their_names_alone() -> None:
    wanted = quoted_import("import shop as s")
    found = [code(each) for _, each in related_imports(wanted, outlined("import shop\nimport a\n"))]
    assert found == ["import shop"]
