"""The accelerators of this machine: what its kernel and two variables say of them.

Nothing is loaded or opened for that, so that it holds while others use them.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SYSTEM = Path("/sys")
# Where a kernel lists the devices of this driver: today's, and those before 6.2.
_CLASSES = (("accel", "accel", "device"), ("habanalabs", "hl", ""))
# By module, as the library counts them, and by device, as containers are given them.
_MODULES, _DEVICES = "HABANA_VISIBLE_MODULES", "HABANA_VISIBLE_DEVICES"


@dataclass(frozen=True, slots=True)
class Accelerators:
    """What there is.

    Attributes:
        driver: The version of the kernel module; None where it is not loaded.
        modules: The number of the module that each device is, by the number of the device.
        visible: The numbers of the modules that may be used.
        unknown: What a variable names that does not exist, as a sentence; "" where there is none.
    """

    driver: str | None
    modules: Mapping[str, str]
    visible: tuple[str, ...]
    unknown: str = ""

    @property
    def lacking(self) -> str:
        """What keeps every program from using one; "" where nothing does."""
        if self.driver is None:
            return "the kernel module habanalabs is not loaded"
        return self.unknown if self.modules else "the kernel lists no HPU"

    def parts(self) -> dict[str, dict[str, Any]]:
        """Driver and devices, in the form of `Stack.parts`."""
        driver = {"version": self.driver, "problem": self.lacking if self.driver is None else None}
        problem = self.unknown or (None if self.modules else "none")
        return {
            "driver": driver,
            "hpus": {"version": None, "problem": problem, "modules": [*self.visible]},
        }


def find(system: Path = _SYSTEM, environment: Mapping[str, str] = os.environ) -> Accelerators:
    """The accelerators that are listed in `/sys`, and which of them the variables leave."""
    modules = dict(_listed(system))
    visible = tuple(sorted(modules.values(), key=_number))
    unknown = []
    for name, known in ((_MODULES, {*visible}), (_DEVICES, {*modules})):
        asked = [each.strip() for each in environment.get(name, "").split(",") if each.strip()]
        if not modules or not asked or asked == ["all"]:
            continue
        if lost := [each for each in asked if each not in known]:
            there = ", ".join(sorted(known, key=_number))
            unknown.append(f"{name} names {', '.join(lost)}, there are {there}")
        chosen = asked if name == _MODULES else [modules[each] for each in asked if each in known]
        visible = tuple(each for each in visible if each in chosen)
    return Accelerators(_driver(system, modules), modules, visible, "; ".join(unknown))


def _listed(system: Path) -> Iterator[tuple[str, str]]:
    """The number of each device of this driver, and that of its module, which may be the same."""
    for group, prefix, below in _CLASSES:
        for place in sorted((system / "class" / group).glob(f"{prefix}[0-9]*")):
            facts, number = place / below, place.name.removeprefix(prefix)
            # Other accelerators are listed there as well, and nodes to control these.
            if number.isdecimal() and _text(facts / "device_type"):
                yield number, _text(facts / "module_id") or number


def _driver(system: Path, modules: Mapping[str, str]) -> str | None:
    """The version of the driver; `?` where it is loaded and does not tell one."""
    first = system / "class" / "accel" / "accel0" / "device" / "driver_ver"
    version = _text(system / "module" / "habanalabs" / "version") or _text(first)
    loaded = modules or (system / "module" / "habanalabs").is_dir()
    return version or ("?" if loaded else None)


def _text(file: Path) -> str:
    """The first line of a file; "" where it cannot be read."""
    try:
        return file.read_text("utf-8", "replace").split("\n", 1)[0].strip()
    except OSError:
        return ""


def _number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() else 0), text
