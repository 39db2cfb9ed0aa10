"""The versions of a stack are defined in pyproject.toml alone."""

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.training import recipe

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.mark.parametrize("extra", ["train", "horovod-build"])
def test_an_extra_is_read_as_written(extra: str) -> None:
    """If this fails, effpatch was installed before its extras changed: install it again."""
    written = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"][extra]
    assert set(recipe.requirements(extra)) == set(map(Requirement, written))


def test_the_extra_for_an_hpu_adds_one_package() -> None:
    train, hpu = (map(str, recipe.requirements(extra)) for extra in ("train", "hpu"))
    assert sorted(hpu) == sorted([*train, "habana-tensorflow"])


def test_tensorflow_and_horovod_are_of_one_version() -> None:
    for name in ("tensorflow-cpu", "horovod"):
        assert f"{name}=={recipe.pinned(name)}" in map(str, recipe.requirements("train"))


def test_the_readme_names_them() -> None:
    readme = PROJECT.with_name("README.md").read_text("utf-8")
    for name, package in (("TensorFlow", "tensorflow-cpu"), ("Horovod", "horovod")):
        assert f"{name} {recipe.pinned(package)}" in readme


def test_an_unknown_extra_is_reported() -> None:
    with pytest.raises(StackError, match="effpatch: installed without the extra gpu, expected"):
        recipe.requirements("gpu")
