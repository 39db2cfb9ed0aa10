"""The errors that end a command, by exit code; each sentence is written where it is raised."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from patcher.errors.visible import visible

_MASK = "****"
# What stands before the host of a URL. Where a colon is followed by something else than a port, a
# password follows that holds a slash which should have been encoded.
# A limit, as each `://` in a long word without `@` would be a reason to read to its end.
USER_INFO = re.compile(
    r"(://)(?:[^\s/?#]*|(?!\[)[^\s/?#@:]*:(?!\d*(?:[/?#]|$))[^\s@]{0,5000})(@|%40)"
)
# The same in a URL that is encoded as a part of another, once or more often.
_ENCODED_USER_INFO = re.compile(
    r"(%(?:25)*3A(?:%(?:25)*2F){2})(?:(?!%(?:25)*(?:2F|3F|23))[^\s&/?#])*(%(?:25)*40)",
    re.IGNORECASE,
)
_SECRET = r"token|secret|passw|credential|signature|auth|jwt|(?:api|access|private)[-_]?key"
SECRET_NAME = re.compile(_SECRET, re.IGNORECASE)
_PARAMETER = re.compile(r"([?&]([^\s=&?]*)=)([^\s&#'\"]+)")


class PatchError(Exception):
    """Ends a command with one sentence: `place: found, expected wanted; next_step`.

    Each part may quote anything, a stranger's file name for example: it is made visible here. No
    part shows the credentials in a URL.

    Attributes:
        exit_code: How the command ends.
        place: The file, line, option or rule that is meant.
        found: What was found there.
        wanted: What was expected instead; "" where `found` says it all.
        next_step: What to do next.
    """

    exit_code = 4

    def __init__(self, place: str, found: str = "", wanted: str = "", next_step: str = "") -> None:
        place, found, wanted, next_step = (
            visible(masked(part)) for part in (place, found, wanted, next_step)
        )
        said = ", expected ".join(filter(None, (found, wanted)))
        head = ": ".join(filter(None, (place, said)))
        super().__init__("; ".join(filter(None, (head, next_step))))
        self.place, self.found, self.wanted, self.next_step = place, found, wanted, next_step


class SelectionError(PatchError):
    """The options name something that does not exist, or select nothing."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of source code to show under a sentence.

    Attributes:
        line: Its number, 1-based.
        column: The first character to point at, 1-based.
        text: The line.
        note: What to say of it.
        width: How many characters to point at.
    """

    line: int
    column: int
    text: str
    note: str = ""
    width: int = 1


class MismatchError(PatchError):
    """A rule does not fit the tree.

    Attributes:
        source: The lines that it may have meant. A terminal shows them in place of `detail`.
        summary: The error without what `source` shows and without the next step.
    """

    exit_code = 3

    def __init__(
        self,
        place: str,
        found: str,
        wanted: str = "",
        next_step: str = "",
        *,
        detail: str = "",
        source: Sequence[SourceLine] = (),
    ) -> None:
        found_in_full = " ".join(filter(None, (found, detail)))
        super().__init__(place, found_in_full, wanted, next_step)
        self.summary = str(PatchError(place, found, wanted))
        self.source = tuple(source)


class TreeError(PatchError):
    """The tree or its receipt cannot be used as it is."""


class UnparsableError(TreeError):
    """A file is not Python that can be read and printed again."""


class WriteError(TreeError):
    """A file cannot or must not be written."""


class LockedError(TreeError):
    """Another run holds the tree or the folder."""


class RecoveryError(TreeError):
    """An interrupted run can be neither finished nor undone."""


class StateError(TreeError):
    """What effpatch keeps of trees cannot be read or written."""


class GitError(TreeError):
    """A git command failed, or the repository is in no state for it."""


class PackError(PatchError):
    """A pack or pin cannot be loaded."""


class StackError(PatchError):
    """The training stack, its launcher or its data cannot be used."""


class HostError(StackError):
    """A host cannot be used for a run, as it is now."""


class CheckError(PatchError):
    """A check fails."""

    exit_code = 5


class TrainingError(PatchError):
    """Training ended with an error."""

    exit_code = 5


class LostError(TrainingError):
    """A worker, a host or the launcher was lost; the run can go on from its last checkpoint."""


class StoppedError(PatchError):
    """The user stopped the command."""

    exit_code = 130


class ErrorList(PatchError):
    """Several errors, one line each; the exit code is that of the first."""

    def __init__(self, errors: Sequence[PatchError]) -> None:
        super().__init__("")
        self.args = ("\n".join(map(str, errors)),)
        self.errors = tuple(errors)
        self.exit_code = errors[0].exit_code


def masked(text: str, secrets: Collection[str] = ()) -> str:
    """A text with `****` for the credentials of each URL, and for some secrets wherever they stand.

    `https://user:token@host/simple` becomes `https://****@host/simple`.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _MASK)
    for pattern in (USER_INFO, _ENCODED_USER_INFO):
        text = pattern.sub(rf"\1{_MASK}\2", text)
    return _PARAMETER.sub(
        lambda found: f"{found[1]}{_MASK}" if SECRET_NAME.search(found[2]) else found[0], text
    )


def secrets_in_query(url: str) -> Iterator[str]:
    """The values of a URL's parameters whose names sound like a secret."""
    return (found[3] for found in _PARAMETER.finditer(url) if SECRET_NAME.search(found[2]))


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The next step after a name that is not known: the nearest one that is, else another step."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else otherwise


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like another one; "" where none is much like it."""
    from difflib import get_close_matches  # which only an error needs

    return next(iter(get_close_matches(name, list(known), 1)), "")


def reason(error: BaseException) -> str:
    """What the operating system says of a failure, for a sentence."""
    return (getattr(error, "strerror", None) or str(error)).lower()
