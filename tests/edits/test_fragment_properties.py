"""Whatever tokens of a line a fragment quotes, it changes these and nothing else, or nothing."""

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patcher.code.line_code import LineCode, code_of
from patcher.code.outline import outline
from patcher.code.source import parse
from patcher.edits.kinds import Fragment
from patcher.model import State
from tests.rule_check import MINIATURE, trial

NEW = "new_name"


@cache
def lines_of(path: str) -> list[tuple[str, LineCode]]:
    """The code of each line of a file, with the function that holds it."""
    blocks = outline(parse(path, MINIATURE[path]))
    lines = [each for line in blocks.lines() for each in line.chain()]
    codes = ((line.suite.scope, code_of(line, blocks)) for line in lines)
    return [(scope, code) for scope, code in codes if code]


@st.composite
def renamings(draw: st.DrawFn) -> tuple[str, str, str, str, str]:
    """A file, a function, a run of tokens there, the same with a new name, and the old one."""
    path = draw(st.sampled_from([path for path in MINIATURE if lines_of(path)]))
    scope, code = draw(st.sampled_from(lines_of(path)))
    row = draw(st.sampled_from([*code.rows]))
    start = draw(st.integers(0, len(row) - 1))
    run = row[start : start + draw(st.integers(1, 15))]
    names = [each for each in run if each.is_name]
    if not names:
        return path, scope, "", "", ""
    name = draw(st.sampled_from(names))
    parts = (code.text[run[0].start : name.start], code.text[name.end : run[-1].end])
    return path, scope, name.text.join(parts), NEW.join(parts), name.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(renamings())
def test_a_name_is_changed_alone_and_changed_back(case: tuple[str, str, str, str, str]) -> None:
    path, scope, before, after, name = case
    content = MINIATURE[path]
    if not before:
        return
    edit = Fragment(within=scope)
    plan = trial(before, after, edit).plan(content)
    if plan.outcomes[0].state is not State.PENDING:
        assert plan.after == content
        return
    made = plan.after.decode()
    place = made.index(NEW)
    assert f"{made[:place]}{name}{made[place + len(NEW) :]}".encode() == content
    again = trial(before, after, edit).plan(plan.after)
    assert (again.outcomes[0].state, again.after) == (State.APPLIED, plan.after)
    assert [each.state for each in plan.outcomes_after] == [State.APPLIED]
    assert trial(after, before, edit).plan(plan.after).after == content
