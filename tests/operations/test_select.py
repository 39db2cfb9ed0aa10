"""Which packs and rules are meant by the names that a user gives."""

from dataclasses import replace
from pathlib import Path

import pytest

from patcher.errors import MismatchError, PackError, SelectionError
from patcher.operations.apply import apply
from patcher.operations.revert import open_patched, revert
from patcher.operations.select import Selection, select
from patcher.packs import load_pack
from tests.commands import contents, run
from tests.operations.packs import foreign

DOCUMENTED, SUPPLEMENT = load_pack("documented"), load_pack("supplement")


def names(selection: Selection) -> list[str]:
    return [pack.name for pack in selection.packs]


def test_all_rules_of_the_default_pack() -> None:
    assert select() == select([DOCUMENTED])
    assert select().ids == {id_ for id_, _, _ in DOCUMENTED.entries()}


@pytest.mark.parametrize("id_", ["main-11", "documented/main-11"])
def test_the_long_form_is_the_short_one(id_: str) -> None:
    for packs in ([], [DOCUMENTED]):
        assert select(packs, [id_]).ids == {"main-11"}
        assert select(packs, skip=[id_]).ids == select().ids - {"main-11"}


def test_a_rule_of_a_known_pack_brings_its_pack() -> None:
    for packs, wanted in (
        ([], ["supplement"]),
        ([DOCUMENTED], ["documented", "supplement"]),
        ([SUPPLEMENT], ["supplement"]),
    ):
        selection = select(packs, ["supplement/utils-1"])
        assert names(selection) == wanted
        assert selection.ids == {"supplement/utils-1"}


def test_rules_of_several_packs() -> None:
    selection = select(only=["supplement/utils-1", "main-3"])
    assert names(selection) == ["documented", "supplement"], "as they are applied"
    assert selection.ids == {"supplement/utils-1", "main-3"}
    selection = select([SUPPLEMENT], ["normalization_v2-2"])
    assert names(selection) == ["supplement", "documented"], "as they were named"


def test_a_rule_of_a_pack_without_a_name() -> None:
    mine = foreign()
    assert select([mine], ["mine/utils-1"]).ids == {"mine/utils-1"}
    with pytest.raises(SelectionError, match=r"'mine/utils-1' .*--pack"):
        select(only=["mine/utils-1"])


def test_a_short_id_never_means_another_pack() -> None:
    with pytest.raises(SelectionError, match=r"^--only: .*did you mean mine/utils-1\?"):
        select([foreign()], ["utils-1"])


@pytest.mark.parametrize("skip", ["supplement/utils-1", "man-3", "documented/man-3"])
def test_what_is_not_selected_cannot_be_left_out(skip: str) -> None:
    with pytest.raises(SelectionError, match=rf"^--skip: no rule '{skip}' in pack documented;"):
        select(skip=[skip])


def test_a_rule_that_a_known_pack_lacks() -> None:
    with pytest.raises(SelectionError, match=r"'supplement/utils-9' .*supplement/utils-\d\?"):
        select(only=["supplement/utils-9"])


def test_two_packs_of_one_name_are_not_mixed_up() -> None:
    other = replace(foreign(), sections=DOCUMENTED.sections)
    for packs in ([foreign(), foreign()], [foreign(), other]):
        with pytest.raises(PackError, match="mine: two packs of this name"):
            select(packs)


def test_something_has_to_remain() -> None:
    with pytest.raises(SelectionError, match="--skip"):
        select(only=["main-3"], skip=["documented/main-3"])


def test_commands_take_ids_of_other_packs(miniature: Path) -> None:
    before = contents(miniature)
    result = run("apply", miniature, "--only", "supplement/utils-2", "--no-verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        "# supplement/utils-1"
        in run("diff", miniature, "--by-rule", "--only", "supplement/utils-1").output
    )
    for id_ in ("main-3", "documented/main-4"):
        assert run("apply", miniature, "--only", id_).exit_code == 0
    for id_ in ("documented/main-3", "main-4", "supplement/utils-2"):
        assert run("revert", miniature, "--only", id_).exit_code == 0, id_
    assert contents(miniature) == before
    assert "main-3" in run("status", miniature, "--explain", "documented/main-3").stdout
    assert run("rules", "documented/main-3").stdout == run("rules", "main-3").stdout


@pytest.fixture
def detector(miniature: Path) -> Path:
    """The miniature with its folder under another name."""
    (miniature / "efficientdet").rename(miniature / "detector")
    return miniature


def test_a_folder_of_another_name_is_patched_and_restored(detector: Path) -> None:
    before = contents(detector)
    tree, selection = select().open(detector, "detector")
    done = apply(selection, tree, with_runtime=True)
    changed = {path for path, content in contents(detector).items() if before.get(path) != content}
    assert set(done.written) == changed
    assert set(done.added) == {path for path in changed if path not in before}
    assert set(done.added) == {path for path in changed if path.startswith("detector/TensorFlow/")}
    assert not selection.inspect(tree).plan.changed
    found = open_patched(detector / "detector")
    assert found.root == detector
    revert(found, ["main-3"])
    assert {o.id for o in selection.inspect(tree).plan.outcomes if str(o.state) == "pending"} == {
        "main-3"
    }
    apply(selection, tree)
    revert(open_patched(detector))
    assert contents(detector) == before


def test_a_tree_that_is_the_root_folder_itself(detector: Path) -> None:
    before = contents(detector)
    tree, selection = select().open(detector / "detector", ".")
    written = apply(selection, tree).written
    assert "main.py" in written
    assert not (detector / ".effpatch.json").exists(), "nothing outside is written"
    revert(open_patched(detector / "detector"))
    assert contents(detector) == before


def test_no_runtime_is_added_where_no_pack_has_one(miniature: Path) -> None:
    before = contents(miniature)
    tree, selection = select([load_pack("tensorflow_2_15")]).open(miniature)
    with pytest.raises(SelectionError, match="--with-runtime: no runtime in tensorflow_2_15"):
        apply(selection, tree, with_runtime=True)
    assert contents(miniature) == before
    both = select([load_pack("tensorflow_2_15"), DOCUMENTED])
    assert apply(both, tree, with_runtime=True).added


def test_a_pack_that_cannot_be_loaded_is_not_passed_over() -> None:
    with pytest.raises(PackError):
        load_pack("mine")


def test_files_that_moved_keep_their_rules(miniature: Path) -> None:
    library = miniature / "lib"
    library.mkdir()
    (miniature / "efficientdet" / "utils.py").rename(library / "utils.py")
    notes: list[str] = []
    _, selection = select().open(miniature, notify=notes.append)
    assert notes == ["efficientdet/utils.py: not found, using lib/utils.py instead"]
    assert "lib/utils.py" in {s.path for pack in selection.packs for s in pack.sections}
    (miniature / "copy").mkdir()
    (miniature / "copy" / "utils.py").write_bytes((library / "utils.py").read_bytes())
    with pytest.raises(MismatchError, match=r"copy/utils.py and lib/utils.py"):
        select().open(miniature)


def test_packs_without_a_pin_are_for_the_checkout_alone(miniature: Path) -> None:
    pack = replace(DOCUMENTED, upstream=None)
    tree, _ = select([pack]).open(miniature)
    assert tree.root == miniature
