"""The documented edits on the miniature: all at once, in two goes, one by one, by other names."""

import ast
import random
import re
from functools import cache

import pytest

from patcher import engine
from patcher.engine import excerpt
from patcher.engine.excerpt import views
from patcher.model import Plan, State
from tests.rule_check import DOCUMENTED, MINIATURE, again

IDS = [id_ for id_, _, _ in DOCUMENTED.entries()]
SECTIONS = {section.path: section for section in DOCUMENTED.sections}
NEEDED = {need.file for _, _, rule in DOCUMENTED.entries() for need in rule.needs}
FILES = {path: MINIATURE[path] for path in {**SECTIONS, **dict.fromkeys(sorted(NEEDED))}}


@cache
def whole() -> Plan:
    return engine.plan([DOCUMENTED], FILES)


def test_every_edit_is_pending_then_applied() -> None:
    assert whole().summary[State.PENDING] == len(IDS)
    after = again([DOCUMENTED], whole())
    assert after.summary[State.APPLIED] == len(IDS)
    assert not after.changed
    assert whole().outcomes_after == after.outcomes
    for file in whole().files:
        ast.parse(file.after)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 60))]
)
def test_edits_are_separate(seed: int) -> None:
    """Some edits first and the rest later give what all at once give."""
    some = set(random.Random(seed).sample(IDS, k=len(IDS) // 2))
    for _, section, rule in DOCUMENTED.entries():
        needed = {section.id_of(each) for each in section.prerequisites(rule)}
        some -= set() if needed <= some else {section.id_of(rule)}
    some -= {outcome.id for outcome in engine.plan([DOCUMENTED], FILES, some).unresolved}
    first = engine.plan([DOCUMENTED], FILES, some)
    assert not first.unresolved
    half = {**FILES, **{file.path: file.after for file in first.files}}
    rest = engine.plan([DOCUMENTED], half)
    states = {outcome.id: outcome.state for outcome in rest.outcomes}
    assert {id_ for id_, state in states.items() if state is State.APPLIED} == some
    assert {id_ for id_, state in states.items() if state is State.PENDING} == set(IDS) - some
    assert first.outcomes_after == engine.plan([DOCUMENTED], half, some).outcomes
    assert [file.after for file in rest.files] == [file.after for file in whole().files]


def test_a_later_rule_may_stand_on_an_earlier_one() -> None:
    pairs = [
        (section.id_of(rule), section.id_of(each))
        for _, section, rule in DOCUMENTED.entries()
        for each in section.prerequisites(rule)
    ]
    for later, earlier in pairs:
        alone = engine.plan([DOCUMENTED], FILES, {later})
        assert [outcome.state for outcome in alone.unresolved] == [State.DRIFTED]
        both = engine.plan_alone([DOCUMENTED], FILES, {earlier, later})
        assert {outcome.state for outcome in both.outcomes} == {State.PENDING}
    assert pairs


def test_in_a_part_of_each_file_steps_end_in_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is that of the whole file."""
    in_part = {path: engine.steps([each], FILES[path]) for path, each in SECTIONS.items()}
    assert any(not next(views(FILES[path], [each])).whole for path, each in SECTIONS.items())
    for file in whole().files:
        assert in_part[file.path][-1][1] == file.after
    monkeypatch.setattr(excerpt, "_excerpt", lambda *_: None)
    assert engine.plan([DOCUMENTED], FILES) == whole()
    assert {path: engine.steps([each], FILES[path]) for path, each in SECTIONS.items()} == in_part


def renamed(code: bytes) -> bytes:
    """Code that calls `hvd` `horovod`, wherever it takes it from."""
    code = code.replace(
        b"import horovod.tensorflow as hvd", b"import horovod.tensorflow as horovod"
    )
    code = re.sub(rb"(from \S+ import [^\n]*?)\bhvd\b", rb"\1hvd as horovod", code)
    lines = (
        line if b"import" in line else re.sub(rb"\bhvd\b(?!')", b"horovod", line)
        for line in code.split(b"\n")
    )
    return b"\n".join(lines)


def test_every_edit_is_made_in_the_file_s_own_words() -> None:
    plan = engine.plan([DOCUMENTED], {path: renamed(code) for path, code in FILES.items()})
    assert plan.summary[State.PENDING] == len(IDS)
    assert again([DOCUMENTED], plan).summary[State.APPLIED] == len(IDS)
    for file, other in zip(plan.files, whole().files, strict=True):
        assert ast.dump(ast.parse(file.after)) == ast.dump(ast.parse(renamed(other.after)))
