"""The edits that a tree needs before it is trained."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from patcher.errors import PackError, TreeError
from patcher.model import FilePlan, Outcome, Pack, Pin, Plan, Runtime, State
from patcher.training.readiness import needed_packs, program_of, require_edits, runtime_of

PIN = Pin("automl", "https://example.org/automl", "0" * 40, program="src/main.py")
PORT = Pack("documented", (), upstream=PIN)
NEWER = Pack("newer", (), upstream=PIN, needed_with={"TensorFlow": ">=2.12", "numpy": "<2"})


def planned(*states: State) -> Plan:
    """A plan for one file with a rule in each state."""
    outcomes = tuple(
        Outcome(f"main-{number}", "main.py", "", state, 1, (), "")
        for number, state in enumerate(states, 1)
    )
    return Plan((), (FilePlan("main.py", b"", b"", outcomes, ()),))


@pytest.mark.parametrize(
    ("versions", "needed"),
    [
        pytest.param({"tensorflow": "2.15.1", "numpy": "1.26"}, True, id="all versions match"),
        pytest.param({"tensorflow": "2.16.0rc0", "numpy": "1.26"}, True, id="a pre-release"),
        pytest.param({"tensorflow": "2.11.1", "numpy": "1.26"}, False, id="an older one"),
        pytest.param({"tensorflow": "2.15.1", "numpy": "2.0"}, False, id="one does not match"),
        pytest.param({"tensorflow": "2.15.1"}, False, id="one is not installed"),
    ],
)
def test_a_pack_is_needed_with_some_versions(versions: Mapping[str, str], needed: bool) -> None:
    running = f"TensorFlow {versions['tensorflow']} and numpy 1.26"
    found = needed_packs([PORT], [PORT, NEWER], versions)
    assert found == ({"newer": running} if needed else {})


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Pack("other", (), upstream=PIN), id="one that names no versions"),
        pytest.param(Pack("other", (), needed_with={"numpy": ">1"}), id="one without a pin"),
        pytest.param(
            Pack("other", (), upstream=Pin("b", "b", "0"), needed_with={"numpy": ">1"}),
            id="one for another upstream",
        ),
        pytest.param(
            Pack("documented", (), upstream=PIN, needed_with={"numpy": ">1"}), id="the one chosen"
        ),
    ],
)
def test_other_packs_are_not_needed(other: Pack) -> None:
    assert not needed_packs([PORT], [other], {"numpy": "2.0"})


def test_every_edit_of_the_packs_chosen_is_required() -> None:
    require_edits("tree", ["documented"], planned(State.APPLIED, State.APPLIED))
    plan = planned(State.APPLIED, *[State.PENDING] * 4)
    sentence = (
        "tree: main-2, main-3, main-4 and 1 more not applied, expected all 5 edits of documented; "
        "run `effpatch apply tree` first"
    )
    with pytest.raises(TreeError, match=f"^{re.escape(sentence)}$"):
        require_edits("tree", ["documented"], plan)
    with pytest.raises(TreeError, match=re.escape("run `effpatch apply tree --pack ./mine` first")):
        require_edits("tree", ["./mine"], plan)


def test_pending_edits_of_a_pack_needed_are_required() -> None:
    (running,) = needed_packs([PORT], [NEWER], {"tensorflow": "2.15.1", "numpy": "1.26"}).values()
    plan = planned(State.APPLIED, State.DRIFTED, State.PENDING)
    sentence = (
        "tree: main-3 not applied, expected all edits of newer, as the stack has TensorFlow 2.15.1 "
        "and numpy 1.26; run `effpatch apply tree --pack documented --pack newer` first"
    )
    with pytest.raises(TreeError, match=f"^{re.escape(sentence)}$"):
        require_edits("tree", ["documented", "newer"], plan, running)


def test_edits_that_do_not_fit_may_be_made_by_hand() -> None:
    plan = planned(State.APPLIED, State.DRIFTED, State.ABSENT)
    require_edits("tree", ["documented", "newer"], plan, "TensorFlow 2.15.1")


def test_packs_name_program_and_runtime() -> None:
    bare, runtime = (
        Pack("bare", ()),
        Pack("port", (), runtime=Runtime(Path("/common"), ("common",))),
    )
    assert program_of([bare, PORT]) == "src/main.py"
    assert runtime_of([bare, runtime]) == runtime.runtime
    assert runtime_of([bare]) is None
    more = Pack("more", (), runtime=Runtime(Path("/common"), ("common", "library")))
    assert runtime_of([runtime, more]) == more.runtime, "what any of them imports"
    with pytest.raises(PackError, match="bare: the pin names no program, expected the file"):
        program_of([bare])
