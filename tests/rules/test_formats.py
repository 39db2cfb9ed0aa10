"""The pinned upstream, reformatted and with other line ends."""

import ast
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import black
import pytest

from patcher.model import FilePlan, State
from tests.rule_check import DOCUMENTED, planned

SECTIONS = {section.path: section for section in DOCUMENTED.sections}


def reformatted(code: bytes, width: int) -> bytes:
    return black.format_str(code.decode(), mode=black.Mode(line_length=width)).encode()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    **{f"black, {n} columns": partial(reformatted, width=n) for n in (79, 100, 140)},
    "CRLF": lambda code: code.replace(b"\n", b"\r\n"),
}


@cache
def meaning(code: bytes) -> str:
    """A module's syntax tree, without the white space of its docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(" ".join(str(node.value.value).split()))
    return ast.dump(tree)


@cache
def original(file: Path, path: str) -> FilePlan:
    return planned(SECTIONS[path], file.read_bytes())


@pytest.mark.parametrize("path", SECTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_a_formatter_loses_no_edit(pristine: Path, path: str, form: str) -> None:
    straight = original(pristine / path, path)
    plan = planned(SECTIONS[path], FORMS[form](straight.before))
    assert {outcome.state for outcome in plan.outcomes} == {State.PENDING}
    assert {outcome.state for outcome in plan.outcomes_after} == {State.APPLIED}
    assert plan.outcomes_after == planned(SECTIONS[path], plan.after).outcomes
    assert meaning(plan.after) == meaning(straight.after)
    assert b"\r\n" not in plan.after or plan.after.count(b"\n") == plan.after.count(b"\r\n")
