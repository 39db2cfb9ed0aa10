"""The versions of a stack stand in pyproject.toml alone."""

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from patcher.errors import NoExtra
from patcher.training import versions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.mark.parametrize("extra", ["train", "horovod-build"])
def test_an_extra_is_read_as_it_stands(extra: str) -> None:
    """If this fails, effpatch was installed before its extras changed: install it again."""
    written = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"][extra]
    assert set(versions.required(extra)) == set(map(Requirement, written))


def test_an_hpu_takes_what_a_training_takes() -> None:
    train, hpu = ([str(each) for each in versions.required(extra)] for extra in ("train", "hpu"))
    assert sorted(hpu) == sorted([*train, "habana-tensorflow"])


def test_tensorflow_and_horovod_are_of_one_version() -> None:
    for name in ("tensorflow-cpu", "horovod"):
        assert str(versions.named(name)) == f"{name}=={versions.version(name)}"


def test_the_readme_tells_them() -> None:
    readme = PROJECT.with_name("README.md").read_text("utf-8")
    for name, package in (("TensorFlow", "tensorflow-cpu"), ("Horovod", "horovod")):
        assert f"{name} {versions.version(package)}" in readme


def test_an_extra_that_is_not_there_is_said() -> None:
    with pytest.raises(NoExtra, match="effpatch: installed without the extra gpu, expected"):
        versions.required("gpu")
