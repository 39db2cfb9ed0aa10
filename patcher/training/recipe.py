"""How a training stack is made: which commands, in which environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patcher.training import ACCELERATOR
from patcher.training.versions import pinned, requirement, requirements

_HOROVOD = {
    "HOROVOD_WITH_TENSORFLOW": "1",
    "HOROVOD_WITH_GLOO": "1",
    "HOROVOD_WITHOUT_MPI": "1",
    "HOROVOD_WITHOUT_MXNET": "1",
    "HOROVOD_WITHOUT_PYTORCH": "1",
}
# What would mislead pip or the build: packages elsewhere, a build of another kind.
_LEFT_OUT = ("HOROVOD_", "PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "VIRTUAL_ENV")
_PIP = ("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A stack to make.

    Attributes:
        folder: Where; absolute, with links resolved.
        python: The Python to make it with.
        hpu_index: The package index that has Habana's library; None for a stack without it.
    """

    folder: Path
    python: str
    hpu_index: str | None = None

    @property
    def packages(self) -> list[str]:
        """The requirements that it fulfils."""
        return [str(each) for each in requirements(ACCELERATOR if self.hpu_index else "train")]

    @property
    def temporary(self) -> Path:
        """Where pip unpacks and builds, so that an interrupted build leaves nothing elsewhere."""
        return self.folder / "tmp"

    @property
    def title(self) -> str:
        """Its main packages and their versions, in words."""
        return f"TensorFlow {pinned('tensorflow-cpu')} and Horovod {pinned('horovod')}"


def environment(recipe: Recipe) -> dict[str, str]:
    """The variables to run the commands with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    programs = str(recipe.folder / "bin")
    return {
        # Horovod would compile eight files at once by default, which take a gigabyte each.
        "MAKEFLAGS": f"-j{os.cpu_count() or 1}",
        **kept,
        **_HOROVOD,
        "HOROVOD_CMAKE": f"{programs}/cmake",
        "PATH": os.pathsep.join((programs, kept.get("PATH", os.defpath))),
        "TMPDIR": str(recipe.temporary),
    }


def commands(recipe: Recipe) -> Iterator[tuple[str, list[str]]]:
    """Each command with its title, in order."""
    yield "virtual environment", [recipe.python, "-m", "venv", str(recipe.folder)]
    pip = [str(recipe.folder / "bin" / "python"), *_PIP]
    horovod, habana = map(requirement, ("horovod", "habana-tensorflow"))
    others = [str(each) for each in requirements("train") if each.name != "horovod"]
    yield "build tools for Horovod", [*pip, *map(str, requirements("horovod-build"))]
    yield f"TensorFlow {pinned('tensorflow-cpu')} and the upstream's imports", [*pip, *others]
    # A wheel in pip's cache may be of another build.
    build = ["--no-build-isolation", "--no-cache-dir", "--no-binary=horovod"]
    yield f"Horovod {pinned('horovod')}", [*pip, *build, str(horovod)]
    if recipe.hpu_index:
        index = f"--index-url={recipe.hpu_index}"
        yield "Habana's library", [*pip, index, "--no-deps", str(habana)]
        # With it installed, no package of the same name elsewhere can take its place.
        more = f"--extra-index-url={recipe.hpu_index}"
        yield "dependencies of Habana's library", [*pip, more, str(habana), *others]
