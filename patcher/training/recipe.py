"""How a training stack is made: which commands, in which environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patcher.training import versions

_HOROVOD = {
    "HOROVOD_WITH_TENSORFLOW": "1",
    "HOROVOD_WITH_GLOO": "1",
    "HOROVOD_WITHOUT_MPI": "1",
    "HOROVOD_WITHOUT_MXNET": "1",
    "HOROVOD_WITHOUT_PYTORCH": "1",
}
# What would lead pip or a build astray: packages elsewhere, a build of another kind.
_ASTRAY = ("HOROVOD_", "PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "VIRTUAL_ENV")
_PIP = ("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A stack to make.

    Attributes:
        folder: Where; absolute, behind links.
        python: The Python to make it of.
        hpu_index: The package index that has Habana's library; None for a stack without it.
    """

    folder: Path
    python: str
    hpu_index: str | None = None

    @property
    def packages(self) -> list[str]:
        """What it is to hold."""
        return [str(each) for each in versions.required("hpu" if self.hpu_index else "train")]

    @property
    def temporary(self) -> Path:
        """Where pip unpacks and builds, so that nothing stays elsewhere if it is cut off."""
        return self.folder / "tmp"


def environment(recipe: Recipe) -> dict[str, str]:
    """The variables to run the commands with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_ASTRAY)}
    own = str(recipe.folder / "bin")
    return {
        # Left to itself Horovod compiles eight files at once, which take a gigabyte each.
        "MAKEFLAGS": f"-j{os.cpu_count() or 1}",
        **kept,
        **_HOROVOD,
        "HOROVOD_CMAKE": f"{own}/cmake",
        "PATH": os.pathsep.join((own, kept.get("PATH", os.defpath))),
        "TMPDIR": str(recipe.temporary),
    }


def commands(recipe: Recipe) -> Iterator[tuple[str, list[str]]]:
    """What each command is for, and its words, in order."""
    yield "virtual environment", [recipe.python, "-m", "venv", str(recipe.folder)]
    pip = [str(recipe.folder / "bin" / "python"), *_PIP]
    horovod, habana = versions.named("horovod"), versions.named("habana-tensorflow")
    others = [str(each) for each in versions.required("train") if each.name != "horovod"]
    yield "what Horovod is built with", [*pip, *map(str, versions.required("horovod-build"))]
    yield f"TensorFlow {versions.version('tensorflow-cpu')}, and what goes with it", [*pip, *others]
    # A wheel that pip has kept may be of another build.
    build = ["--no-build-isolation", "--no-cache-dir", "--no-binary=horovod"]
    yield f"Horovod {versions.version('horovod')}", [*pip, *build, str(horovod)]
    if recipe.hpu_index:
        index = f"--index-url={recipe.hpu_index}"
        yield "Habana's library", [*pip, index, "--no-deps", str(habana)]
        # Now that it is there, nobody else's package of that name can take its place.
        more = f"--extra-index-url={recipe.hpu_index}"
        yield "what it needs", [*pip, more, str(habana), *others]
