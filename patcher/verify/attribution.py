"""Attribution: every changed line belongs to a rule, every rule to a changed line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from patcher.verify.baseline import Origin
from patcher.verify.model import Finding
from patcher.verify.replay import Replay, hunks, lines, replay


def replays(origin: Origin) -> list[Replay]:
    """Each patched file as its rules leave it.

    Raises:
        PatchError: A file was no Python before.
    """
    found = []
    for path, content in origin.files.items():
        sections = [s for pack in origin.packs for s in pack.sections if s.path == path]
        ids = {s.id_of(rule) for s in sections for rule in s.rules} & origin.ids
        if ids:
            found.append(replay(sections, content, ids))
    return found


def check(origin: Origin, replayed: list[Replay], files: Mapping[str, bytes]) -> list[Finding]:
    """Where a tree is not what its rules make of it.

    Args:
        origin: What was done to the tree.
        replayed: Its patched files as the rules leave them.
        files: The bytes of the files as they are now.
    """
    return [
        *(finding for each in replayed for finding in _by_hand(each, files.get(each.path, b""))),
        *_idle(origin, replayed),
    ]


def _by_hand(replayed: Replay, now: bytes) -> Iterator[Finding]:
    """Each run of lines that is not as the rules leave it."""
    wanted, found = lines(replayed.after), lines(now)
    for old, new in hunks(replayed.after, now):
        owners = {replayed.owners[index] for index in old} - {""}
        gone = _quoted([wanted[index] for index in old])
        there = _quoted([found[index] for index in new])
        of = f" of {' and '.join(sorted(owners))}" if owners else ""
        if not now:
            text = f"the file is gone or empty, with the edits{of}"
        elif gone == there:
            text = f"{there}{of} differs in its white space or line end, and no rule changes that"
        elif not old:
            text = f"{there} belongs to no rule"
        elif not new:
            text = f"{gone}{of} is gone, and no rule takes it away"
        else:
            text = f"{there} stands in place of {gone}{of}, and belongs to no rule"
        yield Finding(replayed.path, min(new.start + 1, len(found)) or 1, text)


def _idle(origin: Origin, replayed: list[Replay]) -> Iterator[Finding]:
    counts = {id_: count for each in replayed for id_, count in each.counts.items()}
    for pack in origin.packs:
        for id_, section, _ in pack.entries():
            if id_ in origin.ids and not counts.get(id_):
                yield Finding(section.path, 1, f"{id_} was applied, but changes no line")


def _quoted(content: list[bytes]) -> str:
    """A run of lines, by the first that is not blank."""
    text = [line.decode("utf-8", "replace").strip() for line in content]
    first = next((line for line in text if line), "a blank line")
    return f"`{first}`" + (f" and {len(text) - 1} more" if text[1:] else "")
