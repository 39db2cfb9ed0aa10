"""Every edit is there, but for those that were left out on purpose."""

from collections.abc import Collection, Mapping

import pytest

from patcher import engine
from patcher.checks import edits
from patcher.checks.baseline import Baseline
from patcher.checks.model import Subject
from patcher.checks.sources import Sources
from patcher.model import Pack
from tests.checks.subjects import checked, made_up
from tests.rule_check import DOCUMENTED, MINIATURE, PACKS

IDS = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
PATCHED = {file.path: file.after for file in engine.plan([DOCUMENTED], MINIATURE).files}
MAIN = "efficientdet/main.py"


def subject(
    files: Mapping[str, bytes],
    left_out: Collection[str] = (),
    expected: int | None = None,
    packs: tuple[Pack, ...] = (DOCUMENTED,),
) -> Subject:
    """A tree whose files are these now."""
    outcomes = engine.plan(packs, files).outcomes
    baseline = Baseline(packs, IDS, MINIATURE, outcomes, frozenset(left_out))
    return Subject(Sources(MINIATURE), Sources(files), baseline=baseline, expected=expected)


def without(*ids: str) -> dict[str, bytes]:
    """The patched files without some edits."""
    plan = engine.plan([DOCUMENTED], MINIATURE, IDS.difference(ids))
    return MINIATURE | {file.path: file.after for file in plan.files}


def named(made: Subject) -> list[str]:
    """What is missing, by the first word of each finding."""
    return [each.text.split()[0] for each in checked(edits.check(made))]


def test_all_edits_are_there() -> None:
    made = subject(PATCHED)
    assert edits.check(made) == []
    assert edits.note(made) == "42 of 42 edits"


@pytest.mark.parametrize(
    "missing",
    [["main-3"], ["main-3", "hooks-6"], ["dataloader-2", "normalization_v2-2", "utis-2"]],
    ids=" and ".join,
)
def test_a_missing_edit_is_named_unless_it_was_left_out(missing: list[str]) -> None:
    files = without(*missing)
    assert sorted(named(subject(files))) == sorted(missing)
    assert named(subject(files, missing[1:])) == missing[:1]
    made = subject(files, missing)
    assert edits.check(made) == []
    count = len(missing)
    assert edits.note(made) == f"{42 - count} of 42 edits, {count} left out on purpose"
    assert edits.note(subject(files)) == f"{42 - count} of 42 edits"


def test_what_was_left_out_and_is_there_counts_as_there() -> None:
    made = subject(PATCHED, {"main-3", "hooks-6"})
    assert edits.check(made) == []
    assert edits.note(made) == "42 of 42 edits"


def test_a_missing_edit_is_shown_in_its_line() -> None:
    (found,) = checked(edits.check(subject(without("main-3"))))
    line = MINIATURE[MAIN].decode().partition("'use_tpu'")[0].count("\n") + 1
    assert (found.file, abs(found.line - line) < 5) == (MAIN, True)
    assert PATCHED[MAIN].splitlines()[found.line - 1].startswith(b"flags.DEFINE_bool('use_tpu'")
    assert found.text == "main-3 is pending: do not use TPUs by default"


@pytest.mark.parametrize(
    ("files", "id_", "text"),
    [
        pytest.param(
            PATCHED | {MAIN: PATCHED[MAIN].replace(b"'use_tpu', False", b"'use_tpu', 20")},
            "main-3",
            "main-3 has drifted: do not use TPUs by default "
            "(default of flag 'use_tpu' is 20, expected True)",
            id="drifted",
        ),
        pytest.param(
            PATCHED | {MAIN: PATCHED[MAIN].replace(b"'use_tpu'", b"'tpu'")},
            "main-3",
            "main-3 is absent: do not use TPUs by default "
            "(`'use_tpu'` is nowhere in this file: nothing to do?)",
            id="absent",
        ),
        pytest.param(
            {path: content for path, content in PATCHED.items() if "utils" not in path},
            "utils-1",
            "utils-1 is absent: take hvd and horovod_enabled from TensorFlow.common",
            id="no file",
        ),
    ],
)
def test_a_rule_that_does_not_fit_says_how_it_stands(
    files: dict[str, bytes], id_: str, text: str
) -> None:
    found = checked(edits.check(subject(files)))
    assert [each.text for each in found if each.text.startswith(f"{id_} ")] == [text]


@pytest.mark.parametrize("missing", [[], ["main-3"], ["main-3", "hooks-6"]], ids=len)
def test_an_expected_number_decides(missing: list[str]) -> None:
    files, there = without(*missing), 42 - len(missing)
    for left_out in ([], missing, ["utis-2"]):
        assert edits.check(subject(files, left_out, there)) == []
        more = checked(edits.check(subject(files, left_out, there + 1)))
        assert more[0].place == "--expect"
        assert more[0].text == f"{there} of 42 edits are there, expected {there + 1}"
        assert sorted(each.text.split()[0] for each in more[1:]) == sorted(missing)
        (less,) = checked(edits.check(subject(files, left_out, there - 1)))
        assert less.text == f"{there} of 42 edits are there, expected {there - 1}"


@pytest.mark.parametrize(
    ("made", "step"),
    [
        pytest.param(
            subject(without("main-3")),
            "run `effpatch apply tree`; or pass --expect 41 if the tree is meant to have "
            "only these edits",
            id="pending",
        ),
        pytest.param(
            subject(PATCHED | {MAIN: b""}),
            "`effpatch status tree` shows what each rule found; or pass --expect 25 if "
            "the tree is meant to have only these edits",
            id="unresolved",
        ),
        pytest.param(
            subject(MINIATURE, packs=(DOCUMENTED, PACKS["tensorflow_2_15"])),
            "run `effpatch apply tree --pack documented --pack tensorflow_2_15`; or pass "
            "--expect 0 if the tree is meant to have only these edits",
            id="two packs",
        ),
        pytest.param(
            subject(PATCHED, expected=40), "pass --expect 42 if all of them are intended", id="more"
        ),
    ],
)
def test_the_next_step_is_one_that_helps(made: Subject, step: str) -> None:
    assert edits.next_step(made, "tree") == step


def test_a_tree_that_nothing_is_known_of_is_not_checked() -> None:
    assert edits.check(made_up({"main.py": "import os\n"})) is None
