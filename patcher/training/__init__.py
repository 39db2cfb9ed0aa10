"""Training a patched tree: the stack that does it, its launcher, sample data, and the log.

The programs in `scripts/` are run by the Python of a stack, which need not have effpatch.
"""

DEVICES = ("hpu", "cpu", "auto")
HOROVODRUN, MPIRUN = "horovodrun", "mpirun"
LAUNCHERS = (HOROVODRUN, MPIRUN)
ACCELERATOR = "hpu"  # the device, and the option of `stack create` for it
