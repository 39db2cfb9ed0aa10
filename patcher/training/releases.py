"""The releases of an accelerator's software: the one to install, and the one that is installed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from patcher.errors import PackError, SelectionError, StackError
from patcher.model import Pack
from patcher.packs.accelerators import Accelerator, Fork, Release, Revision, load_accelerator


@dataclass(frozen=True, slots=True)
class Target:
    """An accelerator and a release of its software, for which a stack is made.

    Attributes:
        index: The package index that has the vendor's packages; None for that of all others.
    """

    accelerator: Accelerator
    release: Release
    index: str | None = None

    @property
    def library(self) -> str:
        """The requirement of the vendor's library."""
        return f"{self.accelerator.library}=={self.release.library}"

    @property
    def framework(self) -> str:
        """The requirement of the framework."""
        return f"{self.accelerator.framework}=={self.release.framework[0]}"

    @property
    def fork(self) -> str | None:
        """The requirement of the vendor's fork; None where it cannot be built on this machine."""
        fork = self.accelerator.fork
        return f"{fork.package}=={self.release.library}" if fork and not lacking(fork) else None

    @property
    def note(self) -> str:
        """Why a stack has the public package in place of the vendor's fork; "" where it has not."""
        fork = self.accelerator.fork
        if not fork or not (missing := lacking(fork)):
            return ""
        lack = f"{fork.package} is built with {' and '.join(missing)}, which this machine lacks"
        return f"{fork.of} is the public package, as {lack}"


def lacking(fork: Fork) -> list[str]:
    """What a fork is built with and this machine does not have."""
    return [file for file in fork.needs if not os.path.exists(file)]


def accelerator_of(packs: Sequence[Pack]) -> Accelerator | None:
    """The accelerator that packs are for; the first one that a pack names."""
    return next((load_accelerator(each.accelerator) for each in packs if each.accelerator), None)


def target_of(packs: Sequence[Pack], name: str = "", index: str | None = None) -> Target:
    """The release that a name stands for, such as `1.14` for the last of these; "" for the newest.

    Only those count whose library can be had.

    Raises:
        SelectionError: There is no such release.
        StackError: Its library cannot be had.
        PackError: The packs name no accelerator.
    """
    accelerator = accelerator_of(packs)
    if accelerator is None:
        names = " and ".join(pack.name for pack in packs)
        wanted = "a device that a stack can be made for"
        raise PackError(names, "names no accelerator", wanted, "add `accelerator` to pack.toml")
    releases = accelerator.releases
    found = [each for each in releases if not name or f"{each.name}.".startswith(f"{name}.")]
    available = [each for each in found if each.library]
    if available:
        return Target(accelerator, available[-1], index)
    known = [each.name for each in releases if each.library]
    wanted = f"one of {', '.join(known)}"
    if found:
        lack = f"no {accelerator.library} of {found[-1].name} on the public package index"
        raise StackError("--release", lack, wanted, "choose another")
    hint = "choose one of them, or leave --release out"
    raise SelectionError("--release", f"no release {name}", wanted, hint)


def installed_library(accelerator: Accelerator | None, packages: Mapping[str, str]) -> str:
    """The version of an accelerator's library among the packages of `Installed`; "" for none."""
    return packages.get(canonicalize_name(accelerator.library), "") if accelerator else ""


def is_used(accelerator: Accelerator, packages: Mapping[str, str], device: str) -> bool:
    """Whether a run on a device is one on an accelerator, by the packages of `Installed`."""
    library = installed_library(accelerator, packages)
    return bool(library) and device in (accelerator.device, "auto")


def release_of(accelerator: Accelerator | None, packages: Mapping[str, str]) -> str:
    """The release that is installed, by its library, and its document; in words, "" for none."""
    library = installed_library(accelerator, packages)
    if not (accelerator and library):
        return ""
    known = (each for each in accelerator.releases if each.library == library)
    release = next(known, None)
    by = f"according to {accelerator.library} {library}"
    if release is None:
        return f"one that is not known, {by}"
    document = document_of(accelerator, release)
    quoted = (
        f"its document is quoted by {document.pack}"
        if document
        else "no revision of the document is for it"
    )
    return f"{release.name}, {by}; {quoted}"


def document_of(accelerator: Accelerator, release: Release) -> Revision | None:
    """The document of a release; None where it has none."""
    found = (each for each in accelerator.documents if applies(each.releases, release.name))
    return next(found, None)


def applies(releases: str, version: str) -> bool:
    """Whether a version, of a release or of its library, is among some releases."""
    return SpecifierSet(releases).contains(version, prereleases=True)
