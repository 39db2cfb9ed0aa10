"""The part of a plan whose edits leave nothing broken."""

from pathlib import Path

import pytest

import patcher
from patcher.errors import ErrorList
from patcher.model import State


def renamed(tree: Path, *pairs: tuple[str, str]) -> None:
    """Change what stands in the miniature's `main.py`."""
    place = tree / "efficientdet" / "main.py"
    code = place.read_text()
    for old, new in pairs:
        assert old in code
        code = code.replace(old, new)
    place.write_text(code)


NO_FLAGS = (("FLAGS", "F"), ("flags.F\n", "flags.FLAGS\n"))


def test_a_rule_that_would_leave_a_name_undefined_does_not_stop_the_others(miniature: Path) -> None:
    renamed(miniature, *NO_FLAGS)
    pending = {o.id for o in patcher.plan(miniature).outcomes if o.state is State.PENDING}
    with pytest.raises(ErrorList, match="main-14"):
        patcher.apply(miniature, allow_dirty=True)
    made = patcher.apply(miniature, allow_dirty=True, partial=True)
    states = {outcome.id: outcome for outcome in made.outcomes}
    assert {"main-12", "main-17"} <= {id_ for id_ in pending if states[id_].state.is_unresolved}
    assert states["main-17"].nearest
    assert "with its edit, `FLAGS` is not defined" in states["main-17"].nearest.why
    kept = ("main-1", "main-3", "main-8", "main-9", "main-10", "main-11")
    assert {states[id_].state for id_ in kept} == {State.PENDING}
    assert "FLAGS." not in (miniature / "efficientdet" / "main.py").read_text()
    patcher.revert(miniature)


def test_nothing_is_refused_where_the_check_is_not_wanted(miniature: Path) -> None:
    renamed(miniature, *NO_FLAGS)
    made = patcher.apply(miniature, allow_dirty=True, partial=True, verify=False)
    states = {outcome.id: outcome.state for outcome in made.outcomes}
    assert states["main-17"] is State.PENDING
