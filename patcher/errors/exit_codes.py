"""What each exit code means."""

from typing import NamedTuple


class ExitCode(NamedTuple):
    """An exit code, what it means, and when a command ends with it."""

    code: int
    means: str
    example: str


EXIT_CODES = (
    ExitCode(0, "done, or nothing to do", "`apply` to a tree that has all edits"),
    ExitCode(
        1,
        "differences",
        "`status` with pending edits, `diff --exit-code`, `verify --against`, lines that `infer` "
        "has no rule for",
    ),
    ExitCode(2, "usage", "an unknown option or rule, options that cannot be used together"),
    ExitCode(
        3,
        "a rule does not fit the tree",
        "`apply`, `status`, `diff` or `export` of a drifted tree",
    ),
    ExitCode(
        4,
        "the tree, pack or stack cannot be used as it is",
        "no such tree, uncommitted changes, a wrong key in a pack, a folder for `new` that exists",
    ),
    ExitCode(
        5,
        "a check or training failed",
        "`verify`, `coverage`, `test`, `apply` before it writes, `train`",
    ),
    ExitCode(
        70,
        "an unexpected error",
        "a bug; please report it, and attach the log that the message names",
    ),
    ExitCode(130, "interrupted", "Ctrl-C"),
)
