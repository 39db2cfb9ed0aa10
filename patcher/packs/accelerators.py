"""The software of an accelerator's vendor: its releases, and the variables that they want set.

Such a table is a TOML file: a shipped one by its name, or one in the folder of a pack.
"""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from patcher.packs.pins import require_path
from patcher.packs.tables import TABLE, TABLES, TEXT, TEXTS, Key, Table, read
from patcher.resources import VENDOR

_FOLDER = VENDOR / "accelerators"
_PACKAGE = (r"[A-Za-z0-9][\w.-]*", "the name of a package")
_VERSION = (r"\d+(\.\d+)*", "a version, of numbers and dots")
_KNOWN = (rf"({_VERSION[0]})?", _VERSION[1])  # or left out
_BOUND = r"(==|!=|<=?|>=?)\d+(\.\d+)*"
_VERSIONS = (rf"{_BOUND}(,{_BOUND})*", "versions, such as `>=1.1,<1.4`")
# What each text in a list of a release has to be.
_LISTS = {
    "framework": _VERSION,
    "python": (r"\d\.\d+", "a version such as `3.10`"),
    "also": (rf"{_PACKAGE[0]}{_VERSIONS[0]}", "a requirement such as `numpy<2`"),
}
_SOURCE = Key(about="Where this was found; for readers.")
# When a preset applies, by the number of workers and of the hosts that they run on.
WHEN = ("always", "several workers", "several hosts")
ACCELERATOR = {
    "title": Key(),
    "device": Key(about="What `train --device` calls it."),
    "library": Key(pattern=_PACKAGE, about="The vendor's package, whose version tells a release."),
    "module": Key(pattern=(r"\w+(\.\w+)*", "the name of a module"), about="What it installs."),
    "framework": Key(pattern=_PACKAGE, about="The package that a release requires a version of."),
    "fork": Key(TABLE, {}, "The vendor's own build of a package."),
    "release": Key(TABLES, about="The releases, the oldest first."),
    "preset": Key(TABLES, [], "Variables that are set for a run, unless the user sets them."),
    "document": Key(TABLES, [], "The revisions of the document, and the packs that quote them."),
    "limit": Key(TABLES, [], "What the vendor names as the limits of the program on the device."),
}
FORK = {
    "package": Key(pattern=_PACKAGE, about="It has the versions of the library."),
    "of": Key(pattern=_PACKAGE, about="The package that it replaces."),
    "needs": Key(TEXTS, about="The files of this machine that it is built with."),
}
RELEASE = {
    "name": Key(pattern=_VERSION),
    "source": _SOURCE,
    "library": Key(
        TEXT, "", "The library's version on the public index; left out, it is not there.", _KNOWN
    ),
    "framework": Key(TEXTS, [], "The versions that the library accepts, the best one first."),
    "python": Key(TEXTS, [], "The versions that the library has wheels for, such as `3.10`."),
    "fork_of": Key(TEXT, "", "What the vendor's fork was made from.", _KNOWN),
    "also": Key(TEXTS, [], "What a stack requires besides, such as `numpy<2`."),
}
PRESET = {
    "variable": Key(pattern=("[A-Z][A-Z0-9_]*", "the name of a variable")),
    "value": Key(),
    "releases": Key(pattern=_VERSIONS),
    "when": Key(TEXT, WHEN[0], pattern=("|".join(WHEN), f"one of {', '.join(WHEN)}")),
    "unless": Key(TEXTS, [], "Variables which, set by the user, rule this one out."),
    "why": Key(about="What it does for the user."),
    "source": _SOURCE,
}
DOCUMENT = {
    "releases": Key(pattern=_VERSIONS),
    "pack": Key(about="The pack that quotes it."),
    "changes": Key(about="How it differs from the one before."),
}
LIMIT = {
    "flag": Key(about="The flag of the program."),
    "most": Key(TEXT, "", "The largest number that it may be.", (r"(\d+)?", "a number")),
    "only": Key(TEXTS, [], "The values that it may have."),
    "source": _SOURCE,
}


class Fork(NamedTuple):
    """A vendor's own build of a package, and the files of a machine that it is built with."""

    package: str
    of: str
    needs: tuple[str, ...]


class Release(NamedTuple):
    """A release of a vendor's software; what is not known of it is empty.

    Attributes:
        library: The version of the vendor's library; "" where the public index has none.
        framework: The versions of the framework that the library accepts, the best one first.
        python: The versions of Python that the library has wheels for, such as `3.10`.
        fork_of: The version of the package that the vendor's fork of it was made from.
        also: What a stack requires besides.
    """

    name: str
    library: str = ""
    framework: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    fork_of: str = ""
    also: tuple[str, ...] = ()


class Preset(NamedTuple):
    """A variable that some releases want set.

    Attributes:
        releases: Which, such as `>=1.1,<1.3`.
        when: When it applies, one of WHEN.
        unless: Variables which, set by the user, rule it out.
        why: What it does for the user.
    """

    variable: str
    value: str
    releases: str
    when: str
    unless: tuple[str, ...]
    why: str


class Revision(NamedTuple):
    """A document as some releases have it: the pack that quotes it, and how it differs."""

    releases: str
    pack: str
    changes: str


class Limit(NamedTuple):
    """What a flag of the program may be on a device: a number up to `most`, or one of `only`."""

    flag: str
    most: str
    only: tuple[str, ...]


class Accelerator(NamedTuple):
    """A device that programs are ported to, and the software of its vendor.

    Attributes:
        device: What `train --device` calls it.
        library: The vendor's package, whose version tells a release.
        module: The module that the library installs.
        framework: The package that a release requires a version of.
        releases: The oldest first.
    """

    title: str
    device: str
    library: str
    module: str
    framework: str
    fork: Fork | None
    releases: tuple[Release, ...]
    presets: tuple[Preset, ...]
    documents: tuple[Revision, ...]
    limits: tuple[Limit, ...]


def accelerator_file(pack: Table, name: str, folder: Path) -> Path:
    """The file of the accelerator that a pack names: a shipped one, or one in its folder.

    Raises:
        PackError: There is none of that name, or something in it is not as it should be.
    """
    known = {file.stem: file for file in sorted(_FOLDER.glob("*.toml"))}
    require_path(pack, "accelerator", name, "the pack's folder")
    file = known.get(name, folder / name)
    if not file.is_file():
        wanted = f"one of {', '.join(known)}, or a file in the pack's folder"
        raise pack.error("accelerator", f"no accelerator `{name}`", wanted)
    load_accelerator(file)
    return file


def load_accelerator(file: Path) -> Accelerator:
    """The accelerator that a file describes.

    Raises:
        PackError: Something in it is not as it should be.
    """
    table = read(file)
    values = table.read(ACCELERATOR)
    releases = tuple(map(_release, values.pop("release")))
    for name, times in Counter(release.name for release in releases).items():
        if times > 1:
            raise table.error("release", f"{name} is listed twice", "each release once")
    return Accelerator(
        fork=Fork(**values.pop("fork").read(FORK)) if "fork" in table.values else None,
        releases=releases,
        presets=tuple(Preset(**_without_source(each, PRESET)) for each in values.pop("preset")),
        documents=tuple(Revision(**each.read(DOCUMENT)) for each in values.pop("document")),
        limits=tuple(Limit(**_without_source(each, LIMIT)) for each in values.pop("limit")),
        **{name: value for name, value in values.items() if name != "fork"},
    )


def _release(table: Table) -> Release:
    """A release; one that can be installed says with what."""
    release = Release(**_without_source(table, RELEASE))
    for key in ("framework", "python"):
        if release.library and not getattr(release, key):
            raise table.error(key, "missing key", "what the library goes with")
    for key, (pattern, words) in _LISTS.items():
        for each in getattr(release, key):
            if not re.fullmatch(pattern, each):
                raise table.error(key, f"found {each!r}", words)
    return release


def _without_source(table: Table, keys: Mapping[str, Key]) -> dict[str, Any]:
    values = table.read(keys)
    del values["source"]
    return values
