"""How a training stack is made: which packages, by which commands, in which environment.

The versions are those of the extras in pyproject.toml, and nothing else states them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.training import ACCELERATOR

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


def requirements(extra: str) -> list[Requirement]:
    """What an extra of effpatch requires, including the extras that it names itself.

    Raises:
        StackError: The installed effpatch has no such extra.
    """
    found: list[Requirement] = []
    for each in map(Requirement, requires("effpatch") or ()):
        marker = each.marker
        if not marker or marker.evaluate({"extra": ""}) or not marker.evaluate({"extra": extra}):
            continue
        each.marker = None
        inner = each.extras if each.name == "effpatch" else ()
        found += [one for name in inner for one in requirements(name)] or [each]
    if not found:
        lacking = f"installed without the extra {extra}"
        wanted = "the versions that it names"
        raise StackError("effpatch", lacking, wanted, "install effpatch again")
    return found


def pinned(package: str) -> str:
    """The one version that is required of a package."""
    (found,) = (each for each in requirements("train") if each.name == package)
    return str(found.specifier).removeprefix("==")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A stack to make.

    Attributes:
        folder: Where; absolute, with links resolved.
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

    @property
    def environment(self) -> dict[str, str]:
        """The variables to run its commands with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        programs = str(self.folder / "bin")
        return {
            # Horovod would compile eight files at once by default, which take a gigabyte each.
            "MAKEFLAGS": f"-j{os.cpu_count() or 1}",
            **kept,
            **_HOROVOD,
            "HOROVOD_CMAKE": f"{programs}/cmake",
            "PATH": os.pathsep.join((programs, kept.get("PATH", os.defpath))),
            "TMPDIR": str(self.temporary),
        }

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Each command with its title, in order."""
        yield "virtual environment", [self.python, "-m", "venv", str(self.folder)]
        pip = [str(self.folder / "bin" / "python"), *_PIP]
        others = {each.name: str(each) for each in requirements(ACCELERATOR)}
        horovod, habana = others.pop("horovod"), others.pop("habana-tensorflow")
        yield "build tools for Horovod", [*pip, *map(str, requirements("horovod-build"))]
        tensorflow = f"TensorFlow {pinned('tensorflow-cpu')} and the upstream's imports"
        yield tensorflow, [*pip, *others.values()]
        # A wheel in pip's cache may be of another build.
        build = ["--no-build-isolation", "--no-cache-dir", "--no-binary=horovod"]
        yield f"Horovod {pinned('horovod')}", [*pip, *build, horovod]
        if self.hpu_index:
            index = f"--index-url={self.hpu_index}"
            yield "Habana's library", [*pip, index, "--no-deps", habana]
            # With it installed, no package of the same name elsewhere can take its place.
            more = f"--extra-index-url={self.hpu_index}"
            yield "dependencies of Habana's library", [*pip, more, habana, *others.values()]
