"""A quote that is written as a diff, as the code before and the code afterwards."""

import re

from patcher.document.cuts import CUT

_NAMED = re.compile(r"^--- (?:a/)?(?!/dev/null)(\S+\.\w+)", re.MULTILINE)
_HEADS = ("--- ", "+++ ", "diff ", "index ")


def file_of(diff: str) -> str:
    """The file that the head of a diff names; "" where it has none, or one for a new file."""
    found = _NAMED.search(diff)
    return found[1] if found else ""


def sides(diff: str) -> tuple[str, str]:
    """The code before and the code afterwards; what is between two hunks is left out."""
    before, after = list[str](), list[str]()
    for line in diff.splitlines():
        if line.startswith(_HEADS):
            continue
        if line.startswith("@@"):
            before += [CUT] if before else []
            after += [CUT] if after else []
            continue
        if not line.startswith("+"):
            before.append(line[1:])
        if not line.startswith("-"):
            after.append(line[1:])
    return "".join(f"{line}\n" for line in before), "".join(f"{line}\n" for line in after)
