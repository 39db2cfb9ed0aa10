"""Files of which rules see a part."""

import ast

import libcst as cst
import pytest

from patcher import engine
from patcher.edits.kinds import CommentBlock, IfTest, ImportFrom, Statement
from patcher.engine import excerpt
from patcher.engine.excerpt import Excerpt, views
from patcher.model import Edit, Section, State
from tests.rule_check import made_up, planned

ASK = ("if till is not None:", "if is_open():", IfTest(within="Shop.sell"))
GONE = ("from shop import cart", "", ImportFrom())
SECTION = made_up(ASK)


def part(content: bytes, section: Section = SECTION) -> Excerpt:
    found = next(views(content, [section]))
    assert not found.whole
    return found


CODE = b"""\
import shop


@one
@two
def f(x):  # gone
    def g():
        pass
    # inside
    return g

# between
class A:
    x = 1
async def h(): pass
y = 1
"""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CODE, id="as it is"),
        pytest.param(CODE.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(CODE.replace(b"\n", b"\r"), id="CR"),
        pytest.param(b"\xef\xbb\xbf" + CODE, id="BOM"),
        pytest.param(CODE[:-7] + b" # end", id="no newline at the end"),
        pytest.param(CODE.replace(b"x = 1", b"x = '_effpatch_0 _effpatch_1'"), id="our own words"),
        pytest.param(b"# -*- coding: latin-1 -*-\n" + CODE.replace(b"gone", b"\xe9"), id="latin-1"),
        pytest.param(CODE.replace(b"    return g", b"\x0c\n    return g"), id="form feed"),
    ],
)
def test_what_is_left_out_comes_back(content: bytes) -> None:
    view = part(content)
    assert b"return g" not in view.content
    assert view.restored(view.content) == content
    ast.parse(view.content)


def test_lines_are_those_of_the_whole_file() -> None:
    view = part(CODE)
    lines = view.content.decode().splitlines()
    numbers = dict(zip(lines, view.numbers(view.content), strict=False))
    whole = CODE.decode().splitlines()
    assert whole[numbers["# between"] - 1] == "# between"
    assert whole[numbers["y = 1"] - 1] == "y = 1"
    assert numbers["import shop"] == 1


SHOP = b"""\
class Shop:
    x = 1

    @property
    def gone(self):
        return 1
        # behind it
    def sell(self):
        if till is not None:
            pass

    def also(self): return 2  # on one line

    class Inner:
        def third(self):
            return 3
y = 1
"""


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_of_a_class_the_methods_are_left_out(newline: bytes) -> None:
    content = SHOP.replace(b"\n", newline)
    view = part(content)
    for kept in (b"def sell", b"x = 1", b"y = 1"):
        assert kept in view.content
    for gone in (b"return 1", b"return 2", b"return 3", b"@property"):
        assert gone not in view.content
    assert view.restored(view.content) == content
    plan = planned(SECTION, content)
    assert plan.outcomes[0].sites[0].line == 9
    assert plan.after == content.replace(b"till is not None", b"is_open()")


def test_what_any_rule_names_is_seen_with_what_is_inside() -> None:
    section = made_up(ASK, ("a()", "b()", Statement(within="buy")))
    code = b"x\n\ndef buy():\n    def inner():\n        return 4\n"
    view = part(SHOP + code, section)
    for kept in (b"def sell", b"def buy", b"def inner", b"return 4"):
        assert kept in view.content
    assert b"return 1" not in view.content


OTHERS = b"import a\n\n\ndef other():\n    {}\n\n\ndef gone():\n    return 1\n"


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        pytest.param([GONE], b"cart()", id="a name of an import that is removed"),
        pytest.param([("", "from shop import cart", ImportFrom())], b"cart = 1", id="or added"),
        pytest.param([("import shop", "", Statement())], b"shop()", id="of statements removed"),
        pytest.param([("# pay(cart)", "", CommentBlock())], b"# pay", id="a word of a comment"),
        pytest.param([("", "f.DEFINE_bool('tip', 1)", Statement())], b"tip", id="an added flag"),
        pytest.param([("", "from a import b", Statement())], b"b = 1", id="an added statement"),
        pytest.param(
            [("", "from a import b", ImportFrom()), ("x()", "x(b())", Statement())],
            b"y.b()", id="what an edit newly calls",
        ),
    ],
)  # fmt: skip
def test_a_function_that_mentions_what_rules_are_about_is_seen(
    edits: list[tuple[str, str, Edit]], code: bytes
) -> None:
    view = part(
        OTHERS.replace(b"{}", code + b"; pass" if b"#" not in code else b"pass  " + code),
        made_up(*edits),
    )
    assert code in view.content
    assert b"return 1" not in view.content


def test_an_import_that_a_part_left_out_would_use_stays() -> None:
    uses = OTHERS.replace(b"import a", b"from shop import cart").replace(b"{}", b"cart()")
    plan = planned(made_up(GONE), uses)
    assert plan.after == uses
    assert plan.outcomes[0].state is State.DRIFTED
    assert plan.outcomes[0].nearest
    assert plan.outcomes[0].nearest.why == "`cart` is still used in this file"
    unused = uses.replace(b"cart()", b"pay()")
    assert planned(made_up(GONE), unused).after == unused.partition(b"\n")[2]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"def (:\n", id="no Python"),
        pytest.param(b"import os\n", id="nothing to leave out"),
        pytest.param(b"def first(): pass\n", id="a definition on the first line"),
        pytest.param(b"x\ndef is_open():\n    pass\n", id="a function that quotes name"),
        pytest.param(b"x\n" * 150_001 + b"def f(): pass\n", id="too long to be parsed"),
    ],
)
def test_else_the_whole_file_is_seen(content: bytes) -> None:
    assert [view.whole for view in views(content, [SECTION])] == [True]


def test_the_whole_file_is_seen_last() -> None:
    *_, last = views(CODE, [SECTION])
    assert (last.whole, last.content) == (True, CODE)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(SHOP, id="pending"),
        pytest.param(SHOP.replace(b"till is not None", b"is_open()"), id="applied"),
        pytest.param(SHOP.replace(b"till is not None", b"till"), id="drifted"),
        pytest.param(SHOP.replace(b"till is not None", b"a"), id="absent"),
        pytest.param(SHOP.replace(b"till", b"t") + b"def f():\n    till()\n", id="elsewhere"),
    ],
)
def test_a_part_shows_what_the_whole_shows(code: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    in_part, steps = planned(SECTION, code), engine.steps([SECTION], code)
    monkeypatch.setattr(excerpt, "_excerpt", lambda *_: None)
    assert planned(SECTION, code) == in_part
    assert engine.steps([SECTION], code) == steps


def test_of_a_large_file_what_no_rule_can_be_about_is_never_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes, parse = list[int](), cst.parse_module

    def counted(text: bytes) -> cst.Module:
        sizes.append(len(text))
        return parse(text)

    monkeypatch.setattr(cst, "parse_module", counted)
    other = "def work_{0}(a):\n" + "    b = a.c(a, [1, 2]) + other(a)\n" * 20
    large = "".join(other.format(number) for number in range(1000)).encode()
    drifted = SHOP.replace(b"till is not None", b"till")
    expected = [(each.id, each.state) for each in planned(SECTION, drifted).outcomes]
    sizes.clear()
    found = planned(SECTION, drifted + large)
    assert [(each.id, each.state) for each in found.outcomes] == expected
    assert found.after.endswith(large)
    assert sizes
    assert max(sizes) < len(large) // 10


def test_of_a_large_file_no_function_is_left_out_that_alone_has_a_name() -> None:
    other = "class C{0}:\n  def work(a):\n" + "    b = a.c(a, [1, 2]) + other(a)\n" * 20
    large = "".join(other.format(number) for number in range(1000))
    code = f"import shop\n{large}\nclass Last:\n  def last(a):\n    a(till)\n"
    *_, seen, _ = views(code.encode(), [SECTION])
    assert seen.is_last
    assert b"a(till)" in seen.content
    assert len(seen.content) < len(code) // 5


def test_the_names_that_stand_in_are_found_with_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, look = list[bytes](), excerpt._unused_name

    def counted(content: bytes) -> bytes:
        looked.append(content)
        return look(content)

    monkeypatch.setattr(excerpt, "_unused_name", counted)
    many = "".join(f"def f{number}(): pass\n" for number in range(20_000))
    code = f"x = '_effpatch_0 _effpatch__'\n{many}".encode()
    seen = part(code)
    assert seen.restored(seen.content) == code
    assert seen.content.count(b"_effpatch___") == 20_000
    assert len(looked) == 1
