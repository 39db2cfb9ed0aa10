"""How a training stack is made: which packages, by which commands, in which environment.

The versions are those of the extras in pyproject.toml, and nothing else states them. Each package
comes from one index: Habana's library from that of the vendor, all others from the user's.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions, requires
from pathlib import Path

from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.training import ACCELERATOR
from patcher.training.credentials import secrets_of
from patcher.training.indexes import read_sources
from patcher.training.isolation import python_command, with_safe_paths

_HOROVOD = {
    "HOROVOD_WITH_TENSORFLOW": "1",
    "HOROVOD_WITH_GLOO": "1",
    "HOROVOD_WITHOUT_MPI": "1",
    "HOROVOD_WITHOUT_MXNET": "1",
    "HOROVOD_WITHOUT_PYTORCH": "1",
}
# What would mislead pip or the build: packages elsewhere, a build of another kind.
_LEFT_OUT = ("EFFPATCH_INDEX_URL", "HOROVOD_", "PYTHON", "VIRTUAL_ENV", "__PYVENV")
# No package but Horovod runs code to be installed. What such code needs, pip would install by a
# command that shows the address of the index.
_PIP = (
    *("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"),
    "--only-binary=:all:",
)
# A wheel in pip's cache may be of another build.
_BUILD = ("--no-build-isolation", "--no-cache-dir", "--no-binary=horovod")


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
class Step:
    """A command to run.

    Attributes:
        environment: The variables to run it with; credentials are here and not in the command.
        secrets: What must not be shown of its output.
    """

    title: str
    command: list[str]
    environment: Mapping[str, str]
    secrets: frozenset[str] = frozenset()


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
    def _environment(self) -> dict[str, str]:
        """The variables to run its commands with; for pip, those of an index come to them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        kept, programs = with_safe_paths(kept), str(self.folder / "bin")
        return {
            # Horovod would compile eight files at once by default, which take a gigabyte each.
            "MAKEFLAGS": f"-j{os.cpu_count() or 1}",
            **kept,
            **_HOROVOD,
            "HOROVOD_CMAKE": f"{programs}/cmake",
            "PATH": os.pathsep.join((programs, kept["PATH"])),
            "TMPDIR": str(self.temporary),
        }

    def steps(self) -> Iterator[Step]:
        """Each command, in order; it has to have been run before the next one is asked for.

        Raises:
            StackError: pip's settings cannot be read, or Habana's library names another source.
        """
        environment, python = self._environment, self.folder / "bin" / "python"
        venv = python_command(self.python, "-m", "venv", self.folder)
        yield Step("virtual environment", venv, environment)
        pip, sources = python_command(python, *_PIP), read_sources(python, environment)
        variables = {name: text for name, text in environment.items() if name[:4] != "PIP_"}
        public, secrets = {**variables, **sources.public()}, sources.secrets
        horovod, habana, others = _packages()
        for title, words in (
            ("build tools for Horovod", [*map(str, requirements("horovod-build"))]),
            (f"TensorFlow {pinned('tensorflow-cpu')} and the upstream's imports", others),
            (f"Horovod {pinned('horovod')}", [*_BUILD, horovod]),
        ):
            yield Step(title, [*pip, *words], public, secrets)
        if self.hpu_index:
            vendor = {**variables, **sources.of(self.hpu_index)}
            secrets |= secrets_of([self.hpu_index])
            yield Step("Habana's library", [*pip, "--no-deps", habana], vendor, secrets)
            needed = [*pip, self._installed(habana), *others]
            yield Step("dependencies of Habana's library", needed, public, secrets)

    def _installed(self, name: str) -> str:
        """What requires the version of a package that is installed, which no other may replace.

        Raises:
            StackError: The package takes one that it needs from a place of its own.
        """
        folders = map(str, self.folder.glob("lib/python*/site-packages"))
        (found,) = distributions(name=name, path=[*folders])
        elsewhere = [each for each in map(Requirement, found.requires or ()) if each.url]
        if elsewhere:
            wanted = "packages of the index alone"
            raise StackError(name, f"requires {elsewhere[0]}", wanted, "ask its vendor for another")
        return f"{name}=={found.version}"


def _packages() -> tuple[str, str, list[str]]:
    """What is required of Horovod, of Habana's library, and of all others."""
    others = {each.name: str(each) for each in requirements(ACCELERATOR)}
    return others.pop("horovod"), others.pop("habana-tensorflow"), [*others.values()]
