"""`python -m patcher` is `effpatch`."""

from patcher.cli.main import main

main(prog_name="python -m patcher")
