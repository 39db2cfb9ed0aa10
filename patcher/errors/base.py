"""What every error is."""

from __future__ import annotations

from typing import ClassVar


class PatchError(Exception):
    """Anything that ends a command with a sentence; `exit_code` says how."""

    exit_code: ClassVar[int] = 4
