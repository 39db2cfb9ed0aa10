"""The versions of a stack are defined in pyproject.toml alone."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.packs import DEFAULT, load_pack
from patcher.training import recipe
from patcher.training.indexes import Sources
from patcher.training.releases import Target
from tests.training.releases import hpu

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


def test_a_release_adds_its_library_and_has_its_own_tensorflow() -> None:
    folder, target = Path("/stack"), hpu()
    ours, theirs = (set(recipe.Recipe(folder, "python", each).packages) for each in (None, target))
    assert ours - theirs == {f"tensorflow-cpu=={recipe.pinned('tensorflow-cpu')}"}
    assert theirs - ours == {target.library, target.framework}
    assert target.library == f"habana-tensorflow=={target.release.library}"
    assert target.framework == f"tensorflow-cpu=={target.release.framework[0]}"


def test_a_release_may_require_more() -> None:
    target = hpu(release="1.9")
    assert target.release.also
    packages = recipe.Recipe(Path("/stack"), "python", target).packages
    assert {*target.release.also, target.library, target.framework} < {*packages}


def build(target: Target | None, *, mpi: bool = False) -> list[recipe.Step]:
    """The step that builds Horovod, and those after it; no command is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "read_sources", lambda *_: Sources({"index-url": "http://public"}))
        patch.setattr(recipe.Recipe, "_installed", lambda *_: "library")
        steps = [*recipe.Recipe(Path("/stack"), "python", target, mpi).steps()]
    (place,) = (n for n, each in enumerate(steps) if "--no-build-isolation" in each.command)
    return steps[place:]


@pytest.mark.parametrize("target", [None, hpu()], ids=["CPUs", "HPUs"])
def test_horovod_is_built_with_mpi_where_asked(target: Target | None) -> None:
    for mpi, wanted in ((False, {"HOROVOD_WITHOUT_MPI"}), (True, {"HOROVOD_WITH_MPI"})):
        variables = build(target, mpi=mpi)[0].environment
        assert {name for name in variables if name.endswith("_MPI")} == wanted
        assert variables["HOROVOD_WITH_GLOO"] == "1"


def test_the_title_says_that_it_has_mpi() -> None:
    def title(target: Target | None) -> str:
        return recipe.Recipe(Path("/stack"), "python", target, mpi=True).title

    assert title(None) == "TensorFlow 2.15.1 and Horovod 0.28.1 with MPI"
    library = f"habana-tensorflow {hpu().release.library}"
    assert title(hpu()) == f"TensorFlow 2.15.0, Horovod 0.28.1 with MPI and {library}"


def test_the_fork_is_built_where_its_headers_are(tmp_path: Path) -> None:
    """Its own build was tried, and cannot be made without them, here."""
    target = hpu("http://vendors")
    assert target.accelerator.fork
    missing = target.accelerator.fork.needs
    assert all(name in target.note for name in missing)
    step = build(target)[0]
    assert (step.title, step.command[-1]) == ("Horovod 0.28.1", "horovod==0.28.1")
    assert "--no-binary=horovod" in step.command
    assert (step.environment["HOROVOD_WITH_GLOO"], step.environment["PIP_INDEX_URL"]) == (
        "1",
        "http://public",
    )
    headers = tuple(str(tmp_path / Path(name).name) for name in missing)
    for name in headers:
        Path(name).touch()
    fork = target.accelerator.fork._replace(needs=headers)
    there = replace(target, accelerator=target.accelerator._replace(fork=fork))
    assert there.note == ""
    assert build(there)[0] == build(there, mpi=True)[0]
    step, needed, imported = build(there)
    assert step.title == f"habana-horovod {target.release.library}"
    assert step.command[-2:] == [
        "--no-binary=habana-horovod",
        f"habana-horovod=={target.release.library}",
    ]
    assert step.environment["HOROVOD_WITH_MPI"] == "1"
    assert "HOROVOD_WITHOUT_MPI" not in step.environment
    assert step.environment["PIP_INDEX_URL"] == "http://vendors"
    assert "--no-deps" in step.command
    assert needed.title == f"dependencies of {step.title}"
    assert needed.environment["PIP_INDEX_URL"] == "http://public"
    assert imported.title == f"import of {target.accelerator.module}"


def test_tensorflow_and_horovod_are_of_one_version() -> None:
    for name in ("tensorflow-cpu", "horovod"):
        assert f"{name}=={recipe.pinned(name)}" in map(str, recipe.requirements("train"))


def test_the_readme_names_them() -> None:
    readme = PROJECT.with_name("README.md").read_text("utf-8")
    for name, package in (("TensorFlow", "tensorflow-cpu"), ("Horovod", "horovod")):
        assert f"{name} {recipe.pinned(package)}" in readme


def test_the_wheel_has_the_tables_of_releases() -> None:
    settings = tomllib.loads(PROJECT.read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    file = load_pack(DEFAULT).accelerator
    assert file
    folder = f"vendor/{file.parent.name}"
    assert settings["force-include"][folder] == f"patcher/{folder}"


def test_an_unknown_extra_is_reported() -> None:
    with pytest.raises(StackError, match="effpatch: installed without the extra gpu, expected"):
        recipe.requirements("gpu")
