"""`python -m patcher` is `effpatch`."""

import sys

# Python puts the current folder first, which may be a tree whose modules are not ours to import.
if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]

from patcher.cli.main import main

main(prog_name="python -m patcher")
