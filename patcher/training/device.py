"""Whether a run can have the device that it is to train on, said before anything starts."""

from pathlib import Path
from shlex import quote

from patcher.errors import StackError
from patcher.training import ACCELERATOR, accelerators, probes

LIBRARY = "habana_frameworks"
# By what it is known where it is not installed: a runtime has a folder of its name as well.
PACKAGE = Path(LIBRARY, "tensorflow", "__init__.py")
_NAME = ACCELERATOR.upper()
_CPU = f"pass --device cpu to train without {_NAME}s"


def require(python: Path, device: str, workers: int, *, installed: bool, loads: bool) -> None:
    """Check that a device can be used by some workers on this machine.

    A library that is there and cannot be loaded ends every program that loads it: so `auto` is
    refused as well then, and `cpu` for a program that loads it by itself.

    Args:
        python: The Python that trains.
        device: One of DEVICES.
        workers: How many on this machine.
        installed: Whether the Python has LIBRARY.
        loads: Whether the program loads LIBRARY without the runtime, whatever the device.

    Raises:
        StackError: It cannot.
    """
    if device != ACCELERATOR and not (installed and (device == "auto" or loads)):
        return
    without = "use a stack without that library" if loads else _CPU
    if not installed:
        found, wanted = f"no module {LIBRARY}", f"the library of {_NAME}s for --device {device}"
        advice = f"make a stack that has it with `effpatch stack create --{ACCELERATOR}`, or {_CPU}"
        raise StackError(str(python), found, wanted, advice)
    machine = accelerators.find()
    library = probes.library(python, machine.lacking)
    if library["problem"]:
        version = " ".join(filter(None, [LIBRARY, library["version"]]))
        found = f"{version} cannot be used: {library['problem']}"
        wanted = f"an {_NAME} for {'the program' if loads else f'--device {device}'}"
        raise StackError(
            str(python),
            found,
            wanted,
            f"see `effpatch stack check {quote(str(python.parents[1]))}`, or {without}",
        )
    if machine.unknown:
        raise StackError("environment", machine.unknown, next_step=f"correct it, or {without}")
    if machine.modules and workers > len(machine.visible):
        found = f"{workers} workers on a machine with {len(machine.visible)} usable {_NAME}s"
        raise StackError("--np", found, "one for each worker", f"lower --np, or {without}")
