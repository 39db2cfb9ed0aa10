"""What the introduction of a document names: files, and the repositories that they are from."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from patcher.document import phrases
from patcher.document.blocks import Block, Kind, blocks_of, plain

_LIST = re.compile(r"(?i)(?:\w+\s+){0,3}files?(?:\s+\w+){0,2}\s*:\s*(?=\S)")
_FOLDER = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
_SOURCE = re.compile(
    r"https?://(?:www\.)?((?:github|gitlab|bitbucket)\.\w+/[\w.-]+/[\w.-]+)([\w./-]*)"
)
_REVISION = re.compile(r"/(?:-/)?(?:tree|commits?|blob|src)/([\w.-]+)(?:/([\w./-]+))?")
_TITLE = re.compile(r"(?m)^title:[ \t]*(\S.*?)[ \t]*$")
_HASH = re.compile(r"[0-9a-f]{7,40}")


class Source(NamedTuple):
    """Where a document says that the files are from.

    Attributes:
        repository: The address of a repository.
        commit: The hash of a commit, as far as it is written; "" for none.
        folder: A folder of the repository; "" for its root.
    """

    repository: str
    commit: str
    folder: str


def title_of(text: str) -> str:
    """What a document calls itself: in its metadata, else in its first heading; "" for nothing."""
    if text.startswith("---") and (found := _TITLE.search(text)):
        return found[1].strip("\"'")
    headings = (plain(block.text) for block in blocks_of(text) if block.kind is Kind.HEADING)
    first = next(headings, "")
    return "" if phrases.file_in(first) else first


def named_files(text: str) -> tuple[str, ...]:
    """The files that the introduction of a document lists, each with the folder that it is in."""
    above = _introduction(blocks_of(text))
    folders = dict[int, str]()  # by list entry
    files = list[str]()
    for block, following in zip_longest(above, above[1:]):
        words = plain(block.text)
        if block.opens and _FOLDER.fullmatch(words):
            folder = "".join(folders.get(entry, "") for entry in block.lists[:-1])
            if following and following.opens and following.lists[:-1] == block.lists:
                folders[block.lists[-1]] = f"{words.rstrip('/')}/"
            elif phrases.is_file(words) and not words.endswith("/"):
                files.append(folder + words)
        elif not block.opens and (found := _LIST.match(words)):
            files += filter(phrases.is_file, re.split(r"[\s,;]+", words[found.end() :]))
    return tuple(dict.fromkeys(files))


def _introduction(blocks: Sequence[Block]) -> list[Block]:
    """The lines of text above the first heading that names a file."""
    return [block for block in _until_file(blocks) if block.kind is Kind.TEXT]


def _until_file(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind is Kind.HEADING and phrases.file_in(block.text):
            return
        yield block


def named_sources(text: str) -> tuple[Source, ...]:
    """The repositories that the introduction of a document names, in its order."""
    lines = text.splitlines()
    headings = (b for b in blocks_of(text) if b.kind is Kind.HEADING and phrases.file_in(b.text))
    first = next(headings, None)
    head = "\n".join(lines[: first.line - 1] if first else lines)
    found = [_source(each) for each in _SOURCE.finditer(head)]
    exact = {each.repository for each in found if each.commit}
    return tuple(dict.fromkeys(s for s in found if s.commit or s.repository not in exact))


def _source(found: re.Match[str]) -> Source:
    repository = found[1].rstrip(".").removesuffix(".git")
    within = _REVISION.match(found[2])
    revision, folder = (within[1], within[2] or "") if within else ("", "")
    commit = revision if _HASH.fullmatch(revision) else ""
    return Source(f"https://{repository}", commit, folder.rstrip("./"))
