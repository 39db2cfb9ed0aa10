"""Modules as blocks of statements, and back."""

import sys

import libcst as cst
import pytest

from patcher.code.outline import clauses
from tests.code.modules import line, outlined

NESTED = """\
class Shop:
    open = True

    def sell(self, item):
        if item:
            total = 1

            def price():
                return 2
        return total

    async def close(self): pass
with lock:
    rent = 3
"""


def test_lines_belong_to_the_class_or_function_around_them() -> None:
    blocks = outlined(NESTED)
    scopes = {quote: line(blocks, quote).suite.scope for quote in ("open", "total", "return total")}
    assert scopes == {"open": "Shop", "total": "Shop.sell", "return total": "Shop.sell"}
    assert line(blocks, "return 2").suite.scope == "Shop.sell.price"
    assert line(blocks, "rent").suite.scope == ""
    assert blocks.scopes == {"", "Shop", "Shop.sell", "Shop.sell.price"}


def test_blocks_within_a_scope_are_not_those_of_a_function_inside_it() -> None:
    found = outlined(NESTED).within("Shop.sell")
    nodes = [type(each.node) for suite in found for each in suite.lines]
    assert nodes == [cst.If, cst.SimpleStatementLine, cst.SimpleStatementLine, cst.FunctionDef]


def test_a_block_knows_the_line_that_it_belongs_to() -> None:
    blocks = outlined(NESTED)
    owner = line(blocks, "total").suite.owner
    assert owner is line(blocks, "if item")
    assert blocks.suites[0].owner is None
    assert line(blocks, "if item").suites == [line(blocks, "total").suite]


def test_each_block_has_its_own_indent() -> None:
    blocks = outlined("if a:\n  b\nif c:\n    d\nif e:\n    f\n")
    assert [suite.indent for suite in blocks.suites[1:]] == ["  ", "    ", "    "]


FROM_3_11 = pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no except*")
EVERYWHERE = [
    pytest.param("old()\n", id="module"),
    pytest.param("if a:\n    old()\nelif b:\n    x()\nelse:\n    y()\n", id="if"),
    pytest.param("if a:\n    x()\nelif b:\n    old()\nelse:\n    y()\n", id="elif"),
    pytest.param("if a:\n    x()\nelif b:\n    y()\nelse:\n    old()\n", id="else behind an elif"),
    pytest.param("try:\n    old()\nfinally:\n    x()\n", id="try"),
    pytest.param("try:\n    x()\nexcept A:\n    y()\nexcept B:\n    old()\n", id="except"),
    pytest.param("try:\n    x()\nexcept* A:\n    old()\n", id="except group", marks=FROM_3_11),
    pytest.param("try:\n    x()\nexcept A:\n    y()\nelse:\n    old()\n", id="else of a try"),
    pytest.param("try:\n    x()\nfinally:\n    old()  # at last\n", id="finally"),
    pytest.param("for a in b:\n    x()\nelse:\n    old()\n", id="else of a loop"),
    pytest.param("while a:\n    old()\n    # below\n", id="while"),
    pytest.param("match a:\n    case 1:\n        x()\n    case _:\n        old()\n", id="case"),
    pytest.param("async def f():\n    async with a:\n        old()\n", id="async"),
    pytest.param("@a\nclass B:\n    @c\n    def d(self):\n        old()\n", id="method"),
]


@pytest.mark.parametrize("code", EVERYWHERE)
def test_an_edit_is_made_in_a_block_of_any_kind(code: str) -> None:
    blocks = outlined(code)
    assert blocks.rebuild().module is blocks.module
    line(blocks, "old()").node = cst.parse_statement("new()\n")
    after = blocks.rebuild().module.code
    assert after == code.replace("old()  # at last", "new()").replace("old()", "new()")


def test_only_the_path_to_an_edit_is_copied() -> None:
    blocks = outlined("a = 1\nif b:\n    c = 2\nif d:\n    e = 3\n")
    line(blocks, "c").node = cst.parse_statement("c = 4\n")
    body = blocks.rebuild().module.body
    assert [one is other for one, other in zip(body, blocks.module.body, strict=True)] == [
        True,
        False,
        True,
    ]


def test_a_line_is_found_again_in_the_edited_module() -> None:
    blocks = outlined("if a:\n    b = 1\nc = 2\n")
    owner, gone = line(blocks, "if a"), line(blocks, "c = 2")
    line(blocks, "b").node = cst.parse_statement("b = 3\n")
    blocks.suites[0].lines.remove(gone)
    rebuilt = blocks.rebuild()
    assert rebuilt.nodes[id(owner)] is rebuilt.module.body[0]
    assert id(gone) not in rebuilt.nodes


def test_comments_may_stand_above_each_further_clause() -> None:
    code = "if a:\n    b\n# elif\nelif c:\n    d\n# else\nelse:\n    e\n"
    (branch,) = outlined(code).module.body
    assert [type(each) for each in clauses(branch)] == [cst.If, cst.Else]
    code = "try:\n    a\nexcept B:\n    c\nelse:\n    d\nfinally:\n    e\n"
    (attempt,) = outlined(code).module.body
    assert {type(each) for each in clauses(attempt)} == {cst.ExceptHandler, cst.Else, cst.Finally}
