import ast
import random

import pytest

from patcher import engine
from patcher.edits.kinds import FlagDefault, IfTest
from patcher.errors import UnparsableError
from patcher.model import State
from tests.checks import DOCUMENTED, MINIATURE, again, trial

IDS = [id_ for id_, _, _ in DOCUMENTED.entries()]


def test_every_edit_is_pending_then_applied() -> None:
    plan = engine.plan([DOCUMENTED], MINIATURE)
    assert plan.summary[State.PENDING] == len(IDS)
    after = again([DOCUMENTED], plan)
    assert after.summary[State.APPLIED] == len(IDS)
    assert not after.changed
    assert plan.outcomes_after == after.outcomes


def test_the_patched_files_parse() -> None:
    for file in engine.plan([DOCUMENTED], MINIATURE).files:
        ast.parse(file.after)


def test_a_plan_is_pure() -> None:
    files = dict(MINIATURE)
    assert engine.plan([DOCUMENTED], files) == engine.plan([DOCUMENTED], files)
    assert files == MINIATURE


@pytest.mark.parametrize("seed", range(12))
def test_edits_are_separate(seed: int) -> None:
    """Some edits first and the rest later give what all at once give."""
    some = set(random.Random(seed).sample(IDS, k=21))
    if "det_model_fn-4" not in some:  # 7 stands on it
        some.discard("det_model_fn-7")
    first = engine.plan([DOCUMENTED], MINIATURE, some)
    assert not first.misfits
    half = {**MINIATURE, **{file.path: file.after for file in first.files}}
    states = {outcome.id: outcome.state for outcome in engine.plan([DOCUMENTED], half).outcomes}
    assert {id_ for id_, state in states.items() if state is State.APPLIED} == some
    assert {id_ for id_, state in states.items() if state is State.PENDING} == set(IDS) - some
    whole = engine.plan([DOCUMENTED], MINIATURE)
    assert first.outcomes_after == engine.plan([DOCUMENTED], half, some).outcomes
    rest = engine.plan([DOCUMENTED], half)
    assert [file.after for file in rest.files] == [file.after for file in whole.files]


def test_steps_end_in_the_plan() -> None:
    plan = engine.plan([DOCUMENTED], MINIATURE)
    for file in plan.files:
        sections = [s for s in DOCUMENTED.sections if s.path == file.path]
        *_, (_, last) = engine.steps(sections, file.before)
        assert last == file.after


def test_a_later_rule_may_stand_on_an_earlier_one() -> None:
    alone = engine.plan([DOCUMENTED], MINIATURE, {"det_model_fn-7"})
    assert [outcome.state for outcome in alone.misfits] == [State.DRIFTED]
    both = engine.plan([DOCUMENTED], MINIATURE, {"det_model_fn-4", "det_model_fn-7"})
    assert both.summary[State.PENDING] == 2


def test_only_the_chosen_rules_are_reported() -> None:
    plan = engine.plan([DOCUMENTED], MINIATURE, {"main-3", "main-4"})
    assert [outcome.id for outcome in plan.outcomes] == ["main-3", "main-4"]
    assert [file.path for file in plan.changed] == ["efficientdet/main.py"]


def test_all_rules_of_a_missing_file_are_absent() -> None:
    files = {path: content for path, content in MINIATURE.items() if "utis" not in path}
    plan = engine.plan([DOCUMENTED], files)
    assert [outcome.id for outcome in plan.misfits] == [f"utis-{item}" for item in range(1, 6)]
    assert {outcome.state for outcome in plan.misfits} == {State.ABSENT}
    assert not plan.drift
    assert plan.misfits[0].nearest is None
    assert plan.misfits[0].wants.endswith("in a file that the tree lacks")


def test_a_broken_file_ends_the_plan() -> None:
    with pytest.raises(UnparsableError, match=r"^efficientdet/utils.py:1: "):
        engine.plan([DOCUMENTED], {**MINIATURE, "efficientdet/utils.py": b"if"})


def test_two_sites_are_ambiguous_and_stay() -> None:
    check = trial("if a:", "if b:", IfTest(within="f"))
    outcome = check.ignores("def f():\n    if a:\n        x\n    if a:\n        y\n")
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [2, 4]


def test_a_site_that_is_done_beside_one_that_is_not_is_ambiguous() -> None:
    check = trial("if a:", "if b:", IfTest(within="f"))
    outcome = check.ignores("def f():\n    if a:\n        x\n    if b:\n        y\n")
    assert outcome.state is State.AMBIGUOUS
    assert [site.state for site in outcome.sites] == [State.PENDING, State.APPLIED]


def test_positions_are_those_of_the_file_as_read() -> None:
    check = trial("f.DEFINE_bool('a', 1, '')", "f.DEFINE_bool('a', 2, '')", FlagDefault())
    outcome = check.outcome("# first\n\nf.DEFINE_bool(\n    'a', 1, 'help')\n")
    assert [(site.line, site.column) for site in outcome.sites] == [(3, 1)]


@pytest.mark.parametrize(
    ("path", "old", "new", "waiting"),
    [
        pytest.param(
            "efficientdet/dataloader.py",
            "from horovod_estimator import hvd",
            "from elsewhere import hvd",
            {"dataloader-2": "needs `horovod_enabled`, which dataloader-1 would bring in"},
            id="a name",
        ),
        pytest.param(
            "efficientdet/main.py",
            "FLAGS = flags.FLAGS",
            "flags.DEFINE_integer('log_every_n_steps', 50, '')\n\nFLAGS = flags.FLAGS",
            {"main-12": "needs `FLAGS.cp_every_n_steps`, which main-7 would bring in"},
            id="a flag, not the other one that the file defines itself",
        ),
    ],
)
def test_no_edit_uses_what_another_could_not_bring_in(
    path: str, old: str, new: str, waiting: dict[str, str]
) -> None:
    code = MINIATURE[path].decode()
    assert old in code
    files = {**MINIATURE, path: code.replace(old, new, 1).encode()}
    plan = engine.plan([DOCUMENTED], files)
    assert len(plan.drift) == len(waiting) + 1
    for outcome in (each for each in plan.drift if each.id in waiting):
        assert outcome.nearest
        assert outcome.nearest.why.startswith(waiting.pop(outcome.id))
    assert not waiting
    assert not plan.outcomes_after
