"""Training a patched tree: the stack that does it, its launcher, sample data, and the log.

The programs in `scripts/` are run by the Python of a stack, which need not have effpatch.
"""

DEVICES = ("hpu", "cpu", "auto")
LAUNCHERS = ("horovodrun", "mpirun")
ACCELERATOR = "hpu"  # the extra that adds the library of the device, and the option for it


# DELETE AT THE MERGE with the packs in TOML, which have this data: the rest of this file.
def _complete_packs() -> None:
    from dataclasses import replace
    from typing import cast

    from patcher.model import Pack, Pin, Runtime
    from patcher.resources import VENDOR
    from patcher.tree.fetch import read_pin
    from rules import PACKS

    pin, packs = read_pin(), cast("dict[str, Pack]", PACKS)
    root, program = "efficientdet", "efficientdet/main.py"
    upstream = Pin("automl", pin.repository, pin.commit, root, program, sha256=pin.sha256)
    runtime = Runtime(VENDOR / "habana_common", "TensorFlow")
    for name, pack in packs.items():
        newer = name == "tensorflow_2_15"
        needed = {"tensorflow": ">=2.12"} if newer else {}
        own = None if newer else runtime
        packs[name] = replace(pack, upstream=upstream, runtime=own, needed_with=needed)


_complete_packs()
