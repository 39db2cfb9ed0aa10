"""Files that call what the document calls `hvd` by another name."""

import ast
import re

import pytest

from patcher import engine
from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.model import Pack, Rule, Section, State
from tests.checks import DOCUMENTED, MINIATURE, trial

ATTEMPT = "try:\n    import horovod.tensorflow as {0}\nexcept ImportError:\n    {0} = None\n"


def renamed(code: str) -> str:
    """Code that calls `hvd` `horovod`, wherever it takes it from."""
    code = code.replace("import horovod.tensorflow as hvd", "import horovod.tensorflow as horovod")
    code = re.sub(r"(from \S+ import [^\n]*?)\bhvd\b", r"\1hvd as horovod", code)
    lines = (
        line if "import" in line else re.sub(r"\bhvd\b(?!')", "horovod", line)
        for line in code.split("\n")
    )
    return "\n".join(lines)


def test_every_edit_is_made_in_the_file_s_own_words() -> None:
    files = {path: renamed(content.decode()).encode() for path, content in MINIATURE.items()}
    plan = engine.plan([DOCUMENTED], files)
    assert plan.summary[State.PENDING] == 42
    again = engine.plan([DOCUMENTED], {file.path: file.after for file in plan.files})
    assert again.summary[State.APPLIED] == 42
    for file, other in zip(plan.files, engine.plan([DOCUMENTED], MINIATURE).files, strict=True):
        assert ast.dump(ast.parse(file.after)) == ast.dump(ast.parse(renamed(other.after.decode())))


def together(code: str) -> tuple[str, list[State]]:
    """What two rules make of code, and how they stand: an import, and a question."""
    rules = (
        Rule(
            item=1,
            title="import",
            before=ATTEMPT.format("hvd"),
            after="from common import hvd, on",
            edit=Statement(),
            why="to try",
        ),
        Rule(
            item=2,
            title="ask",
            before="if hvd is not None:",
            after="if on():",
            edit=IfTest(within="f"),
            why="to try",
        ),
    )
    section = Section("trial.py", "efficientdet/trial.py", rules)
    (file,) = engine.plan([Pack("tried", (section,))], {section.path: code.encode()}).files
    return file.after.decode(), [outcome.state for outcome in file.outcomes]


QUESTION = "def f():\n    if {} is not None:  # many\n        pass\n"


@pytest.mark.parametrize("name", ["hvd", "horovod", "h"])
def test_an_alias_is_followed_through_the_file(name: str) -> None:
    after, states = together(ATTEMPT.format(name) + QUESTION.format(name))
    alias = "hvd" if name == "hvd" else f"hvd as {name}"
    assert states == [State.PENDING] * 2
    question = QUESTION.format(name).replace(f"{name} is not None", "on()")
    assert after == f"from common import {alias}, on\n{question}"
    assert together(after) == (after, [State.APPLIED] * 2)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            ATTEMPT.format("horovod") + QUESTION.format("other"), id="another thing is asked for"
        ),
        pytest.param(
            ATTEMPT.format("hvd").replace("horovod.tensorflow", "horovod.torch")
            + QUESTION.format("horovod"),
            id="another module",
        ),
    ],
)
def test_a_name_that_is_not_used_throughout_is_not_followed(code: str) -> None:
    after, states = together(code)
    assert State.PENDING not in states[1:]
    assert "if on():" not in after


def test_an_alias_beside_the_document_s_own_name_is_not_followed() -> None:
    _, states = together(ATTEMPT.format("horovod") + QUESTION.format("hvd"))
    assert states == [State.DRIFTED, State.DRIFTED]


def test_an_alias_of_a_name_from_a_module_is_kept() -> None:
    check = trial("from a import hvd, x", "from b import hvd, y", ImportFrom())
    check.changes("from a import hvd as h, x\n", "from b import hvd as h, y\n")
