"""Git: checkouts, commits and branches."""

from __future__ import annotations

from patcher.errors.base import PatchError


class GitFailed(PatchError):
    """A git command did not do what it was asked."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: git failed: {reason}; correct that and run again")


class NoHistory(PatchError):
    """Commits were asked for where there is nothing to put them on."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no git checkout with a commit in it, expected one to commit the edits to; "
            "apply without --commit, or use `effpatch export`"
        )


class Underway(PatchError):
    """Commits were asked for in the middle of something else."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(
            f"{place}: a {what} has not ended, expected none to commit; finish or abort it first"
        )


class BranchExists(PatchError):
    """The branch to be made is there already."""

    def __init__(self, place: str, name: str) -> None:
        super().__init__(
            f"{place}: has a branch {name} already, expected a new one; name another with --branch"
        )


class NotEmpty(PatchError):
    """The folder to write to holds something."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: is not an empty folder, expected one; name another with -o")


class NotAFolder(PatchError):
    """Something else is where a folder is to be."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: not a folder, expected room for a checkout; name another")


class BrokenCheckout(PatchError):
    """What `fetch` finds at its destination is not the pinned checkout."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(
            f"{place}: {found}, expected a checkout of the pin; "
            "`effpatch fetch --force` sets it aside and fetches anew"
        )


class WrongContent(PatchError):
    """A fetched file is not the pinned one."""

    def __init__(self, place: str, found: str, wanted: str) -> None:
        super().__init__(
            f"{place}: SHA-256 is {found[:12]}..., expected {wanted[:12]}...; "
            "check --url and --commit, or vendor/upstream.toml"
        )
