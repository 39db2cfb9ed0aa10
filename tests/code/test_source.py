import pytest

from patcher.code import source
from patcher.errors import UnparsableError


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x = 1", id="no newline at the end"),
        pytest.param(b"x = 1\r\nif x:\r\n\ty = 2\r\n", id="CRLF and a tab"),
        pytest.param(b"x = 1\r\ny = 2\nz = 3\n", id="mixed line ends"),
        pytest.param(b"\xef\xbb\xbfx = 1\n", id="BOM"),
        pytest.param(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", id="coding line"),
        pytest.param("# 分\nx = '分'\n".encode(), id="Chinese without a coding line"),
        pytest.param(b"x = 1\n\x0c\ny = 2\n", id="form feed between statements"),
        pytest.param(b"if x:\n    y\n  # odd\n\n    # indents\n", id="comments at odd indents"),
    ],
)
def test_prints_what_it_read(content: bytes) -> None:
    parsed = source.parse("main.py", content)
    assert parsed.module.bytes == content


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(b"x = 1\nif x\n    y\n", "main.py:2: not valid Python", id="syntax"),
        pytest.param(b"x = '\xff'\n", "main.py", id="not UTF-8"),
        pytest.param(b"x = 1\n# \xff\n", "main.py:2: not valid Python (not utf", id="in a comment"),
        *(
            pytest.param(code, f"main.py:{line}: not valid Python (not utf", id=f"{code!r}")
            for code, line in [
                (b"# \xe9\nx = 1\n", 1),
                (b"#!/usr/bin/python\n# \xe9\nx = 1\n", 2),
                (b"# \xff\n# coding: latin-1\nx = 1\n", 1),
                (b"# coding: utf-8\n# \xff\nx = 1\n", 2),
                (b"\xef\xbb\xbf# \xff\nx = 1\n", 1),
                (b'"""\n\n\xe9\n"""\n', 3),
            ]
        ),
        pytest.param(b"# coding: ascii\n# \xff\n", "main.py:2: not valid Python (not", id="ascii"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", "main.py", id="a BOM of another"),
        pytest.param(b"# coding: nope\n", "main.py", id="unknown encoding"),
        pytest.param(b"# coding: hex\n", "main.py: not valid Python (hex is no", id="no text"),
        pytest.param(b"x = 1\0\n", "main.py", id="null byte"),
        pytest.param(b"(" * 5000, "main.py", id="nested too deeply"),
    ],
)
def test_says_where_a_file_is_no_python(content: bytes, place: str) -> None:
    with pytest.raises(UnparsableError) as caught:
        source.parse("main.py", content)
    assert str(caught.value).startswith(place)
    assert "\n" not in str(caught.value)


def test_refuses_what_would_take_minutes_to_parse() -> None:
    with pytest.raises(UnparsableError, match=r"^main.py: takes 400 MB to parse, expected at"):
        source.parse("main.py", b"x = [" + b"1, " * 400_000)


def test_refuses_what_an_edit_would_lose() -> None:
    with pytest.raises(UnparsableError, match=r"^main.py:2: "):
        source.parse("main.py", b"x = 1\ry = 2\r")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_lines_are_counted_however_they_end(newline: bytes) -> None:
    parsed = source.parse("main.py", b"x = 1\n\ny = 2\nif x: z".replace(b"\n", newline))
    assert parsed.positions(parsed.module.body) == [(1, 1), (3, 1), (4, 1)]
    assert source.lines(parsed.content)[2] == "y = 2"


def test_knows_where_statements_and_comments_stand() -> None:
    code = b"# a\nx = 1\nif x:\n    # b\n    y = (\n        2)\n    # c\n"
    parsed = source.parse("main.py", code)
    branch = parsed.module.body[1]
    assert parsed.positions([branch]) == [(3, 1)]
    block = branch.children[-1]
    assert parsed.positions([block.body[0]]) == [(5, 5)]  # type: ignore[attr-defined]
    footer = block.footer[0].comment  # type: ignore[attr-defined]
    assert parsed.positions([footer]) == [(7, 5)]
