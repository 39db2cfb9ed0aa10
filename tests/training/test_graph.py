"""`effpatch verify --graph`: the training graph, built in the stack by the tree's own program."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import contents, run
from tests.training.test_stack import python_at

Rewrite = Callable[[str, str, str], Path]


def graph(tree: Path, code: int, stack: Path) -> list[dict[str, Any]]:
    """What the check of the graph finds; `verify` has to end with this code."""
    result = run("verify", tree, "--pack", "documented", "--graph", "--stack", stack, "--json")
    assert result.exit_code == code, result.output
    (found,) = (each for each in json.loads(result.stdout)["checks"] if each["name"] == "graph")
    findings: list[dict[str, Any]] = found["findings"]
    assert found["holds"] == all(each["advice"] for each in findings)
    return findings


def apply(tree: Path, *packs: str) -> None:
    assert run("apply", tree, *(part for pack in packs for part in ("--pack", pack))).exit_code == 0


def kinds(findings: list[dict[str, Any]]) -> Counter[str]:
    """The types of the operations that fail."""
    return Counter(each["text"].split()[0] for each in findings if not each["advice"])


def test_the_miniature_has_rank_6_before_and_not_after(miniature: Path, stack: Path) -> None:
    apply(miniature, "tensorflow_2_15")
    before = contents(miniature)
    found = graph(miniature, 5, stack)
    assert kinds(found) == {"Reshape": 4, "Mul": 3, "Sum": 2, "Const": 1}
    assert {each["file"] for each in found[:-1]} == {"efficientdet/efficientdet_arch.py"}
    line = (miniature / found[0]["file"]).read_text("utf-8").splitlines()[found[0]["line"] - 1]
    assert "tf.reshape(data, [bs, h, 1, w, 1, c])" in line
    assert (
        found[0]["text"] == "Reshape Reshape is [2, 8, 1, 8, 1, 64], of rank 6, expected 5 at most"
    )
    assert contents(miniature) == before
    apply(miniature, "documented")
    (told,) = graph(miniature, 0, stack)
    assert told["text"].endswith(" operations, 0 of rank above 5, 0 of unknown rank")


def test_the_upstream_has_rank_6_before_and_not_after(upstream: Path, stack: Path) -> None:
    apply(upstream, "tensorflow_2_15")
    found = graph(upstream, 5, stack)
    assert kinds(found) == {"Reshape": 48, "Mul": 36, "Sum": 24, "Const": 12}
    assert "; 24 Identity hand on what these make" in found[-1]["text"]
    apply(upstream, "documented")
    (told,) = graph(upstream, 0, stack)
    assert " 0 of rank above 5, 0 of unknown rank" in told["text"]


@pytest.mark.parametrize(
    "code",
    ["tf.placeholder(tf.float32)", "tf.function(lambda: tf.ones([1]))()"],
    ids=["a placeholder", "a function"],
)
def test_what_is_not_known_is_said(
    code: str, miniature: Path, rewrite: Rewrite, stack: Path
) -> None:
    rewrite(
        "efficientdet_arch.py",
        "  width = params['width']\n",
        f"  width = params['width']\n  {code}\n",
    )
    apply(miniature, "documented", "tensorflow_2_15")
    *unknown, told = graph(miniature, 0, stack)
    assert [each["advice"] for each in unknown] == [True]
    assert unknown[0]["file"] == "efficientdet/efficientdet_arch.py"
    assert "is of unknown rank, or calls what is" in unknown[0]["text"]
    assert told["text"].endswith(", 0 of rank above 5, 1 of unknown rank")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("  if argv: raise ValueError('as it happens')\n", "(ValueError: as it happens)"),
        ("  if argv: return\n", "(its program ends without building one)"),
    ],
    ids=["a crash", "an early end"],
)
def test_a_program_that_builds_none_is_said(
    line: str, reason: str, miniature: Path, rewrite: Rewrite, stack: Path
) -> None:
    rewrite("main.py", "def main(argv):\n", f"def main(argv):\n{line}")
    apply(miniature, "documented", "tensorflow_2_15")
    (told,) = graph(miniature, 5, stack)
    assert reason in told["text"]
    log = Path(told["text"].rpartition("log in ")[2])
    assert log.is_file()
    log.unlink()


def test_a_stack_without_tensorflow_will_not_do(miniature: Path, tmp_path: Path) -> None:
    apply(miniature, "documented")
    bare = python_at(tmp_path / "bare", f'exec {sys.executable} -S "$@"')
    done = run("verify", miniature, "--graph", "--stack", bare)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert "no TensorFlow" in done.stderr


def test_options_that_exclude_each_other(miniature: Path) -> None:
    apply(miniature, "documented")
    assert run("verify", miniature, "--graph", "--against", miniature).exit_code == 2
    assert run("verify", miniature, "--stack", miniature).exit_code == 2
