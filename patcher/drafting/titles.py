"""What a drafted rule is called, from its quotes; a person may find better words."""

from patcher.edits.kinds import CallArgument, CommentBlock
from patcher.model import Edit

_LONGEST = 72  # characters


def title(before: str, after: str, edit: Edit) -> str:
    """The edit in a few words, as the subject of a commit."""
    old, new = _line(before), _line(after)
    if isinstance(edit, CommentBlock):
        return _cut(f"remove the comment `{old}`")
    if not before:
        return _cut(f"add `{new}`")
    if not after:
        return _cut(f"remove `{old}`")
    if isinstance(edit, CallArgument):
        return _cut(f"call {edit.call} with `{new.rstrip('),')}`")
    if old == new:
        return _cut(f"change `{old}`")
    return _cut(f"change `{old}` to `{new}`")


def _line(quote: str) -> str:
    """The first line of code in a quote, else its first line."""
    lines = [" ".join(line.split()) for line in quote.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")] or lines
    return code[0].replace("`", "'") if code else ""


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 4].rstrip()}...`"
