"""`import_module`: a module that is imported whole, handled as names of an import are."""

from __future__ import annotations

from patcher.edits.import_from import KIND as KIND
