"""The locks in requirements/: for each Python one version of a package, which pyproject allows."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEV = PROJECT["optional-dependencies"]["dev"]
DIRECT = {"effpatch": PROJECT["dependencies"], "dev": [*PROJECT["dependencies"], *DEV]}
PREFIX = "Programming Language :: Python :: 3."
PYTHONS = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if each.startswith(PREFIX)]
every_lock = pytest.mark.parametrize("name", DIRECT)


def text_of(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def pins_of(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each package of a lock, in one version, with the digests of its files."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text_of(name), flags=re.MULTILINE))
    found = []
    for entry in entries:
        pin, *digests = entry.split(" \\\n")
        found.append((Requirement(pin), [each.strip() for each in digests]))
    return found


def holds(requirement: Requirement, python: str) -> bool:
    versions = {"python_version": python, "python_full_version": f"{python}.0"}
    return requirement.marker is None or requirement.marker.evaluate(versions)


@every_lock
@pytest.mark.parametrize("python", PYTHONS)
def test_each_direct_dependency_has_one_version_that_is_allowed(name: str, python: str) -> None:
    pins = [pin for pin, _ in pins_of(name) if holds(pin, python)]
    names = [canonicalize_name(pin.name) for pin in pins]
    assert sorted(set(names)) == sorted(names)
    for wanted in map(Requirement, DIRECT[name]):
        if holds(wanted, python):
            pin = pins[names.index(canonicalize_name(wanted.name))]
            (version,) = pin.specifier
            assert version.operator == "=="
            assert version.version in wanted.specifier, f"{pin}: run `nox -s lock`"


@every_lock
def test_each_file_is_known_by_its_digest(name: str) -> None:
    for pin, digests in pins_of(name):
        assert digests, pin
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in digests), pin


@every_lock
def test_a_lock_names_no_index_and_no_folder(name: str) -> None:
    assert "/" not in text_of(name)


def test_development_has_the_versions_that_users_have() -> None:
    used, more = ({(pin.name, str(pin.specifier)) for pin, _ in pins_of(name)} for name in DIRECT)
    assert used < more
