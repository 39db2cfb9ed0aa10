"""Text of any origin as it can be shown: nothing in it commands a terminal or breaks a line."""


def visible(text: str, keep: str = "") -> str:
    r"""A text in which every character that is not printable is an escape, such as `\x1b`.

    Those are control characters, among them line ends and tabs; what changes the direction of
    text; other invisible characters; and all spaces but the plain one. A byte of a name that is
    not UTF-8 is shown as such, as in `\xff`. What has been made visible stays as it is.

    Args:
        text: Any text; Python has bytes that are not UTF-8 as lone surrogates in it.
        keep: Characters that stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in keep else _escape(each) for each in text)


def _escape(character: str) -> str:
    """A character as Python writes it in a string; of half a character, the byte it stands for."""
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return ascii(character)[1:-1]
