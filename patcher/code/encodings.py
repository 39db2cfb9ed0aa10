"""The encoding of a source file: which one it names, and whether it is one that can be edited."""

import tokenize
from functools import lru_cache
from io import BytesIO

# All of ASCII, and what stands for other characters in encodings that are no plain ones.
_ESCAPES = rb"\x41\u0041 +AGE- ~{!!~} .xn--mnchen-3ya. a-b9" + b"\x1b$)C\x1b$B!!\x1b(B\x0e!!\x0f"
_ASCII = bytes(range(128)).replace(b"\\", b"") + _ESCAPES


def encoding_of(content: bytes) -> str:
    """The encoding that a file's BOM or coding line names, else UTF-8.

    Where it names one that Python does not know, the answer is UTF-8 as well.
    """
    try:
        return tokenize.detect_encoding(BytesIO(content).readline)[0]
    except SyntaxError:
        return "utf-8"


@lru_cache
def keeps_ascii(encoding: str) -> bool:
    r"""Whether each byte below 128 that does not belong to a longer character is ASCII.

    In other encodings, the code is not what it looks like: in UTF-7, `+AGE-` is a letter, and
    `\u0041` is one in `unicode_escape`.
    """
    try:
        return _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return False


def text_of(content: bytes) -> str:
    """The text of a file, however much of it is not in its encoding."""
    encoding = encoding_of(content)
    return content.decode(encoding if keeps_ascii(encoding) else "utf-8", "replace")
