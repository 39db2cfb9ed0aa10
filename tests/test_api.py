"""`import patcher`: the commands as functions, loaded when they are asked for."""

import gc
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import patcher
from tests.commands import contents, git, process, run
from tests.rule_check import DOCUMENTED

IDS = [id_ for id_, _, _ in DOCUMENTED.entries()]


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, patcher\n"
        "print(sorted(name for name in sys.modules if name.startswith('patcher')))\n"
        "assert set(patcher.__all__) <= {*dir(patcher), *sum(patcher._PLACES.values(), [])}\n"
        "patcher.load_pack('documented')\n"
        "print('libcst' in sys.modules)\n"
    )
    done = process(sys.executable, "-c", code)
    assert done.stdout == "['patcher', 'patcher.resources']\nFalse\n", done.stderr


def test_every_name_is_there() -> None:
    for name in patcher.__all__:
        assert getattr(patcher, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = patcher.nothing


def test_plan_apply_verify_and_revert_do_what_the_commands_do(
    miniature: Path, tmp_path: Path
) -> None:
    before = contents(miniature)
    found = patcher.plan(miniature)
    assert [outcome.id for outcome in found.outcomes] == IDS
    assert contents(miniature) == before
    assert patcher.apply(str(miniature), [patcher.load_pack("documented")]) == found
    after = contents(miniature)
    assert {each.label for each in patcher.verify(miniature) if each.failures} == set()
    assert patcher.revert(miniature, only=["documented/utils-1"]) == ("efficientdet/utils.py",)
    patcher.revert(miniature)
    assert contents(miniature) == before
    run("apply", miniature)
    assert contents(miniature) == after


def test_rules_that_do_not_fit_raise_and_nothing_is_written(miniature: Path) -> None:
    (miniature / "efficientdet/utils.py").write_text("hvd = 1\n")
    before = contents(miniature)
    with pytest.raises(patcher.PatchError, match="utils-1") as caught:
        patcher.apply(miniature)
    assert caught.value.exit_code == run("apply", miniature).exit_code
    assert contents(miniature) == before
    assert patcher.apply(miniature, partial=True).unresolved


def test_a_hook_of_another_repository_does_not_mislead_it(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    file = repository / "efficientdet/utils.py"
    file.write_bytes(file.read_bytes() + b"# mine\n")
    with pytest.raises(patcher.PatchError, match=r"uncommitted changes in efficientdet/utils\.py"):
        patcher.apply(repository)


def test_the_garbage_collector_is_left_as_it_was(miniature: Path) -> None:
    gc.enable()
    patcher.plan(miniature)
    assert gc.isenabled()


def test_it_runs_as_a_module() -> None:
    done = process(sys.executable, "-m", "patcher", "rules", "main-3")
    assert done.stdout.startswith("main-3: ")


def test_packs_for_different_upstreams_are_refused(miniature: Path) -> None:
    assert DOCUMENTED.upstream
    elsewhere = replace(DOCUMENTED.upstream, repository="elsewhere")
    other = replace(DOCUMENTED, name="other", upstream=elsewhere)
    with pytest.raises(
        patcher.PatchError, match="documented and other are for different"
    ) as caught:
        patcher.apply(miniature, ["documented", other])
    assert caught.value.exit_code == 2
    assert patcher.plan(miniature, [replace(other, upstream=None)]).outcomes
