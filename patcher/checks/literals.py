"""Literals of Python: the values that they stand for, and the text of a value."""

from patcher.checks.limits import require_items
from patcher.checks.operators import Number, kind_of, number
from patcher.checks.refusals import Refusal


def constant(value: object) -> object:
    """The value of a literal.

    Raises:
        Refusal: It is too large, or neither a number nor a string, a truth value or None.
    """
    if isinstance(value, Number):
        return number(value)
    if isinstance(value, str):
        require_items(len(value))
    elif value is not None:
        raise Refusal(f"uses a literal of the type {type(value).__name__}")
    return value


def as_text(value: object) -> str:
    """What a formatted string has for a value without a format.

    Raises:
        Refusal: It is neither a literal's value nor a number.
    """
    if value is None or isinstance(value, Number | str):
        return str(value)
    raise Refusal(f"formats {kind_of(value)}")
