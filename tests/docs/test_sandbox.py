"""The shell that a page has: one for all its steps, in a home of its own."""

from pathlib import Path

import pytest

from patcher.resources import VENDOR
from tests.counts import RULES
from tests.docs.sandbox import Result, Sandbox, complete
from tests.docs.steps import Step
from tests.docs.test_pages import problems


def run(tmp_path: Path, *steps: tuple[str, str, str | None]) -> list[Result]:
    found = [Step(line, *step) for line, step in enumerate(steps, 1)]
    return Sandbox(tmp_path).run(found, {"VARIABLE": "of the page"})


def test_the_shell_keeps_what_a_step_does(tmp_path: Path) -> None:
    results = run(
        tmp_path,
        ("run", "mkdir /home/me/folder\ncd folder\nword=kept", None),
        ("console", 'pwd; echo "$word" "$VARIABLE" ~', None),
        ("console", "echo wrong >&2; (exit 4)", None),
        ("console", "echo $?", None),
        ("python", "import os, patcher\nprint(os.getcwd())", None),
        ("console", "git config user.name; effpatch --version", None),
    )
    assert [(code, output) for _, output, code in results][:-1] == [
        (0, ""),
        (0, "/home/me/folder\nkept of the page /home/me\n"),
        (4, "wrong\n"),
        (0, "4\n"),
        (0, "/home/me/folder\n"),
    ]
    assert results[-1].output.startswith("Me\neffpatch, version ")
    assert not [*problems("page.md", results)]


def test_what_fails_is_named_with_its_line(tmp_path: Path) -> None:
    results = run(
        tmp_path,
        ("console", "printf 'a\\nb\\n'", "a\nc"),
        ("console", "exit_code() { return 3; }; exit_code", None),
        ("console", "(exit 2)", "an error"),
        ("sh", "echo before\nfalse\necho after", None),
        ("console", "echo never", None),
    )
    found = [*problems("page.md", results)]
    assert [each.split(": ")[0] for each in found] == [f"page.md:{n}" for n in (1, 2, 3, 4)]
    assert "-- differs from line 2 of what is shown: c\n" in found[0]
    assert found[0].endswith(" a\n-c\n+b")
    assert "-- exit code 3, expected 0 or 1" in found[1]
    assert "(no more lines)" not in found[2]
    assert found[3].endswith("with\nbefore\n")


@pytest.mark.parametrize("code", [0, 1])
def test_a_code_that_is_no_error_needs_no_word(tmp_path: Path, code: int) -> None:
    assert not [*problems("page.md", run(tmp_path, ("console", f"(exit {code})", None)))]


def test_differences_are_no_failure_of_a_block(tmp_path: Path) -> None:
    results = run(
        tmp_path,
        ("run", f"cp -r {VENDOR}/miniature mini\neffpatch status mini", None),
        ("sh", "effpatch status mini >file\ntail -1 file\neffpatch status mini >file", None),
        ("sh", "false || true\nfalse", None),
    )
    assert [code for _, _, code in results] == [1, 1, None]
    assert results[1].output == f"mini: {RULES} pending\n"


@pytest.mark.parametrize("code", ["false && true\necho", "[ ]", "effpatch apply --not\necho", "fi"])
def test_any_other_code_is_one(tmp_path: Path, code: str) -> None:
    assert [each.code for each in run(tmp_path, ("sh", code, None))] == [None]


def test_commands_of_many_lines_are_told_from_each_other() -> None:
    several = ["cat <<'E' >a\nb 'c\nE", "for a in b; do\n  c\ndone", "a \\\n  b", "a |\n  b", "# c"]
    assert [*complete("\n".join(several))] == several
