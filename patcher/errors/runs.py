"""Runs: what bars one, and what bars going back."""

from __future__ import annotations

from patcher.errors.base import PatchError


class Locked(PatchError):
    """Another run is at work on the tree."""

    def __init__(self, place: str, holder: str) -> None:
        super().__init__(
            f"{place}: in use by {holder}, expected it alone; wait until that has ended"
        )


class NotPatched(PatchError):
    """There is nothing to verify."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no rule has been applied, expected a patched tree; "
            "run `effpatch apply` first"
        )


class NoOrigin(PatchError):
    """What a patched file was before cannot be told."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no version from before the edits, expected one from the receipt or in git; "
            "restore .effpatch.json, or verify in a checkout"
        )


class RulesChanged(PatchError):
    """The edits were made by other rules than those at hand."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: the edits were made by other rules than those of this effpatch, expected "
            "the same; use the effpatch that made them, or revert as a whole and apply again"
        )
