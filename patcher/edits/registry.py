"""The edit kinds by name: each is in the module of its name, as `KIND`."""

from __future__ import annotations

from importlib import import_module

from patcher.edits.base import EditKind
from patcher.model import Edit


def edit_kind(edit: Edit) -> EditKind:
    """What finds and makes an edit."""
    kind: EditKind = import_module(f"patcher.edits.{edit.kind}").KIND
    return kind
