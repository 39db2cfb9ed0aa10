"""Several trees in one call: each for itself, and none in another's way."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from patcher import transaction
from patcher.operations.pool import results
from patcher.resources import VENDOR
from patcher.tree.files import Tree
from tests import small
from tests.commands import INSTALLED, contents, run
from tests.counts import FILES, MADE, RULES


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[int], list[Path]]:
    """Copies of the miniature tree."""

    def made(number: int) -> list[Path]:
        names = [f"tree-{index}" for index in range(number)]
        return [shutil.copytree(VENDOR / "miniature", tmp_path / name) for name in names]

    return made


def test_each_gets_its_edits(copies: Callable[[int], list[Path]]) -> None:
    *trees, alone = copies(6)
    run("apply", alone)
    result = run("apply", *trees)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{tree}: {MADE}" for tree in trees]
    assert all(contents(tree) == contents(alone) for tree in trees)
    result = run("status", *trees)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"{tree}: {RULES} applied" for tree in trees]


def test_one_that_fails_stops_no_other(copies: Callable[[int], list[Path]], tmp_path: Path) -> None:
    good, drifted, broken, last = copies(4)
    (drifted / "efficientdet" / "utils.py").write_text("hvd = 1\n")
    (broken / "efficientdet" / "main.py").write_text("def\n")
    before = contents(drifted), contents(broken)
    gone = tmp_path / "gone"
    result = run("apply", good, drifted, broken, gone, last)
    assert result.exit_code == 4, "the worst"
    assert result.stdout.splitlines() == [
        f"{good}: {MADE}",
        f"{last}: {MADE}",
    ]
    first, rest, second, third = result.stderr.splitlines()
    assert first.startswith(f"{drifted}: efficientdet/utils.py:")
    assert rest.startswith(f"{drifted}: nothing was changed; --partial makes the ")
    assert second.startswith(f"{broken}: efficientdet/main.py:")
    assert third.startswith(f"{gone}: ")
    assert (contents(drifted), contents(broken)) == before
    assert run("status", good, drifted).exit_code == 3
    assert run("status", good, last).exit_code == 0


def test_an_error_names_its_tree(
    copies: Callable[[int], list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drifted, good = copies(2)
    (drifted / "efficientdet" / "utils.py").write_text("hvd = 1\n")
    drifted.rename(tmp_path / "e")
    monkeypatch.chdir(tmp_path)
    assert run("apply", "e", good).stderr.startswith("e: efficientdet/utils.py:")


def test_a_rule_is_explained_for_each(copies: Callable[[int], list[Path]], tmp_path: Path) -> None:
    first, last = copies(2)
    result = run("status", first, tmp_path / "gone", last, "--explain", "main-3")
    assert result.exit_code == 4
    assert [line for line in result.stdout.splitlines() if str(tmp_path) in line] == [
        f"{first}:",
        f"{last}:",
    ]
    assert result.stdout.count("every place is as before the edit") == 2


def test_json_is_an_object_on_each_line(copies: Callable[[int], list[Path]]) -> None:
    trees = copies(3)
    run("apply", trees[0])
    result = run("status", "--json", *trees)
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["root"] for each in found] == [str(tree) for tree in trees]
    assert [each["summary"]["applied"] for each in found] == [RULES, 0, 0]
    result = run("apply", "--json", *trees)
    written = [len(json.loads(line)["written"]) for line in result.stdout.splitlines()]
    assert written == [0, FILES, FILES]


def test_a_file_may_name_them(
    copies: Callable[[int], list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = copies(3)
    named = tmp_path / "trees.txt"
    named.write_bytes(f"\ufeff{trees[1].name}\r\n\n{trees[2]}\n{trees[0]}".encode())
    monkeypatch.chdir(tmp_path)
    result = run("apply", trees[0], "--from-file", named)
    places = [str(trees[0]), trees[1].name, str(trees[2])]
    assert result.stdout.splitlines() == [f"{place}: {MADE}" for place in places]
    named.write_text("\n")
    result = run("apply", "--from-file", named)
    assert (result.exit_code, "no UPSTREAM_DIR is named" in result.stderr) == (2, True)
    assert run("status", "--from-file", tmp_path / "none").exit_code == 2
    assert run("status").exit_code == 2


def die_of(place: Path, *, of: str) -> int:
    if place.name == of:
        os.kill(os.getpid(), signal.SIGKILL)
    print(place.name)
    return 0


def test_a_process_that_dies_takes_no_other_tree_with_it() -> None:
    places = [Path(name) for name in "abcdef"]
    found = list(results(partial(die_of, of="c"), places))
    assert [result.place for result in found] == places
    assert [result.code for result in found] == [0, 0, 4, 0, 0, 0]
    assert [result.output for result in found] == ["a\n", "b\n", "", "d\n", "e\n", "f\n"]
    assert found[2].errors.startswith("c: the process that worked on it died")


@pytest.fixture
def many(tmp_path: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Small trees, so many that working on all takes a while, and the options of their pack."""
    trees = [small.tree(tmp_path / f"tree-{index}") for index in range(150)]
    return trees, small.pack(tmp_path / "small")


def test_ctrl_c_while_processes_start_is_told_in_a_word(
    many: tuple[list[Path], tuple[str, ...]],
) -> None:
    """On a terminal it goes to every process."""
    trees, pack = many
    started = subprocess.Popen(
        [INSTALLED, "apply", *pack, *trees],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any("spawn_main" in "".join(each.cmdline()) for each in _children(started)):
        time.sleep(0.005)
    os.killpg(started.pid, signal.SIGINT)
    _, errors = started.communicate(timeout=20)
    assert (started.returncode, errors) == (130, "interrupted\n")


def _children(started: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(started.pid).children()


@pytest.mark.parametrize(
    ("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)]
)
def test_none_is_left_half_done(
    sign: signal.Signals, code: int, many: tuple[list[Path], tuple[str, ...]]
) -> None:
    """And no process, however the one ends that started them."""
    trees, pack = many
    untouched = contents(trees[0])
    started = subprocess.Popen(
        [INSTALLED, "apply", *pack, *trees],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    assert "made 3 edits" in started.stdout.readline()
    workers = psutil.Process(started.pid).children(recursive=True)
    started.send_signal(sign)
    assert started.wait(20) == code
    started.stdout.close()
    psutil.wait_procs(workers, timeout=10)
    assert not any(worker.is_running() for worker in workers)
    for tree in trees:
        transaction.recover(Tree(str(tree), tree))
    patched = contents(trees[0])
    states = [contents(tree) for tree in trees]
    assert all(state in (untouched, patched) for state in states)
    assert states[0] != untouched
    assert untouched in states, "it was stopped on the way"
