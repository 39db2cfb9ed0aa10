"""Every codec that Python knows, in the coding line of a file."""

import encodings
import pkgutil
import time
from encodings.aliases import aliases

import pytest

from patcher.code import source, syntax
from patcher.code.encodings import encoding_of, keeps_ascii, text_of
from patcher.errors import UnparsableError

MODULES = {module.name for module in pkgutil.iter_modules(encodings.__path__)}
CODECS = sorted({*aliases, *aliases.values(), *MODULES, "undefined", "nope", "..", "UTF-8-sig"})
# Beside the coding line: what means something else, or nothing, in one codec or another.
BODIES = {
    "plain": b"x = 1\n",
    "bytes": b"x = '\xe9\x80\xff'\n",
    "utf-7": b"x = '+AGE-'\n",
    "escapes": b"x = '\\u0041\\n\\N{BULLET}\\x'\n",
    "half a character": b"x = '\\ud800'\n",
    "punycode": b"x = 'xn--a-\xff'\n",
    "long": b"# " + b"a" * 100_000 + b"-" + b"b9" * 50_000 + b"\nx = 1\n",
    "nothing": b"\0\0",
    "every byte": b"# " + bytes(range(128, 256)) + b"\n",
}
REFUSED = [
    *("idna", "utf-7", "undefined", "punycode", "rot13", "hex", "unicode_escape", "mbcs", "oem"),
    *("raw_unicode_escape", "utf-16", "utf-32-be", "base64", "bz2", "cp037", "hz"),
    *("iso2022_jp", "iso2022_kr"),
]


def parsed(content: bytes) -> bytes | UnparsableError:
    try:
        return source.parse("f.py", content).content
    except UnparsableError as error:
        return error


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_file_in_any_codec_is_read_or_refused_in_a_sentence(body: bytes) -> None:
    refused = 0
    for name in CODECS:
        content, start = b"# coding: %s\n%s" % (name.encode(), body), time.monotonic()
        source.lines(content)
        found = parsed(content)
        assert found == content or str(found).isprintable()
        refused += found != content
        assert time.monotonic() - start < 10, name
    assert 0 < refused <= len(CODECS)


@pytest.mark.parametrize("name", REFUSED)
def test_a_coding_that_does_not_keep_ascii_is_refused(name: str) -> None:
    assert not keeps_ascii(name)
    assert isinstance(syntax.read(b"# coding: %s\nx = 1\n" % name.encode()), syntax.Fault)


@pytest.mark.parametrize("name", ["utf-8", "latin-1", "ascii", "cp1252", "euc_jp", "gbk", "big5"])
def test_a_coding_that_keeps_ascii_is_read(name: str) -> None:
    assert keeps_ascii(name)
    assert not isinstance(syntax.read(b"# coding: %s\nx = 1\n" % name.encode()), syntax.Fault)


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        pytest.param(b"# coding: cp1252\n\xe9", "cp1252", "# coding: cp1252\n\xe9", id="named"),
        pytest.param(b"\xef\xbb\xbfx", "utf-8-sig", "x", id="BOM"),
        pytest.param(b"# coding: nope\n\xff", "utf-8", "# coding: nope\n\ufffd", id="unknown"),
        pytest.param(b"# coding: utf-7\n+AGE-", "utf-7", "# coding: utf-7\n+AGE-", id="refused"),
    ],
)  # fmt: skip
def test_the_lines_of_a_file_are_in_its_encoding(content: bytes, encoding: str, text: str) -> None:
    assert encoding_of(content) == encoding
    assert text_of(content) == text
