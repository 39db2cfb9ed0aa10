"""What packs say about training a tree: its program, its runtime, and the edits that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from patcher.errors import PackError, TreeError
from patcher.model import Pack, Plan, State
from patcher.packs import DEFAULT


def program_of(packs: Sequence[Pack]) -> str:
    """The path of the program that trains, below the checkout's root.

    Raises:
        PackError: The pin of the packs names none.
    """
    for pack in packs:
        if pack.upstream and pack.upstream.program:
            return pack.upstream.program
    names = " and ".join(pack.name for pack in packs)
    wanted = "the file that trains"
    raise PackError(names, "the pin names no program", wanted, "add `program` to the pin")


def runtime_of(packs: Sequence[Pack]) -> Path | None:
    """The folder of the modules that the packs' edits import, if any are shipped."""
    return next((pack.runtime.folder for pack in packs if pack.runtime), None)


def needed_packs(
    packs: Sequence[Pack], known: Iterable[Pack], versions: Mapping[str, str]
) -> list[Pack]:
    """The known packs that a tree needs besides those chosen, for what it runs on.

    Those for another upstream are left out. The versions are `Installed.packages`.
    """
    chosen = {pack.name for pack in packs}
    upstreams = {pack.upstream.repository for pack in packs if pack.upstream}
    return [
        pack
        for pack in known
        if pack.name not in chosen
        and pack.upstream
        and pack.upstream.repository in upstreams
        and _is_needed(pack, versions)
    ]


def _is_needed(pack: Pack, versions: Mapping[str, str]) -> bool:
    found = [(_version(name, versions), wanted) for name, wanted in pack.needed_with.items()]
    return bool(found) and all(
        version and SpecifierSet(wanted).contains(version, prereleases=True)
        for version, wanted in found
    )


def _version(package: str, versions: Mapping[str, str]) -> str | None:
    return versions.get(canonicalize_name(package))


def require_ported(place: str, packs: Sequence[str], plan: Plan) -> None:
    """Check that a tree has every edit of the packs chosen, all as the user named them.

    Raises:
        TreeError: By the plan, some edit is not made.
    """
    missing = [each.id for each in plan.outcomes if each.state is not State.APPLIED]
    wanted = f"all {len(plan.outcomes)} edits of {' and '.join(packs)}"
    _refuse_missing(place, missing, wanted, packs)


def require_current(
    place: str, packs: Sequence[str], needed: Pack, plan: Plan, versions: Mapping[str, str]
) -> None:
    """Check that a tree has the edits of one of `needed_packs`, by the plan for that pack.

    An edit that does not fit may have been made in other words, and is left to the user.

    Raises:
        TreeError: Some edit could be made and is not.
    """
    pending = [each.id for each in plan.outcomes if each.state is State.PENDING]
    running = " and ".join(f"{name} {_version(name, versions)}" for name in needed.needed_with)
    wanted = f"all edits of {needed.name} with {running}"
    _refuse_missing(place, pending, wanted, [*packs, needed.name])


def _refuse_missing(place: str, missing: Sequence[str], wanted: str, packs: Sequence[str]) -> None:
    if missing:
        more = f" and {len(missing) - 3} more" if missing[3:] else ""
        named = "" if list(packs) == [DEFAULT] else "".join(f" --pack {name}" for name in packs)
        found = f"{', '.join(missing[:3])}{more} not applied"
        raise TreeError(place, found, wanted, f"run `effpatch apply {place}{named}` first")
