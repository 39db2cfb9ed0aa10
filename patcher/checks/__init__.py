"""Checks on a patched tree, a module each: `check` takes a `Subject` and returns findings."""
