"""The variables that releases of an accelerator's software want set, unless the user sets them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from patcher.packs.accelerators import Accelerator, Preset
from patcher.training.releases import applies, installed_library, is_used


class Setting(NamedTuple):
    """A variable that a run is given.

    Attributes:
        whose: `preset`, `effpatch`, or `you` where the user's own value stands for a preset's.
        why: What the preset is for, and why it does not count; "" for what effpatch sets.
    """

    variable: str
    value: str
    whose: str
    why: str = ""


def presets_for(
    accelerator: Accelerator | None,
    packages: Mapping[str, str],
    device: str,
    *,
    workers: int = 1,
    hosts: int = 1,
) -> tuple[Preset, ...]:
    """The presets for a run on a device, by the library that is installed; none for other devices.

    The packages are those of `Installed`. A device `auto` is the accelerator where its library is
    installed.
    """
    if not (accelerator and is_used(accelerator, packages, device)):
        return ()
    library = installed_library(accelerator, packages)
    when = {"always": True, "several workers": workers > 1, "several hosts": hosts > 1}
    return tuple(
        each for each in accelerator.presets if when[each.when] and applies(each.releases, library)
    )


def values_of(presets: Sequence[Preset], own: Mapping[str, str]) -> dict[str, str]:
    """The variables that presets set next to those of the user, which they give way to."""
    return {each.variable: each.value for each in presets if not _obstacle(each, own)}


def settings_of(
    presets: Sequence[Preset], own: Mapping[str, str], given: Mapping[str, str]
) -> Iterator[Setting]:
    """Each variable that a run is given besides the user's own, and each preset that gives way."""
    for each in presets:
        obstacle = _obstacle(each, own)
        if obstacle == each.variable:
            yield Setting(obstacle, own[obstacle], "you", f"the preset is {each.value}: {each.why}")
        elif obstacle:
            why = f"not set, as you set {obstacle}; the preset is {each.value}: {each.why}"
            yield Setting(each.variable, "", "you", why)
        else:
            yield Setting(each.variable, each.value, "preset", each.why)
    known = {each.variable for each in presets}
    for name in sorted(given.keys() - known):
        if own.get(name) != given[name]:
            yield Setting(name, given[name], "effpatch")


def _obstacle(preset: Preset, own: Mapping[str, str]) -> str:
    """The variable of the user that a preset gives way to; "" for none."""
    return next((name for name in (preset.variable, *preset.unless) if name in own), "")
