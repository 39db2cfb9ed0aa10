"""How a training stack is made: which packages, by which commands, in which environment.

The versions are those of the extras in pyproject.toml; where the stack is for an accelerator, the
table of its releases has those of its library and of the framework. Nothing else states them. Each
package comes from one index, the vendor's from that of the vendor if it has one.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions, requires
from pathlib import Path

from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.training.credentials import secrets_of
from patcher.training.indexes import Sources, read_sources
from patcher.training.isolation import python_command, with_safe_paths
from patcher.training.releases import Target

_PYTHONS = ("3.9", "3.10", "3.11")  # those that TensorFlow 2.15 has wheels for
_HOROVOD = {
    "HOROVOD_WITH_TENSORFLOW": "1",
    "HOROVOD_WITH_GLOO": "1",
    "HOROVOD_WITHOUT_MXNET": "1",
    "HOROVOD_WITHOUT_PYTORCH": "1",
}
# A vendor's fork turns off by itself what it does without, and cannot do without MPI.
_FORK = {"HOROVOD_WITH_TENSORFLOW": "1", "HOROVOD_WITH_MPI": "1"}
# What would mislead pip or the build: packages elsewhere, a build of another kind.
_LEFT_OUT = ("EFFPATCH_INDEX_URL", "HOROVOD_", "PYTHON", "VIRTUAL_ENV", "__PYVENV")
# No package but Horovod runs code to be installed. What such code needs, pip would install by a
# command that shows the address of the index.
_PIP = (
    *("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"),
    "--only-binary=:all:",
)
# A wheel in pip's cache may be of another build.
_BUILD = ("--no-build-isolation", "--no-cache-dir")


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
class _Pip:
    """The pip of a stack, and the indexes that it takes packages from.

    Attributes:
        index: That of a vendor, which has its packages and no others; None for the user's.
    """

    python: Path
    environment: Mapping[str, str]
    sources: Sources
    index: str | None

    def install(self, title: str, *words: str, is_vendors: bool = False) -> Step:
        """What installs packages that are a vendor's, or not."""
        own = self.sources.of(self.index) if self.index and is_vendors else self.sources.public()
        kept = {name: text for name, text in self.environment.items() if name[:4] != "PIP_"}
        secrets = self.sources.secrets | secrets_of([self.index] if self.index else [])
        return Step(title, python_command(self.python, *_PIP, *words), {**kept, **own}, secrets)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A stack to make.

    Attributes:
        folder: Where; absolute, with links resolved.
        target: The accelerator that it is for, and the release of its software; None for CPUs.
        mpi: Whether its Horovod is to work over MPI as well, and not over Gloo alone.
    """

    folder: Path
    python: str
    target: Target | None = None
    mpi: bool = False

    @property
    def packages(self) -> list[str]:
        """The requirements that it fulfils."""
        return [*self._required.values()]

    @property
    def pythons(self) -> tuple[str, ...]:
        """The versions of Python that it can be made with."""
        return self.target.release.python if self.target else _PYTHONS

    @property
    def temporary(self) -> Path:
        """Where pip unpacks and builds, so that an interrupted build leaves nothing elsewhere."""
        return self.folder / "tmp"

    @property
    def title(self) -> str:
        """Its main packages and their versions, in words."""
        horovod = f"{_words(self._horovod)}{' with MPI' if self.mpi else ''}"
        names = [f"TensorFlow {self._tensorflow}", horovod]
        names += [_words(self.target.library)] if self.target else []
        return f"{', '.join(names[:-1])} and {names[-1]}"

    @property
    def needs_python_for(self) -> str:
        """What it is that only some versions of Python will do for."""
        return _words(self.target.library) if self.target else f"TensorFlow {self._tensorflow}"

    @property
    def _tensorflow(self) -> str:
        return self.target.release.framework[0] if self.target else pinned("tensorflow-cpu")

    @property
    def _horovod(self) -> str:
        return self._required["horovod"]

    @property
    def _required(self) -> dict[str, str]:
        """Its requirements, by the names of their packages, or of those whose place they take."""
        required = {each.name: str(each) for each in requirements("train")}
        if target := self.target:
            required[target.accelerator.framework] = target.framework
            required["horovod"] = target.fork or required["horovod"]
            required |= {each: each for each in target.release.also}
            required[target.accelerator.library] = target.library
        return required

    @property
    def _controllers(self) -> dict[str, str]:
        """The variables that say what Horovod is built with."""
        if self.target and self.target.fork:
            return _FORK
        return {**_HOROVOD, "HOROVOD_WITH_MPI" if self.mpi else "HOROVOD_WITHOUT_MPI": "1"}

    @property
    def _environment(self) -> dict[str, str]:
        """The variables to run its commands with; for pip, those of an index come to them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        kept, programs = with_safe_paths(kept), str(self.folder / "bin")
        return {
            # Horovod would compile eight files at once by default, which take a gigabyte each.
            "MAKEFLAGS": f"-j{os.cpu_count() or 1}",
            **kept,
            **self._controllers,
            "HOROVOD_CMAKE": f"{programs}/cmake",
            "PATH": os.pathsep.join((programs, kept["PATH"])),
            "TMPDIR": str(self.temporary),
        }

    def steps(self) -> Iterator[Step]:
        """Each command, in order; it has to have been run before the next one is asked for.

        Raises:
            StackError: pip's settings cannot be read, or a vendor's library names another source.
        """
        environment, python = self._environment, self.folder / "bin" / "python"
        venv = python_command(self.python, "-m", "venv", self.folder)
        yield Step("virtual environment", venv, environment)
        index = self.target.index if self.target else None
        pip = _Pip(python, environment, read_sources(python, environment), index)
        required = self._required
        horovod = required.pop("horovod")
        library = required.pop(self.target.accelerator.library) if self.target else ""
        others, tools = [*required.values()], map(str, requirements("horovod-build"))
        yield pip.install("build tools for Horovod", *tools)
        yield pip.install(f"TensorFlow {self._tensorflow} and the upstream's imports", *others)
        if self.target:
            yield from self._vendors(pip, library, others)
        build = [*_BUILD, f"--no-binary={Requirement(horovod).name}"]
        if self.target and self.target.fork:
            yield from self._vendors(pip, horovod, others, *build)
        else:
            yield pip.install(_words(horovod), *build, horovod)
        if self.target:
            module = self.target.accelerator.module
            importing = python_command(python, "-c", f"import {module}")
            yield Step(f"import of {module}", importing, environment)

    def _vendors(
        self, pip: _Pip, requirement: str, others: Sequence[str], *options: str
    ) -> Iterator[Step]:
        """A vendor's package from the vendor's index, and what it needs from that of all others."""
        title = _words(requirement)
        yield pip.install(title, "--no-deps", *options, requirement, is_vendors=True)
        needed = self._installed(Requirement(requirement).name)
        yield pip.install(f"dependencies of {title}", needed, *others)

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


def _words(requirement: str) -> str:
    """A requirement of one version, in words, such as `Horovod 0.28.1`."""
    name, _, version = requirement.partition("==")
    return f"{'Horovod' if name == 'horovod' else name} {version}"
