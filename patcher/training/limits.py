"""What the vendor of an accelerator names as the limits of a program on it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from patcher.packs.accelerators import Accelerator, Limit
from patcher.training import program as programs
from patcher.training.releases import is_used


def limits_for(
    accelerator: Accelerator | None, packages: Mapping[str, str], device: str
) -> tuple[Limit, ...]:
    """The limits of a run on a device, which are none on others than the accelerator.

    The packages are those of `Installed`.
    """
    return accelerator.limits if accelerator and is_used(accelerator, packages, device) else ()


def exceeded(limits: Sequence[Limit], program: Path, arguments: Sequence[str]) -> Iterator[str]:
    """A sentence for each flag that is beyond a limit, be it given or the program's default."""
    for limit in limits:
        value = programs.value(program, arguments, limit.flag)
        wanted = _wanted(limit, value) if value is not None else ""
        if wanted:
            yield f"--{limit.flag}={value}: the vendor allows {wanted} on this device"


def _wanted(limit: Limit, value: str) -> str:
    """What a flag should be that has a value; "" where it is."""
    if limit.most and value.isdecimal() and int(value) > int(limit.most):
        return f"at most {limit.most}"
    return f"only {' and '.join(limit.only)}" if limit.only and value not in limit.only else ""
