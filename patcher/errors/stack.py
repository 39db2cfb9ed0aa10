"""The training stack: what bars making one, and one that will not do."""

from __future__ import annotations

from patcher.errors.base import PatchError


class NoExtra(PatchError):
    """effpatch as it is installed does not say what a stack is made of."""

    def __init__(self, extra: str) -> None:
        super().__init__(
            f"effpatch: installed without the extra {extra}, expected the versions that it names; "
            "install effpatch again"
        )


class InTheWay(PatchError):
    """The folder for a stack holds something else."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: is there and no stack that effpatch has made, expected a new or an empty "
            "folder; name another"
        )


class BrokenStack(PatchError):
    """The folder holds a stack of effpatch's making that is not what it should be."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(
            f"{place}: {found}, expected a whole stack; "
            f"`effpatch stack create --force {place}` starts anew"
        )


class WrongPython(PatchError):
    """There is no TensorFlow for this Python."""

    def __init__(self, place: str, found: str, wanted: str) -> None:
        super().__init__(f"{place}: {found}, expected {wanted}; name another with --python")


class ToolMissing(PatchError):
    """Horovod cannot be built."""

    def __init__(self, found: str, wanted: str, package: str) -> None:
        super().__init__(
            f"{found}, expected {wanted} to build Horovod; "
            f"install {package} (Debian: apt install {package}) and run again"
        )


class NoRoom(PatchError):
    """The disk is too full."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(f"{place}: {found}, expected about 3 GB; make room and run again")


class Unreachable(PatchError):
    """No package index answers."""

    def __init__(self, step: str, reason: str, log: str) -> None:
        super().__init__(
            f"{step}: the package index cannot be reached ({reason}); check the "
            f"network, or pip's index-url and proxy, and run again with --force; log in {log}"
        )


class StepFailed(PatchError):
    """A step towards a stack came to nothing."""

    def __init__(self, step: str, reason: str, log: str) -> None:
        super().__init__(
            f"{step}: failed ({reason}); the whole output is in {log}; "
            "mend that and run again with --force"
        )


class NoStack(PatchError):
    """The folder that was named holds no Python."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no bin/python in it, expected a virtual environment; "
            "`effpatch stack create` makes one"
        )


class NotReady(PatchError):
    """A Python that no training can run on."""

    def __init__(self, place: str, reason: str, wanted: str) -> None:
        super().__init__(
            f"{place}: {reason}, expected TensorFlow {wanted} with estimators; "
            "`effpatch stack create DIR` makes a stack that has them"
        )


class NoAnswer(PatchError):
    """A Python dies when it is asked what it has."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}, expected what it has for training; mend that Python")
