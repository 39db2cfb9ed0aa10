"""`effpatch apply` on damaged trees: no traceback, no hang, no harm.

Usage: `python -m benchmarks.fuzz [TREE] [--minutes N] [--seed N]`. TREE, the miniature unless
another is named, is copied. A seed that failed shows the same again with `--seed`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from patcher.resources import VENDOR
from tests.rule_check import PACKS

EFFPATCH = str(Path(sys.executable).with_name("effpatch"))
PATHS = [section.path for section in PACKS["documented"].sections]
LONG = 10_000_000
SECONDS = 10.0
CODES = {0, 2, 3, 4, 5}
OWN = (".git",)
Damage = Callable[[random.Random, bytes, bytes], bytes]


class Round(NamedTuple):
    """What one run did: its exit code, how long it took, and what is wrong with that."""

    code: int
    seconds: float
    faults: Sequence[str]


def cut_off(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The file up to any byte."""
    return content[: chance.randrange(len(content) + 1)]


def cut_off_at_a_line(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The file up to any line."""
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: chance.randrange(len(lines) + 1)])


def spliced(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The head of one file and the tail of another, each of whole lines."""
    head, tail = content.splitlines(keepends=True), other.splitlines(keepends=True)
    ours, theirs = head[: chance.randrange(len(head) + 1)], tail[chance.randrange(len(tail) + 1) :]
    return b"".join([*ours, *theirs])


def without_some_lines(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A file that has lost a tenth of its lines."""
    return b"".join(x for x in content.splitlines(keepends=True) if chance.random() > 0.1)


def with_a_line_twice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A file with one line twice."""
    lines = content.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join([*lines[:at], lines[at], *lines[at:]])


def random_bytes(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Noise in place of the file."""
    return chance.randbytes(chance.randrange(4000))


def some_random_bytes(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Noise in a few places of the file."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 9)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def endless_line(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A line of 10 MB behind the file, or in place of it."""
    pieces = (b"# ", b"'", b"x", b" ", b"x = 1; ", b"[1, ", b"a + ", b"\xff", b"\x00", b"f(a)\\\n")
    piece = chance.choice(pieces)
    line = piece * (LONG // len(piece))
    quoted = b"x = '" + b"y" * LONG + b"'\n"
    listed = b"x = [" + b"1, " * (LONG // 3) + b"]\n"
    text = b"# " + b"z" * LONG + b"\n"
    return chance.choice([b"", content]) + chance.choice([line, quoted, listed, text])


def deep_nesting(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Brackets, blocks or operators in each other behind the file."""
    depth = chance.choice([50, 90, 150, 400, 3000, 50_000])
    blocks = b"".join(b" " * at + b"if a:\n" for at in range(min(depth, 400)))
    forms = (
        b"x = " + b"(" * depth + b")" * depth,
        b"x = " + b"[" * depth + b"]" * depth,
        b"x = " + b"-" * depth + b"1",
        b"x = " + b"not " * depth + b"1",
        b"x = " + b"1 + " * depth + b"1",
        b"x = a" + b".b" * depth,
        b"x = a" + b"()" * depth,
        b"x = " + b"lambda: " * depth + b"1",
        blocks + b" " * min(depth, 400) + b"pass",
        b"if a:\n  pass\n" + b"elif a:\n  pass\n" * depth,
    )
    return content + b"\n" + chance.choice(forms) + b"\n"


DAMAGES: Sequence[Damage] = (
    cut_off,
    cut_off_at_a_line,
    spliced,
    without_some_lines,
    with_a_line_twice,
    random_bytes,
    some_random_bytes,
    endless_line,
    deep_nesting,
)


@click.command()
@click.argument("tree", type=click.Path(exists=True, path_type=Path), default=VENDOR / "miniature")
@click.option("--minutes", default=10.0, show_default=True, help="How long to go on.")
@click.option("--seed", default=None, type=int, help="Only this round.")
def main(tree: Path, minutes: float, seed: int | None) -> None:
    """Damage copies of a tree, patch them, and say what went wrong."""
    end = time.monotonic() + 60 * minutes
    codes: Counter[int] = Counter()
    slowest, failed = 0.0, 0
    for number in count() if seed is None else [seed]:
        names, done = _round(tree, number)
        codes[done.code] += 1
        slowest = max(slowest, done.seconds)
        failed += bool(done.faults)
        for fault in done.faults:
            click.echo(f"seed {number}, {names}: {fault}")
        if seed is not None or time.monotonic() > end:
            break
    told = ", ".join(f"{number} with exit code {code}" for code, number in sorted(codes.items()))
    click.echo(f"{codes.total()} runs: {told}; the slowest {slowest:.1f} s; {failed} at fault")
    sys.exit(1 if failed else 0)


def _round(tree: Path, seed: int) -> tuple[str, Round]:
    chance = random.Random(seed)
    with TemporaryDirectory(prefix="effpatch-fuzz-") as name:
        os.environ["XDG_STATE_HOME"] = str(Path(name) / "state")
        copy = copytree(tree, Path(name) / "tree", symlinks=True, ignore=ignore_patterns(*OWN))
        damages = [
            (chance.choice(PATHS), chance.choice(DAMAGES)) for _ in range(chance.choice([1, 1, 2]))
        ]
        for path, damage in damages:
            other = (copy / chance.choice(PATHS)).read_bytes()
            file = copy / path
            file.write_bytes(damage(chance, file.read_bytes(), other))
        options = [each for each in ("--partial", "--no-verify") if chance.random() < 0.5]
        words = [f"{damage.__name__} {path}" for path, damage in damages]
        return "; ".join([*words, *options]), _run(copy, options)


def _run(tree: Path, options: Sequence[str]) -> Round:
    before, start = _contents(tree), time.perf_counter()
    command = [EFFPATCH, "apply", *options, str(tree)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=6 * SECONDS)
    except subprocess.TimeoutExpired:
        return Round(-1, 6 * SECONDS, ["it hangs"])
    seconds = time.perf_counter() - start
    faults = []
    if done.returncode not in CODES:
        faults.append(f"exit code {done.returncode}: {done.stderr[-300:]}")
    if "Traceback" in done.stderr:
        faults.append(done.stderr[-1500:])
    if seconds > SECONDS:
        faults.append(f"took {seconds:.1f} s, exit code {done.returncode}: {done.stderr[:200]}")
    written = done.returncode == 0 or (done.returncode == 3 and "--partial" in options)
    if not written and _contents(tree) != before:
        faults.append(f"exit code {done.returncode}, but the tree has changed")
    return Round(done.returncode, seconds, faults)


def _contents(tree: Path) -> dict[str, bytes]:
    files = (file for file in tree.rglob("*") if file.is_file())
    return {str(file.relative_to(tree)): file.read_bytes() for file in files}


if __name__ == "__main__":
    main()
