"""The proof of a pack, where only an error of effpatch itself or of the disk would fail it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patcher import engine
from patcher.checks.model import Result
from patcher.edits.kinds import Statement
from patcher.errors import PackError, TreeError
from patcher.model import Pack, Plan, State
from patcher.operations import proof, round_trip, trial_tree
from patcher.operations.apply import apply as apply_operation
from patcher.packs import load_folder
from patcher.tree.files import Tree
from tests import proofs
from tests.commands import contents, git


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return proofs.upstream(tmp_path / "shop")


@pytest.fixture
def pack(shop: Path, tmp_path: Path) -> Pack:
    return load_folder(proofs.pack(tmp_path / "taxes", shop))


@pytest.fixture
def results(pack: Pack, shop: Path, tmp_path: Path) -> Callable[..., dict[str, Result]]:
    def found(**changes: Any) -> dict[str, Result]:
        made = proof.prove(replace(pack, **changes), shop, tmp_path / "work")
        assert not list((tmp_path / "work").iterdir())
        return {each.label: each for each in made.results}

    return found


def texts(result: Result) -> list[str]:
    return [f"{each.place}: {each.text}" for each in result.failures]


Results = Callable[..., dict[str, Result]]


def test_a_second_run_that_changes_a_file(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = list[Tree]()

    def careless(selection: Any, tree: Tree, **options: Any) -> Any:
        done = apply_operation(selection, tree, **options)
        runs.append(tree)
        if runs[1:]:
            (tree.root / "README.md").write_text("Seen.\n")
        return done

    monkeypatch.setattr(round_trip, "apply", careless)
    found = results()
    assert texts(found["apply again"]) == ["README.md: is changed by the second run"]
    assert texts(found["revert"]) == ["README.md: is not as it was before `apply`"]


def test_an_edit_that_its_rule_does_not_know_again(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_alone = engine.plan_alone

    def forgetful(*arguments: Any, **options: Any) -> Plan:
        plan = plan_alone(*arguments, **options)
        files = [
            replace(
                file, outcomes_after=tuple(replace(o, state=State.PENDING) for o in file.outcomes)
            )
            for file in plan.files
        ]
        return replace(plan, files=tuple(files))

    monkeypatch.setattr(engine, "plan_alone", forgetful)
    said = "src/tools.py: taxes/tools-1 is pending once it is applied, expected applied"
    assert said in texts(results()["alone"])


def test_an_edit_that_is_not_reverted(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trip, "revert", lambda tree: None)
    said = "is not as it was before `apply`"
    assert texts(results()["revert"]) == [f"src/app.py: {said}", f"src/tools.py: {said}"]


def test_an_error_of_an_operation_is_a_failure(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TreeError("src/app.py", "locked", "a free file", "wait")

    monkeypatch.setattr(round_trip, "revert", refuse)
    monkeypatch.setattr(round_trip, "patched", refuse)
    found = results()
    for name in ("names", "revert"):
        assert texts(found[name]) == ["src/app.py: locked, expected a free file"]
    monkeypatch.setattr(round_trip, "apply", refuse)
    assert texts(results()["apply"]) == ["src/app.py: locked, expected a free file"]


def test_a_rule_that_builds_on_others(pack: Pack, results: Results) -> None:
    """One that quotes all that another writes needs that one; else that is only to know."""
    app, tools = pack.sections
    old, new = "return sum(prices) * rate(country)", "tax = rate(country)\nreturn sum(prices) * tax"
    edit = Statement(within="total")
    four = replace(app.rules[0], item=4, before=old, after=new, edit=edit, ignores=())
    whole = replace(four, item=5, before=new, after=new.replace("tax", "factor"))
    part = replace(four, item=5, before="tax = rate(country)", after="tax = rate(country) + 1")
    for five, said in (
        (whole, []),
        (part, ["taxes/app-5 is drifted when applied alone"]),
    ):
        rules = (*app.rules, four, five)
        found = results(sections=(replace(app, rules=rules), tools), document=None)
        assert found["alone"].holds
        assert [each.text for each in found["alone"].findings or ()] == said
        assert "coverage" not in found


def test_a_file_that_the_upstream_lacks(pack: Pack, results: Results) -> None:
    app, tools = pack.sections
    moved = replace(tools, path="src/taxes.py")
    found = results(sections=(app, moved))
    assert texts(found["digests"]) == ["src/taxes.py: is not in the upstream"]
    assert found["apply"].failures


def test_an_upstream_that_is_no_python(results: Results, shop: Path) -> None:
    (shop / "src/app.py").write_text("def (:\n")
    found = results()
    for name in ("alone", "apply"):
        assert len(found[name].failures) == 1
    assert found["revert"].holds is None


def test_a_pack_without_a_repository(pack: Pack, tmp_path: Path) -> None:
    assert pack.upstream
    without = replace(pack, upstream=replace(pack.upstream, repository="", commit=""))
    with pytest.raises(PackError) as caught:
        trial_tree.fetched(without, tmp_path)
    step = "name a copy of its upstream with --tree"
    assert str(caught.value) == f"taxes: the pack names no repository; {step}"


def test_the_pin_is_fetched_once(pack: Pack, tmp_path: Path) -> None:
    one, two = (trial_tree.fetched(pack, tmp_path / "work") for _ in "ab")
    assert one == two
    assert (one / "src/app.py").is_file()


def test_a_copy_has_the_bytes_and_links_of_a_tree_and_no_more(shop: Path, tmp_path: Path) -> None:
    (shop / ".gitattributes").write_text("*.txt text eol=lf\n")
    (shop / "crlf.txt").write_bytes(b"a\r\nb\r\n")
    (shop / ".gitignore").write_text("*.log\n")
    (shop / "run.log").write_text("ignored by git, yet part of the tree\n")
    (shop / "link.py").symlink_to("src/app.py")
    (shop / "nowhere").symlink_to("none")
    (shop / "folder").symlink_to("src")
    (shop / "run.sh").write_text("exit\n")
    (shop / "run.sh").chmod(0o500)
    (shop / "env/lib").mkdir(parents=True)
    (shop / "env/pyvenv.cfg").write_text("")
    git(shop, "init", "--quiet", "nested")
    before = contents(shop)
    with trial_tree.copied(shop, shop / "work") as tree:
        copy = contents(tree.root)
        assert (tree.root / "folder").is_symlink()
        assert (tree.root / "nowhere").is_symlink()
        assert (tree.root / "run.sh").stat().st_mode & 0o777 == 0o755
        assert tree.uncommitted([*copy]) == []
        assert not (tree.root / "nested/.git").exists()
    assert copy == {path: before[path] for path in before if path != "env/pyvenv.cfg"}
    assert not list((shop / "work").iterdir())
    assert tree.root.parent.parent == shop / "work"


def test_a_file_that_cannot_be_copied(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: Path, dest: Path) -> None:
        raise PermissionError(13, "Permission denied", str(source))

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(TreeError) as caught, trial_tree.copied(shop, tmp_path / "work"):
        pass
    assert "cannot be copied (permission denied); correct that, and run again" in str(caught.value)
