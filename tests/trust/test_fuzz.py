"""Receipts and journals with anything at any place in them, sealed by the user's key or not."""

import base64
import copy
import json
import os
import random
import shutil
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from patcher.tree import state
from patcher.tree.files import Tree
from tests import receipts, small
from tests.commands import process, run
from tests.transaction.kills import killed

JUNK: list[Any] = [
    *(None, True, False, 0, -1, 2**31, 2**64, 10**400, 0.5, float("nan"), "", " ", "x" * 10_000),
    *(
        [],
        {},
        [[]],
        [{}],
        [None],
        {"": None},
        {"a": {"b": []}},
        "\ud800",
        "\x00",
        "\x1b[2J",
        "\u202e",
    ),
    *(".git/config", "../outside.txt", "/etc/passwd", "src/../.git/HEAD", "mine.txt", "src"),
    *("tree/.git/config", "tree/mine.txt", "tree/../outside.txt", "state/receipt", "state/../HEAD"),
    *("pending", "applied", "small/app-1", "small/none-1", "other/app-1", "0" * 64, "0" * 40),
    *("eJwDAAAAAAE=", "not base 64", "refs/heads/main", "--all", "HEAD", "100644 " + "0" * 40),
]
numbers = pytest.mark.parametrize(  # of each kind
    "number",
    [
        pytest.param(60, id="few"),
        pytest.param(400, id="many", marks=pytest.mark.long),
        pytest.param(1250, id="most", marks=pytest.mark.extended),
    ],
)


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A patched tree, with files that nothing of it may touch, and the pack next to it."""
    place = tmp_path_factory.mktemp("fuzz")
    pack = small.pack(place / "pack")
    tree = small.tree(place / "tree", under_git=True)
    (tree / "mine.txt").write_text("mine")
    (place / "outside.txt").write_text("outside")
    assert run("apply", tree, *pack, "--with-runtime").exit_code == 0
    return tree


@pytest.fixture(scope="module")
def journal(patched: Path) -> tuple[Path, dict[str, Any]]:
    """A tree in which a run with commits was killed, and what its journal says."""
    start = small.tree(patched.with_name("start"), under_git=True)
    pack = ("--pack", str(patched.with_name("pack")))
    for tree in killed(start, lambda copy: run("apply", copy, *pack, *small.SOME, "--commit")):
        file = tree / ".git/effpatch/journal.renaming"
        if file.exists():
            return tree, json.loads(state.without_seal(file.read_bytes()))
    raise AssertionError("no run was killed while it changed files")


def mutated(values: Any, chance: random.Random) -> Any:
    """A copy in which some values are others, are gone, or stand twice."""
    values = copy.deepcopy(values)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        holder, key = chance.choice(list(_places(values)))
        what = chance.random()
        if what < 0.15:
            del holder[key]
        elif what < 0.25 and isinstance(holder, dict):
            holder[chance.choice(["x", "", "\ud800", "../a", ".git/HEAD"])] = holder.pop(key)
        elif what < 0.3 and isinstance(holder, list):
            holder.insert(0, copy.deepcopy(holder[key]))
        else:
            holder[key] = chance.choice(JUNK)
        if not values:
            break
    return values


def _places(values: Any) -> Iterator[tuple[Any, Any]]:
    """Every key of every dictionary and list in some values."""
    for key in list(values) if isinstance(values, dict) else range(len(values)):
        yield values, key
        if isinstance(values[key], dict | list):
            yield from _places(values[key])


def printed(values: Any, chance: random.Random) -> bytes:
    content = json.dumps(values).encode()
    if chance.random() < 0.1:  # also with a few bytes wrong
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.randbytes(chance.choice([1, 3])) + content[at + 1 :]
    return content


def untouched(tree: Path) -> dict[str, bytes]:
    """Every file that no pack names: git's, the user's, and those next to the tree."""
    ours = {"src/app.py", "src/tools.py"}
    found = {}
    for file in (*tree.rglob("*"), tree.with_name("outside.txt")):
        path = str(file.relative_to(tree.parent))
        is_ours = path.partition("/")[2] in ours or "TensorFlow" in path or "/effpatch" in path
        if file.is_file() and not is_ours and file.name != "index" and "/objects/" not in path:
            found[path] = file.read_bytes()
    return found


def is_well(tree: Path, commands: list[tuple[str, ...]], before: dict[str, bytes]) -> None:
    for command, *options in commands:
        result = run(command, tree, *options)  # which sees that nothing unforeseen happens
        assert result.exit_code in (0, 1, 3, 4, 5)
        assert "Traceback" not in result.stderr
        assert untouched(tree) == before


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed"])
@numbers
def test_no_receipt_does_harm(number: int, sealed: bool, patched: Path, tmp_path: Path) -> None:
    values, original = receipts.values(patched), receipts.place(patched).read_bytes()
    pack = ("--pack", str(patched.with_name("pack")))
    before, file = untouched(patched), tmp_path / "receipt"
    commands = [("status", *pack), ("verify", *pack), ("revert", "--only", "small/none-1", *pack)]
    for seed in range(number):
        chance = random.Random(seed)
        content = printed(mutated(values, chance), chance)
        if sealed:
            receipts.write(patched, content)
        else:
            receipts.place(patched).write_bytes(content)
        file.write_bytes(content)
        is_well(patched, commands, before)
        tree = shutil.copytree(patched, patched.with_name("copy"))
        now = untouched(tree)
        is_well(tree, [("revert",), ("revert", "--receipt", str(file), *pack)], now)
        shutil.rmtree(tree)
    receipts.place(patched).write_bytes(original)


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed"])
@numbers
def test_no_journal_does_harm(
    number: int, sealed: bool, journal: tuple[Path, dict[str, Any]], patched: Path
) -> None:
    start, values = journal
    pack = ("--pack", str(patched.with_name("pack")))
    for seed in range(number):
        chance = random.Random(seed)
        tree = shutil.copytree(start, start.with_name("copy"))
        content = printed(mutated(values, chance), chance)
        stage = chance.choice(["staging", "renaming", "finishing", "undoing"])
        folder = state.folder_of(Tree("tree", tree))
        (folder / "journal.renaming").unlink()
        content = state.sealed(content, "journal") if sealed else content
        (folder / f"journal.{stage}").write_bytes(content)
        before = tree.with_name("outside.txt").read_bytes(), (tree / ".git/config").read_bytes()
        for command in ("status", "diff"):
            result = run(command, tree, *pack)
            assert result.exit_code in (0, 1, 3, 4)
            assert "Traceback" not in result.stderr
        now = tree.with_name("outside.txt").read_bytes(), (tree / ".git/config").read_bytes()
        assert now == before
        if not sealed:
            assert result.exit_code == 4
            assert (folder / f"journal.{stage}").read_bytes() == content
        shutil.rmtree(tree)


# What a process inherits of the memory of the one that starts it is not its own.
MEASURED = """
import pathlib, re, sys
from patcher.cli.main import main
peak = sys.argv.pop(1)
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    pathlib.Path(peak).write_text(re.search(r"VmHWM:\\s*(\\d+)", status)[1])
"""


def _bomb(values: dict[str, Any]) -> bytes:
    """A gigabyte in a megabyte, in place of what a file was."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(1000)) + packer.flush()
    record = {**values["files"]["src/app.py"], "original": base64.b64encode(packed).decode()}
    return json.dumps({**values, "files": {"src/app.py": record}}).encode()


def _many(values: dict[str, Any]) -> bytes:
    """Many files of ten megabytes each."""
    original = base64.b64encode(zlib.compress(bytes(10_000_000), 9)).decode()
    record = {**values["files"]["src/app.py"], "original": original}
    return json.dumps({**values, "files": {f"src/{n}.py": record for n in range(400)}}).encode()


def _sparse(_: dict[str, Any]) -> bytes:
    return b""


@pytest.mark.parametrize("make", [_bomb, _many, _sparse])
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed"])
def test_no_receipt_takes_much_memory_or_time(
    make: Callable[[dict[str, Any]], bytes], sealed: bool, patched: Path, tmp_path: Path
) -> None:
    original, file = receipts.place(patched).read_bytes(), tmp_path / "receipt"
    content = make(receipts.values(patched))
    file.write_bytes(content)
    receipts.place(patched).write_bytes(state.sealed(content, "receipt") if sealed else content)
    if not content:
        for each in (file, receipts.place(patched)):
            os.truncate(each, 10**12)
    pack = ("--pack", str(patched.with_name("pack")))
    try:
        for words in (("status", patched, *pack), ("revert", patched, "--receipt", file, *pack)):
            done = process(sys.executable, "-c", MEASURED, tmp_path / "peak", *words, timeout=60)
            expected = 4 if words[0] == "revert" or sealed or not content else 0
            assert done.returncode == expected, done.stderr
            assert "Traceback" not in done.stderr
            assert int((tmp_path / "peak").read_text()) < 300_000, "kB at most"
    finally:
        receipts.place(patched).unlink()
        receipts.place(patched).write_bytes(original)
