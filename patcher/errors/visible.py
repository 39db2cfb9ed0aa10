"""Text of any origin as it can be shown: nothing in it commands a terminal or breaks a line."""

import re

# What Python takes for printable although nothing is to be seen of it: fillers, joiners, variation
# selectors, vowels without a sign, and a Braille cell without a dot.
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def visible(text: str, keep: str = "") -> str:
    r"""A text in which every character that is not printable is an escape, such as `\x1b`.

    Those are control characters, among them line ends and tabs; what changes the direction of
    text; other invisible characters; and all spaces but the plain one. A byte of a name that is
    not UTF-8 is shown as such, as in `\xff`. What has been made visible stays as it is.

    Args:
        text: Any text; Python has bytes that are not UTF-8 as lone surrogates in it.
        keep: Characters that stay as they are.
    """
    if text.isprintable() and (text.isascii() or not _HIDDEN.search(text)):
        return text
    return "".join(each if _is_seen(each) or each in keep else _escape(each) for each in text)


def _is_seen(character: str) -> bool:
    return character.isprintable() and not _HIDDEN.match(character)


def _escape(character: str) -> str:
    """A character as Python writes it in a string; of half a character, the byte it stands for."""
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return ascii(character)[1:-1]
