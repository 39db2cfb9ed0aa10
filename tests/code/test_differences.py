"""The smallest part in which code differs from a pattern."""

import libcst as cst
import pytest

from patcher.code.differences import difference
from patcher.code.quotes import statement

TRY = "try:\n    import a\nexcept ImportError:\n    a = None"


def pointed(pattern: str, other: str, *, in_blocks: bool = True) -> tuple[str, str]:
    """What a difference says, and the code that it points at."""
    found = difference(statement(pattern), statement(other), in_blocks=in_blocks)
    assert found
    return found.words, cst.Module([]).code_for_node(found.place).strip()


@pytest.mark.parametrize(
    ("pattern", "other", "words", "place"),
    [
        pytest.param("pay(cart, 1)", "pay(bag, 1)", "found `bag`, expected `cart`", "bag",
                     id="an argument"),
        pytest.param("pay(tip=1)", "pay(tip=2)", "found `2`, expected `1`", "2",
                     id="an argument by keyword"),
        pytest.param("pay(cart, 1)", "pay(cart)", "lacks `1`", "pay(cart)", id="one less"),
        pytest.param("pay(cart)", "pay(cart, tip=1)", "has `tip=1` as well", "tip=1",
                     id="one more"),
        pytest.param("pay(cart, ...)", "pay(bag, 1, 2)", "found `bag`, expected `cart`", "bag",
                     id="one of those that count"),
        pytest.param("till.pay(1)", "bank.pay(1)", "found `bank.pay`, expected `till.pay`",
                     "bank.pay", id="the callee"),
        pytest.param("x = [1, 2]", "x = [1]", "found `[1]`, expected `[1, 2]`", "[1]",
                     id="an element less"),
        pytest.param("x = a + b", "x = a - b", "found `-`, expected `+`", "-", id="an operator"),
        pytest.param("x = 1", "y = 2", "found `y = 2`, expected `x = 1`", "y = 2", id="all"),
        pytest.param("from a import b", "from c import b", "found `c`, expected `a`", "c",
                     id="the module"),
        pytest.param("from a import b, c", "from a import c, d", "found `d`, expected `b`", "d",
                     id="a name"),
        pytest.param("from a import b, c", "from a import c", "lacks `b`", "from a import c",
                     id="a name less"),
        pytest.param("from a import b", "from .a import b",
                     "found `from .a import b`, expected `from a import b`", "from .a import b",
                     id="a relative import"),
        pytest.param("from a import *", "from a import b",
                     "found `from a import b`, expected `from a import *`", "from a import b",
                     id="names for a star"),
        pytest.param("from a import b", "from a import *",
                     "found `from a import *`, expected `from a import b`", "from a import *",
                     id="a star for names"),
        pytest.param("flags.DEFINE_bool('a', True, 'A.')", "flags.DEFINE_bool('a', 1, 'B.')",
                     "found `1`, expected `True`", "1", id="the default of a flag"),
    ],
)  # fmt: skip
def test_points_at_the_smallest_part(pattern: str, other: str, words: str, place: str) -> None:
    assert pointed(pattern, other) == (words, place)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("ImportError", "KeyError", "found `KeyError`, expected `ImportError`",
                     id="what is caught"),
        pytest.param("import a", "import b", "found `b`, expected `a`", id="the first block"),
        pytest.param("a = None", "a = 1", "found `1`, expected `None`", id="the second block"),
        pytest.param("a = None", "a = None\n    b()", "has `b()` as well", id="a line more"),
        pytest.param("a = None", "a = None\nelse:\n    b()", "has `else:` as well",
                     id="a branch more"),
    ],
)  # fmt: skip
def test_points_inside_a_block(old: str, new: str, words: str) -> None:
    assert pointed(TRY, TRY.replace(old, new))[0] == words


def test_blocks_may_be_left_out() -> None:
    one, other = "if a is None: pass", "if b is None:\n    x()"
    assert pointed(one, other, in_blocks=False) == ("found `b`, expected `a`", "b")
    assert difference(statement(one), statement("if a is None: x()"), in_blocks=False) is None


def test_what_means_the_same_does_not_differ() -> None:
    assert difference(statement("pay( 'a' )"), statement('pay("a",)')) is None


def test_long_code_is_cut_and_control_characters_are_escaped() -> None:
    assert pointed("pay('')", "pay('\x07')")[0] == "found `'\\x07'`, expected `''`"
    words = pointed("pay(1)", f"pay('{'x' * 200}')")[0]
    assert words == f"found `'{'x' * 76}...`, expected `1`"
