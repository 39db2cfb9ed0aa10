"""Kind and place of quoted edits, found by trying them on a file."""

from textwrap import dedent

import pytest

from patcher.drafting.draft import Mark
from patcher.drafting.from_document.quoted import Quoted
from patcher.drafting.from_document.search import search
from patcher.drafting.from_document.wanted import Wanted
from patcher.edits.kinds import (
    CallArgument,
    CommentBlock,
    FlagDefault,
    IfStatement,
    IfTest,
    ImportFrom,
    Kind,
    ParameterDefault,
    Parameters,
    Statement,
)

FILE = '''
"""A shop."""

import os
from goods import price, stock

flags.DEFINE_string('name', 'shop', 'What it is called')


def opens(day, hour=8):
    # Not on holidays.
    # is_holiday(day)
    if stock is not None:
        count(stock.shelves, limit=10)
    if stock is not None:
        sort(stock.letters, limit=20)
    total = price(day)
    return total


class Till:
    def add(self, item):
        if stock is not None:
            stock.take(item)
        self.total = self.total + price(item)
        return self.total
'''


def found(*edits: tuple[str, str], file: str = FILE, ported: str = "") -> list[Wanted]:
    wanted = [
        Wanted(number, Quoted(before, after)) for number, (before, after) in enumerate(edits, 1)
    ]
    search("shop.py", file.encode(), wanted, ported.encode())
    return wanted


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        pytest.param(
            "from goods import price, stock",
            "from goods import price, stock, sort",
            ImportFrom(),
            id="names that are imported",
        ),
        pytest.param(
            "flags.DEFINE_string('name', 'shop',",
            "flags.DEFINE_string('name', 'store',",
            FlagDefault(),
            id="the default of a flag whose quote ends behind it",
        ),
        pytest.param(
            "def opens(day, hour=8):",
            "def opens(day, hour=9):",
            ParameterDefault(),
            id="the default of a parameter",
        ),
        pytest.param(
            "def opens(day, hour=8):",
            "def opens(day, hour=8, minute=0):",
            Parameters(),
            id="a parameter more",
        ),
        pytest.param(
            "limit=20)",
            "limit=30)",
            CallArgument(within="opens", call="sort"),
            id="an argument, of the one call that has that value",
        ),
        pytest.param(
            "# Not on holidays.\n# is_holiday(day)\n",
            "",
            CommentBlock(within="opens"),
            id="comments that go",
        ),
        pytest.param(
            "if stock is not None:\n    stock.take(item)",
            "if stock:\n    stock.take(item)",
            IfStatement(within="Till.add"),
            id="an `if` with its block",
        ),
        pytest.param(
            "self.total = self.total + price(item)",
            "self.total += price(item)",
            Statement(within="Till.add"),
            id="a statement",
        ),
        pytest.param("", "import sys", None, id="an import that is added"),
    ],
)
def test_what_one_place_holds_is_unique(before: str, after: str, edit: Kind | None) -> None:
    (one,) = found((before, after))
    assert one.mark is Mark.UNIQUE, one.found
    assert edit in (None, one.edit)


def test_equal_quotes_are_told_apart_by_their_order() -> None:
    edit = ("if stock is not None:", "if stock:")
    first, second, third = found(edit, edit, edit)
    assert [each.mark for each in (first, second, third)] == [Mark.BY_ORDER] * 3
    assert first.edit == IfTest(within="opens", holding="shelves")
    assert second.edit == IfTest(within="opens", holding="letters")
    assert third.edit == IfTest(within="Till.add")


def test_a_place_that_a_longer_quote_has_is_not_anothers() -> None:
    edit = ("if stock is not None:", "if stock:")
    taken = ("if stock is not None:\n    stock.take(item)", "if stock:\n    stock.take([item])")
    *rest, whole = found(edit, edit, taken)
    assert whole.edit == IfStatement(within="Till.add")
    assert [each.edit and each.edit.within for each in rest] == ["opens", "opens"]


def test_fewer_edits_than_places_are_not_guessed() -> None:
    (one,) = found(("if stock is not None:", "if stock:"))
    assert one.mark is Mark.UNRESOLVED
    assert one.found == "3 places have the quote of 1 edit: lines 13, 15, 23"


def test_a_port_shows_which_place_is_meant() -> None:
    ported = FILE.replace("if stock is not None:\n            ", "if stock:\n            ")
    (one,) = found(("if stock is not None:", "if stock:"), ported=ported)
    assert one.mark is Mark.BY_PORT, one.found
    assert one.edit == IfTest(within="Till.add")


def test_a_port_shows_where_code_is_added() -> None:
    ported = FILE.replace("total = price(day)", "total = price(day)\n    log(total)")
    (one,) = found(("", "log(total)"), ported=ported)
    assert one.mark is Mark.BY_PORT, one.found
    assert one.edit == Statement(within="opens", follows="total = price(day)")


def test_code_that_is_added_has_no_place_without_a_port() -> None:
    (one,) = found(("", "log(total)"))
    assert one.mark is Mark.UNRESOLVED
    assert one.found == "the document names no place for what is added"


def test_an_edit_of_what_an_earlier_one_writes() -> None:
    first, second = found(
        ("total = price(day)", "total = price(day, hour)"),
        ("total = price(day, hour)", "total = 2 * price(day, hour)"),
    )
    assert (first.mark, second.mark) == (Mark.UNIQUE, Mark.UNIQUE)
    assert second.found == "line 17, once the edits before are made"


def test_tests_that_edits_make_alike_are_told_apart() -> None:
    file = dedent("""
        def serve(guests):
            if guests.many:
                lay(tables)
            if guests.few:
                open_bar()
            """)
    first, second = found(
        ("if guests.many:", "if guests:"), ("if guests.few:", "if guests:"), file=file
    )
    assert first.edit == IfTest(within="serve", holding="tables")
    assert second.edit == IfTest(within="serve", holding="open_bar")


def test_what_only_means_much_the_same_is_not_taken_for_it() -> None:
    file = FILE.replace(
        "if stock is not None:\n            ", "if stock is not None and item:\n            "
    )
    edit = ("if stock is not None:", "if stock:")
    one, two = found(edit, edit, file=file)
    assert {each.edit.within for each in (one, two) if each.edit} == {"opens"}


BRANCHES = dedent("""
    def serve(guests):
        if guests:
            lay(tables)
        else:
            close(doors)
        if rain:
            pass
        else:
            wait(5)
    """)


def test_the_block_of_an_else() -> None:
    (one,) = found(
        ("else:\n    close(doors)\n", "else:\n    close(doors, gently=True)\n"), file=BRANCHES
    )
    assert (one.mark, one.edit) == (Mark.UNIQUE, Statement(within="serve"))
    assert one.quoted == Quoted("close(doors)\n", "close(doors, gently=True)\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("else:\n    lay(tables)\n", "else:\n    lay()\n", id="not of an else"),
        pytest.param("else:\n    wait(5)\n", "elif x:\n    wait(5)\n", id="another branch"),
        pytest.param("else:\n    wait(5)\n", "else:\n", id="no block"),
        pytest.param("else:\n    wait(5)\n", "", id="a branch that goes"),
        pytest.param("else:\n    wait(\n", "else:\n    wait(5\n", id="no whole block"),
        pytest.param("else:\n    wait(5)\nb = 1\n", "else:\n    b = 1\n", id="more than a block"),
    ],
)
def test_what_is_not_the_block_of_an_else(before: str, after: str) -> None:
    (one,) = found((before, after), file=BRANCHES)
    assert one.mark is Mark.UNRESOLVED


def test_a_statement_that_holds_what_it_becomes() -> None:
    file = BRANCHES.replace("    if rain:", "    sing(song)\n    if rain:")
    edit = ("if rain:\n    pass\nelse:\n    wait(5)\n", "wait(5)\n")
    (one,) = found(edit, file=file)
    assert (one.mark, one.edit) == (Mark.UNIQUE, Statement(within="serve"))
    assert one.quoted.after == "sing(song)\nwait(5)\n"
    (one,) = found(edit, file=BRANCHES)  # with no simple line above or below
    assert one.mark is Mark.UNRESOLVED
    assert one.quoted == Quoted(*edit)


def test_a_statement_of_which_the_scope_has_the_later_form_elsewhere() -> None:
    file = "def count():\n    a = 1\n    print(a)\n    a = 2\n    print(-a)\n"
    (one,) = found(("a = 1", "a = 2"), file=file)
    assert (one.mark, one.edit) == (Mark.UNIQUE, Statement(within="count"))
    assert one.quoted == Quoted("a = 1\nprint(a)\n", "a = 2\nprint(a)\n")


def test_alike_edits_in_two_functions_keep_their_own_neighbours() -> None:
    file = dedent("""
        def one():
            a()
            log()
            b()


        def two():
            c()
            log()
            d()
            log(2)
        """)
    edit = ("log()", "log(2)")
    first, second = found(edit, edit, file=file)
    assert [each.edit and each.edit.within for each in (first, second)] == ["one", "two"]
    assert [each.mark for each in (first, second)] == [Mark.BY_ORDER] * 2
    assert second.quoted == Quoted("c()\nlog()\n", "c()\nlog(2)\n")


CLASS = """
class Till:
    limit = 10

    def open(self, limit=10):
        connect(self, limit=10)

    def close(self, limit=10):
        done = 0

    def refill(self):
        connect(self, limit=10)


def shut(limit=10):
    done = 1
"""


def in_scopes(*edits: tuple[str, str, str]) -> list[Wanted]:
    """Edits that a document says are in some function, searched in a file."""
    wanted = [
        Wanted(number, Quoted(before, after, (scope,)))
        for number, (scope, before, after) in enumerate(edits, 1)
    ]
    search("shop.py", CLASS.encode(), wanted)
    return wanted


def test_a_default_is_in_the_function_that_has_it() -> None:
    one, other = in_scopes(("Till.close", "limit=10", "limit=30"), ("shut", "limit=10", "limit=20"))
    assert (one.mark, other.mark) == (Mark.UNRESOLVED, Mark.UNIQUE)
    assert other.found.startswith("line 15,")


def test_a_call_in_a_function_is_not_its_attribute() -> None:
    (call,) = in_scopes(("Till.refill", "limit=10", "limit=20"))
    assert call.edit == CallArgument(within="Till.refill", call="connect")


def test_a_scope_that_lacks_the_quote_has_no_place() -> None:
    (lost,) = in_scopes(("Till.open", "done = 0", "done = 2"))
    assert (lost.edit, lost.mark) == (None, Mark.UNRESOLVED)
    assert lost.found == "`Till.open`, which the document names, does not contain the quote"
    (unknown,) = in_scopes(("Missing.open", "done = 0", "done = 2"))
    assert unknown.mark is Mark.UNIQUE


def test_a_statement_that_is_added_goes_where_the_scope_is() -> None:
    wanted = [
        Wanted(number, Quoted("", "go()\n", (scope,), "done = 0"))
        for number, scope in enumerate(("Till.close", "shut"), 1)
    ]
    search("shop.py", CLASS.encode(), wanted)
    assert [each.mark for each in wanted] == [Mark.UNIQUE, Mark.UNRESOLVED]


def test_what_is_added_at_the_head_of_a_block_is_quoted_with_the_statement_below() -> None:
    wanted = Wanted(1, Quoted("", "if not ready:\n    return\n", precedes="done = 0"))
    search("shop.py", CLASS.encode(), [wanted])
    assert (wanted.mark, wanted.edit) == (Mark.UNIQUE, Statement(within="Till.close"))
    assert wanted.found == "before `done = 0`, which is quoted as well"
    assert wanted.quoted.before == "done = 0\n"
    assert wanted.quoted.after == "if not ready:\n    return\ndone = 0\n"


def test_a_statement_that_is_named_as_above_decides() -> None:
    code = b"def a():\n    connect()\n\ndef b():\n    send(1)\n"
    quoted = Quoted("", "start()\n", follows="connect()", precedes="send(1)")
    wanted = Wanted(1, quoted)
    search("shop.py", code, [wanted])
    assert wanted.edit == Statement(within="a", follows="connect()")


@pytest.mark.parametrize("first", ['"""About it."""', "from __future__ import annotations"])
def test_nothing_goes_above_what_has_to_be_first(first: str) -> None:
    wanted = Wanted(1, Quoted("", "start()\n", precedes=first))
    search("shop.py", f"{first}\nrun()\n".encode(), [wanted])
    assert wanted.mark is Mark.UNRESOLVED


def test_of_two_such_statements_the_scope_shows_which() -> None:
    code = CLASS.replace("done = 1", "done = 0").encode()
    for scopes, mark in (((), Mark.UNRESOLVED), (("shut",), Mark.UNIQUE)):
        wanted = Wanted(1, Quoted("", "go()\n", scopes, precedes="done = 0"))
        search("shop.py", code, [wanted])
        assert wanted.mark is mark
    assert wanted.edit == Statement(within="shut")


def test_nothing_is_quoted_with_the_header_of_a_block() -> None:
    code = b"def sell():\n    if open:\n        pay()\n"
    wanted = Wanted(1, Quoted("", "go()\n", precedes="if open:"))
    search("shop.py", code, [wanted])
    assert wanted.mark is Mark.UNRESOLVED
