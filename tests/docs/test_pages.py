"""Every page of the documentation: its commands are run in order and print what it shows."""

import difflib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page, read
from tests.docs.sandbox import Result, Sandbox
from tests.docs.steps import Step, commands_of, fitting, matches, steps_of
from tests.docs.usage import calls, problem
from tests.docs.variables import STACK, runnable, variables

_TOP = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md")
PAGES = [*_TOP, *sorted(str(f.relative_to(ROOT)) for f in ROOT.glob("docs/**/*.md"))]
_ELSEWHERE = ("CHANGELOG.md", "benchmarks/", "examples/", "tests/", "vendor/", ".github/")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return read(request.param)


def test_its_commands_print_what_it_shows(
    page: Page, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = runnable(page.name)
    if not any(step.language != "run" for step in found):
        pytest.skip("no commands")
    about = variables(found, tmp_path, request.getfixturevalue)
    results = Sandbox(tmp_path).run(found, about)
    wrong = [*problems(page.name, results)]
    assert not wrong, "\n\n".join(["", *wrong])


def problems(name: str, results: list[Result]) -> Iterator[str]:
    """Each step that failed, or printed something else, up to the one that ended the shell."""
    following = [*(each.step for each in results[1:]), None]
    for (step, output, code), then in zip(results, following, strict=True):
        place = f"{name}:{step.line}: {step.code.strip()}"
        if code is None:
            yield f"{place}\n-- failed, or took too long; the page ends here, with\n{tail(output)}"
            return
        if step.shown is not None and not matches(step.shown, output):
            yield f"{place}\n{difference(step.shown, output)}"
        elif not may_end(step, code, then):
            yield f"{place}\n-- exit code {code}, expected 0 or 1; it printed\n{tail(output)}"


def tail(output: str) -> str:
    """The end of an output, which says why a command failed."""
    return "".join(output.splitlines(keepends=True)[-12:])


def may_end(step: Step, code: int, then: Step | None) -> bool:
    """Whether a page lets its reader expect an exit code: it shows an error, or the code."""
    asked = then is not None and then.code == "echo $?"
    return code in (0, 1) or asked or step.shown is not None


def difference(shown: str, output: str) -> str:
    """A diff of what a page shows and what is printed, and the first line that differs."""
    lines, printed = shown.splitlines(), output.splitlines()
    first = fitting(shown, output)
    there = lines[first] if first < len(lines) else "(no more lines)"
    alike = [next((p for p in printed if "..." in s and matches(s, p)), s) for s in lines]
    diff = difflib.unified_diff(alike, printed, "shown", "printed", n=1, lineterm="")
    return "\n".join([f"-- differs from line {first + 1} of what is shown: {there}", *diff])


def test_what_is_not_run_is_a_call_that_effpatch_knows(page: Page) -> None:
    wrong = []
    for block, _ in commands_of(page):
        if (block.exempt is None and (STACK or not block.needs)) or block.language == "python":
            continue
        for step in steps_of(page.name, block):
            for words in calls(step.code):
                if said := problem(words):
                    wrong.append(f"{page.name}:{step.line}: effpatch {' '.join(words)}: {said}")
    assert not wrong, "\n".join(["", *wrong])


def test_sentences_name_commands_and_options_that_there_are(page: Page) -> None:
    wrong = []
    for line, code in page.inline:
        if code.startswith("effpatch "):
            for words in calls(code):
                if said := problem(words, whole=False):
                    wrong.append(f"{page.name}:{line}: `{code}`: {said}")
    assert not wrong, "\n".join(["", *wrong])


def test_no_command_is_in_a_block_that_is_not_run(page: Page) -> None:
    run = {block.line for block, _ in commands_of(page)}
    wrong = [
        f"{page.name}:{block.line}: {block.language or 'a block without a language'}"
        for block in page.blocks
        if block.line not in run and block.exempt is None and block.language != "text"
        if re.search(r"^(\$ |[\w./]*bin/)?effpatch [a-z-]", block.content, re.MULTILINE)
        or block.language in ("bash", "shell", "shell-session")
    ]
    assert not wrong, "expected `console` or `sh`\n" + "\n".join(wrong)


def test_every_page_is_read() -> None:
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "*.md"], check=True, capture_output=True, text=True
    )
    pages = {name for name in listed.stdout.splitlines() if not name.startswith(_ELSEWHERE)}
    assert pages <= set(PAGES)
    assert set(_TOP) < pages


def test_most_commands_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    rows, run, exempt = [], 0, 0
    for name in PAGES:
        blocks = [block for block, _ in commands_of(read(name)) if block.language != "run"]
        reasons = [block.exempt for block in blocks if block.exempt is not None]
        run, exempt = run + len(blocks) - len(reasons), exempt + len(reasons)
        if blocks:
            rows.append(f"{name:40} {len(blocks) - len(reasons):4} run {len(reasons):4} not")
        rows += [f"    {reason}" for reason in reasons]
    with capsys.disabled():
        print("", *rows, f"{run} blocks are run, {exempt} are not", sep="\n")
    assert run > exempt
