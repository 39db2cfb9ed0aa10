"""What a kernel says of accelerators; there are none here, so that the files of one are made."""

from pathlib import Path

import pytest

from patcher.training.accelerators import find


def machine(folder: Path, modules: dict[str, str], *, old: bool = False) -> Path:
    """A `/sys` with the driver and some devices, as its documentation in the kernel has them."""
    driver = folder / "module" / "habanalabs"
    driver.mkdir(parents=True)
    (driver / "version").write_text("1.14.0-9e8ecf8\n")
    for number, module in modules.items():
        name = f"habanalabs/hl{number}" if old else f"accel/accel{number}/device"
        device = folder / "class" / name
        device.mkdir(parents=True)
        (device / "device_type").write_text("GAUDI\n")
        if module:
            (device / "module_id").write_text(f"{module}\n")
    return folder


def visible(system: Path, **variables: str) -> tuple[tuple[str, ...], str]:
    found = find(system, variables)
    return found.visible, found.unknown


def test_a_machine_without_the_driver(tmp_path: Path) -> None:
    found = find(tmp_path, {"HABANA_VISIBLE_MODULES": "0"})
    assert (found.driver, found.visible, found.unknown) == (None, (), "")
    assert found.lacking == "the kernel module habanalabs is not loaded"
    assert found.parts()["hpus"] == {"version": None, "problem": "none", "modules": []}


def test_a_driver_without_devices(tmp_path: Path) -> None:
    found = find(machine(tmp_path, {}), {})
    assert (found.driver, found.lacking) == ("1.14.0-9e8ecf8", "the kernel lists no HPU")
    assert found.parts()["driver"] == {"version": "1.14.0-9e8ecf8", "problem": None}


@pytest.mark.parametrize("old", [False, True])
def test_devices_are_counted_by_module(old: bool, tmp_path: Path) -> None:
    found = find(machine(tmp_path, {"0": "10", "1": "2"}, old=old), {})
    assert (found.modules, found.visible, found.lacking) == ({"0": "10", "1": "2"}, ("2", "10"), "")
    assert found.parts()["hpus"] == {"version": None, "problem": None, "modules": ["2", "10"]}


def test_a_driver_that_tells_no_modules_numbers_them_as_devices(tmp_path: Path) -> None:
    assert find(machine(tmp_path, {"0": "", "1": ""}), {}).visible == ("0", "1")


def test_accelerators_of_others_are_not_counted(tmp_path: Path) -> None:
    system = machine(tmp_path, {"1": "0"})
    (system / "class" / "accel" / "accel0" / "device").mkdir(parents=True)
    (system / "class" / "accel" / "accel_controlD1").mkdir()
    assert find(system, {}).modules == {"1": "0"}


def test_a_variable_leaves_some(tmp_path: Path) -> None:
    system = machine(tmp_path, {"0": "3", "1": "2", "2": "1", "3": "0"})
    assert visible(system, HABANA_VISIBLE_MODULES="1, 0") == (("0", "1"), "")
    assert visible(system, HABANA_VISIBLE_DEVICES="0,1") == (("2", "3"), "")
    assert visible(system, HABANA_VISIBLE_DEVICES="all") == (("0", "1", "2", "3"), "")
    both = visible(system, HABANA_VISIBLE_DEVICES="0,1", HABANA_VISIBLE_MODULES="1,2")
    assert both == (("2",), "")


def test_modules_that_do_not_exist_are_named(tmp_path: Path) -> None:
    system = machine(tmp_path, {"0": "0", "1": "1"})
    found = find(system, {"HABANA_VISIBLE_MODULES": "1,7,x"})
    assert found.lacking == "HABANA_VISIBLE_MODULES names 7, x, there are 0, 1"
    assert found.parts()["hpus"]["problem"] == found.lacking
    assert visible(system, HABANA_VISIBLE_DEVICES="2")[1] == (
        "HABANA_VISIBLE_DEVICES names 2, there are 0, 1"
    )
