"""`effpatch verify --graph`: the training graph, built in the stack by the tree's own program."""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import contents, run
from tests.training.test_stack import python_at

Rewrite = Callable[[str, str, str], Path]


def checks(
    tree: Path, code: int, stack: Path, pack: str = "documented"
) -> dict[str, list[dict[str, Any]]]:
    """What each check finds, by its label; `verify` has to end with this code."""
    result = run("verify", tree, "--pack", pack, "--graph", "--stack", stack, "--json")
    assert result.exit_code == code, result.output
    found = {each["name"]: each for each in json.loads(result.stdout)["checks"]}
    for each in found.values():
        assert each["holds"] in (None, all(finding["advice"] for finding in each["findings"]))
    return {label: each["findings"] for label, each in found.items()}


def graph(tree: Path, code: int, stack: Path) -> list[dict[str, Any]]:
    """What the check of the graph finds."""
    return checks(tree, code, stack)["graph"]


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
    assert " operations, 0 of rank above 5, 0 of unknown rank, " in told["text"]


@pytest.mark.extended  # docs/guides/verify.md does this, and is a test
def test_the_upstream_has_rank_6_before_and_not_after(upstream: Path, stack: Path) -> None:
    apply(upstream, "tensorflow_2_15")
    found = graph(upstream, 5, stack)
    assert kinds(found) == {"Reshape": 48, "Mul": 36, "Sum": 24, "Const": 12}
    assert "; 24 Identity operations pass these tensors on" in found[-1]["text"]
    apply(upstream, "documented")
    (told,) = graph(upstream, 0, stack)
    assert " 0 of rank above 5, 0 of unknown rank" in told["text"]


def legacy(told: dict[str, Any]) -> int:
    """How many legacy variables a summary of the graph counts."""
    found = re.search(r"(\d+) legacy variables", told["text"])
    assert found
    return int(found[1])


def listed(found: dict[str, Any]) -> int:
    """How many legacy variables a finding is about."""
    more = re.search(r" and (\d+) more are ", found["text"])
    return 1 + int(more[1]) if more else 1


def lose_legacy_variables(tree: Path, stack: Path) -> list[dict[str, Any]]:
    """Check a tree before and after the rule against them; gives what was found before."""
    apply(tree, "documented", "tensorflow_2_15")
    before = checks(tree, 5, stack, "supplement")
    *found, summary = before["variables"]
    assert not any(each["advice"] for each in found)
    assert sum(map(listed, found)) == legacy(summary) > 0
    (told,) = before["graph"]  # the document does not mention them
    assert told["advice"]
    assert legacy(told) == legacy(summary)
    apply(tree, "supplement")
    after = checks(tree, 0, stack, "supplement")
    assert [legacy(told) for told in after["graph"] + after["variables"]] == [0, 0]
    return found


def test_the_miniature_loses_its_legacy_variables(miniature: Path, stack: Path) -> None:
    found = lose_legacy_variables(miniature, stack)
    text = "VariableV2 stem/kernel and 6 more are legacy variables, expected resource variables"
    (kernels,) = (each for each in found if each["text"] == text)
    assert kernels["file"] == "efficientdet/efficientdet_arch.py"
    line = (miniature / kernels["file"]).read_text("utf-8").splitlines()[kernels["line"] - 1]
    assert "tf.get_variable(" in line


@pytest.mark.extended  # as above
def test_the_upstream_loses_its_legacy_variables(upstream: Path, stack: Path) -> None:
    found = lose_legacy_variables(upstream, stack)
    assert {each["file"].partition("/")[0] for each in found} == {"efficientdet"}


def test_one_legacy_variable_that_is_left_is_found(
    miniature: Path, rewrite: Rewrite, stack: Path
) -> None:
    code = "tf.get_variable('old', [], use_resource=False)"
    file = rewrite(
        "efficientdet_arch.py",
        "  width = params['width']\n",
        f"  width = params['width']\n  {code}\n",
    )
    apply(miniature, "documented", "tensorflow_2_15", "supplement")
    line = file.read_text("utf-8").splitlines().index(f"  {code}") + 1
    found, _ = checks(miniature, 5, stack, "supplement")["variables"]
    text = "VariableV2 old is a legacy variable, expected a resource variable"
    assert (found["line"], found["text"]) == (line, text)


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
    assert ", 0 of rank above 5, 1 of unknown rank, " in told["text"]


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


def test_a_tree_for_an_older_tensorflow_is_refused(miniature: Path, stack: Path) -> None:
    apply(miniature, "documented")
    done = run("verify", miniature, "--graph", "--stack", stack)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert (
        "expected all edits of tensorflow_2_15, as the stack has tensorflow 2.15.1; run"
        in done.stderr
    )


def test_options_that_exclude_each_other(miniature: Path) -> None:
    apply(miniature, "documented")
    assert run("verify", miniature, "--graph", "--against", miniature).exit_code == 2
    assert run("verify", miniature, "--stack", miniature).exit_code == 2
