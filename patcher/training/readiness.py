"""What packs say about training a tree: its program, its runtime, and the edits that it needs."""

from collections.abc import Iterable, Mapping, Sequence

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from patcher.errors import PackError, TreeError
from patcher.model import Pack, Plan, Runtime, State
from patcher.packs import DEFAULT, related


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


def runtime_of(packs: Sequence[Pack]) -> Runtime | None:
    """The modules that the packs' edits import, if any are shipped; the first one's folder."""
    runtimes = [pack.runtime for pack in packs if pack.runtime]
    folder = runtimes[0].folder if runtimes else None
    packages = [name for each in runtimes if each.folder == folder for name in each.packages]
    return Runtime(folder, tuple(dict.fromkeys(packages))) if folder else None


def needed_packs(
    packs: Sequence[Pack], known: Iterable[Pack], versions: Mapping[str, str]
) -> dict[str, str]:
    """The known packs that a tree needs besides those chosen, for what it runs on.

    Each comes with what makes its edits necessary, such as `TensorFlow 2.15.1`. Those for another
    upstream are left out. The versions are `Installed.packages`.
    """
    others = related(packs, known)
    found = {pack.name: _running(pack.needed_with, versions) for pack in others}
    return {name: running for name, running in found.items() if running}


def _running(wanted: Mapping[str, str], versions: Mapping[str, str]) -> str:
    """Some packages and their versions, in words; "" where not all are as wanted, or none is."""
    found = {name: versions.get(canonicalize_name(name)) for name in wanted}
    matching = [
        f"{name} {version}"
        for name, version in found.items()
        if version and SpecifierSet(wanted[name]).contains(version, prereleases=True)
    ]
    return " and ".join(matching) if len(matching) == len(found) else ""


def require_edits(place: str, packs: Sequence[str], plan: Plan, running: str = "") -> None:
    """Check that a tree has every edit that a plan could make; one that does not fit is left.

    The packs are as the user named them. With `running`, which `needed_packs` gives, the plan is
    for the last one.

    Raises:
        TreeError: Some edit could be made.
    """
    missing = [each.id for each in plan.outcomes if each.state is State.PENDING]
    if missing:
        wanted = f"all {len(plan.outcomes)} edits of {' and '.join(packs)}"
        wanted = f"all edits of {packs[-1]}, as the stack has {running}" if running else wanted
        more = f" and {len(missing) - 3} more" if missing[3:] else ""
        named = "" if list(packs) == [DEFAULT] else "".join(f" --pack {name}" for name in packs)
        found = f"{', '.join(missing[:3])}{more} not applied"
        raise TreeError(place, found, wanted, f"run `effpatch apply {place}{named}` first")
