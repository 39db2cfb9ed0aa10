"""Files that would take a parser minutes or gigabytes, and ordinary ones of a megabyte."""

import ast
from pathlib import Path

import libcst as cst
import pytest

import patcher
from patcher.code import bounds, source, syntax
from patcher.code.syntax import Fault
from patcher.errors import UnparsableError

# As Python allows from 3.12 on: its own quotes in it, and others.
QUOTES_IN_AN_F_STRING = b"""x = f"{"\'\'\'"}"\n"""


def many(line: str, size: int) -> bytes:
    return (line * (size // len(line))).encode()


def ordinary(size: int) -> bytes:
    """Our own code, once and again."""
    files = sorted(Path(patcher.__file__).parent.rglob("*.py"))
    lines = "".join(file.read_text("utf-8") for file in files).splitlines(keepends=True)
    code = "".join(line for line in lines if "__future__" not in line)
    return (code * (size // len(code) + 1)).encode()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(b"#" * 4_000_001, "4,000,001 bytes", id="size"),
        pytest.param(many("x\n", 4_000_000), "takes 4000 MB", id="equal lines"),
        pytest.param(many("x;", 1_000_000), "takes 1250 MB", id="one line of a megabyte"),
        pytest.param(b"x = [" + many("1,", 1_000_000), "takes 500 MB", id="a list"),
        pytest.param(b"x = " + many("(", 1_000_000), "takes 500 MB", id="brackets left open"),
        pytest.param(b'f"' + many("{a}", 200_000) + b'"', "an f-string", id="an f-string"),
        pytest.param(many('"a" ', 1_000_000), "500,000 quotation marks", id="strings"),
        pytest.param(many("'\n", 1_000_000), "500,000 quotation marks", id="strings left open"),
        pytest.param(many("def f(): pass\n", 4_000_000), "takes 1", id="functions"),
        pytest.param(
            QUOTES_IN_AN_F_STRING + many("x\n", 3_000_000),
            "takes 3000 MB",
            id="behind quotes in an f-string",
        ),
    ],
)
def test_pythons_parser_is_spared(
    content: bytes, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ast, "parse", lambda *_: pytest.fail("it was parsed"))
    fault = syntax.read(content)
    assert isinstance(fault, Fault)
    assert fault.reason.startswith(found)
    assert fault.wanted


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(many("x\n", 70_000), "takes 403 MB", id="equal lines"),
        pytest.param(many("x = " + "[" * 90 + "]" * 90 + "\n", 7_000), "takes", id="lists"),
        pytest.param(many("x = " + "f(" * 60 + ")" * 60 + "\n", 7_900), "takes", id="calls"),
        pytest.param(many("x = " + "(" * 90 + "1" + ")" * 90 + "\n", 40_000), "takes", id="signs"),
        pytest.param(b"x = f'{" + b"[" * 90 + many("[a],", 7_000) + b"]" * 90 + b"}'\n", "takes",
                     id="in an f-string"),
        pytest.param(many("x = " + "-" * 80 + "1\n", 50_000), "not valid Python (nested too",
                     id="signs before a value"),
        pytest.param(many("x = " + "lambda:" * 90 + "1\n", 60_000), "not valid Python (nested too",
                     id="lambdas"),
        pytest.param(many("x = a" + ".a" * 300 + "\n", 20_000), "not valid Python (nested too",
                     id="attributes"),
        pytest.param(b"x = a" + many(" or a", 40_000), "not valid Python (nested too", id="a row"),
        pytest.param(b"x = a" + many("()", 9_000), "not valid Python (nested too", id="one chain"),
        pytest.param(b"x = (" + many('"a" ', 9_000) + b")\n", "more than 400 strings",
                     id="strings in a row"),
        pytest.param(b"x = (" + many('b"a" ', 9_000) + b")\n", "more than 400 strings",
                     id="strings with a prefix in a row"),
        pytest.param(b"x = 0x" + b"f" * 50_000 + b"\n", "a name or number of 20,000",
                     id="a long number"),
        pytest.param(many("\n", 600_000), "takes 306 MB", id="blank lines"),
        pytest.param(b"x = \\\n" + many("\\\n", 300_000) + b"1\n", "takes", id="joined lines"),
    ],
)  # fmt: skip
def test_libcst_is_spared(content: bytes, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cst, "parse_module", lambda *_: pytest.fail("it was parsed"))
    with pytest.raises(UnparsableError) as caught:
        source.parse("main.py", content)
    assert caught.value.found.startswith(found)
    assert "nothing was changed" in str(caught.value)


def test_ordinary_code_of_a_megabyte_is_read() -> None:
    content = ordinary(1_000_000)
    assert len(content) > 1_000_000
    assert bounds.excess(content) is None
    module = syntax.read_to_edit(content)
    assert isinstance(module, ast.Module)


def test_ordinary_code_of_300_kilobytes_is_edited_as_a_whole() -> None:
    assert bounds.excess_to_edit(ordinary(1)[:300_000]) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"x = '" + b"(" * 50_000 + b"'\n", id="in a string"),
        pytest.param(b"# " + b"(" * 50_000 + b"\n", id="in a comment"),
        pytest.param(b'"""' + many("don't (\n", 100_000) + b'"""\n', id="in a text"),
        pytest.param(b"x = '\\'((('\n" + many("y = (1)\n", 8_000), id="behind a quoted quote"),
    ],
)
def test_what_is_no_code_does_not_count(content: bytes) -> None:
    assert bounds.excess_to_edit(content) is None
    assert source.parse("main.py", content).content == content


def test_what_a_tool_leaves_in_a_tree_does_not_count() -> None:
    """Some versions of Pyflakes leave the parent of each node: there would be no end of it."""
    tree, sum_ = ast.parse("x + 1\n"), ast.parse("1" + " + 1" * 500, mode="eval").body
    assert bounds.is_too_deep(ast.Module([ast.Expr(sum_)], []))
    setattr(tree.body[0], "_pyflakes_parent", sum_)  # noqa: B010, as no node declares it
    assert not bounds.is_too_deep(tree)
