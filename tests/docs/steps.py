"""What a page has its reader do, step by step, and what it shows of that."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tests.docs.pages import Block, Page, PageError

RUN = ("console", "sh", "python", "run")


class Step(NamedTuple):
    """What is run at once.

    Attributes:
        line: The line of the page, 1-based.
        language: `console` for one command whose failure may be meant; `sh`, `run` or `python` for
            a block in which nothing may fail, though `effpatch` may say that there are differences.
        code: The command or commands.
        shown: What the page shows of the output; None if it is not compared.
        needs: What it is run with; empty if it is always run.
    """

    line: int
    language: str
    code: str
    shown: str | None
    needs: str = ""


def is_run(block: Block, following: Block | None) -> bool:
    """Whether a block is one of commands; Python is, where its output follows."""
    if block.file:
        return True
    if block.language == "python":
        return following is not None and following.language == "text"
    return block.language in RUN


def commands_of(page: Page) -> Iterator[tuple[Block, str | None]]:
    """Each block of commands, exempt ones included, with the output in the block behind it."""
    for block, following in pairwise([*page.blocks, None]):
        assert block
        if is_run(block, following):
            follows = following and following.language == "text" and following.exempt is None
            yield block, following.content if following and follows else None


def steps(page: Page) -> list[Step]:
    """The steps of a page, those of exempt blocks left out."""
    found: list[Step] = []
    for block, shown in commands_of(page):
        if block.exempt is None:
            found += steps_of(page.name, block, shown)
    return found


def steps_of(name: str, block: Block, shown: str | None = None) -> list[Step]:
    """The steps of one block; `Raises:` PageError where it begins with an output."""
    if block.file:
        return [Step(block.line, "run", _writing(block), None, block.needs)]
    if block.language == "console":
        return [*_session(name, block)]
    return [Step(block.line, block.language, block.content, shown, block.needs)]


def _writing(block: Block) -> str:
    """The command that writes a block into its file."""
    name = block.file.removeprefix(">>").strip()
    added = ">>" if block.file.startswith(">>") else ">"
    folder = f'mkdir -p "$(dirname {name})"'
    return f"{folder}\ncat {added}{name} <<'END OF BLOCK'\n{block.content}END OF BLOCK\n"


def _session(name: str, block: Block) -> Iterator[Step]:
    """The commands behind `$ `, each with the lines below it."""
    lines = block.content.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if starts[:1] != [0]:
        raise PageError(f"{name}:{block.line}: a console begins with output, expected `$ COMMAND`")
    for start, end in pairwise([*starts, len(lines)]):
        below = start + 1
        while below < end and lines[below - 1].endswith("\\"):
            below += 1
        code = "\n".join([lines[start][2:], *lines[start + 1 : below]])
        shown = "\n".join(lines[below:end]).strip("\n")
        yield Step(block.line + start, "console", code, shown or None, block.needs)


def pattern(shown: str) -> re.Pattern[str]:
    """What matches an output: `...` is any text in a line, and any number of lines if alone."""
    return re.compile("".join(map(_line_pattern, _stripped(shown))))


def _line_pattern(line: str) -> str:
    if line.strip() == "...":
        return r"(?:.*\n)*?"
    return ".*?".join(map(re.escape, line.split("..."))) + r"\n"


def _stripped(text: str) -> list[str]:
    """The lines of a text without white space at their ends, and without blank ones around."""
    return [line.rstrip() for line in text.strip("\n").rstrip().splitlines()]


def matches(shown: str, output: str) -> bool:
    """Whether a page shows an output."""
    return bool(pattern(shown).fullmatch("".join(f"{line}\n" for line in _stripped(output))))


def fitting(shown: str, output: str) -> int:
    """How many lines that a page shows are the beginning of an output."""
    lines, text = _stripped(shown), "".join(f"{line}\n" for line in _stripped(output))
    fits = (n for n in range(len(lines), 0, -1) if pattern("\n".join(lines[:n])).match(text))
    return next(fits, 0)
