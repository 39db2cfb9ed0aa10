"""`import_module`: a module that is imported whole, handled as names of an import are."""

from patcher.edits.import_from import KIND as KIND
