"""What every error is."""

from __future__ import annotations

from typing import ClassVar


class PatchError(Exception):
    """Anything that ends a command with a sentence; `exit_code` says how."""

    exit_code: ClassVar[int] = 4


def reason(error: BaseException) -> str:
    """What the operating system says of a failure, for a sentence."""
    return (getattr(error, "strerror", None) or str(error)).lower()
