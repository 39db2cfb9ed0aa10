"""Files of another name than the document has: followed where their content makes that clear."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher import engine
from patcher.operations import relocate as relocation
from patcher.operations.relocate import relocate
from patcher.tree.files import Tree
from tests.commands import contents, git, run
from tests.counts import FILES, RULES
from tests.rule_check import DOCUMENTED, PACKS

UTIS = "efficientdet/horovod_estimator/utis.py"
UTIL = "efficientdet/horovod_estimator/util.py"
# Files of which one rule only quotes code, or whose quotes are imports alone, or a folder's own.
UNCLEAR = [
    "efficientdet/efficientdet_arch.py",
    "efficientdet/utils.py",
    "efficientdet/horovod_estimator/__init__.py",
]
CLEAR = sorted({section.path for section in DOCUMENTED.sections} - {*UNCLEAR})


def said(path: str, now: str) -> str:
    return f"{path}: not found, using {now} instead\n"


def rename(tree: Path, path: str, now: str) -> None:
    """Rename a module, also where other files import it."""
    (tree / now).parent.mkdir(exist_ok=True)
    (tree / path).rename(tree / now)
    old, new = Path(path).stem, Path(now).stem
    for file in tree.rglob("*.py"):
        text = file.read_text("utf-8")
        for form in ("from {} import", "horovod_estimator.{} import", "from .{} import"):
            text = text.replace(form.format(old), form.format(new))
        file.write_text(text.replace(f"import {old}\n", f"import {new} as {old}\n"), "utf-8")


def moved(tree: Path, *packs: str) -> dict[str, str]:
    """Where files of packs are that are not at their paths."""
    return relocate([PACKS[pack] for pack in packs or ["documented"]], Tree("tree", tree))[1]


@pytest.mark.parametrize("options", [[], ["--partial"], ["--commit-per-rule"]], ids=" ".join)
def test_a_renamed_file_is_patched(options: list[str], authored: Path) -> None:
    rename(authored, UTIS, UTIL)
    git(authored, "add", "--all")
    git(authored, "commit", "--quiet", "--message", "rename")
    before = contents(authored)
    result = run("apply", authored, *options)
    assert (result.exit_code, result.stderr) == (0, said(UTIS, UTIL))
    assert result.stdout.endswith(f"{authored}: made {RULES} edits in {FILES} files\n")
    assert "hvd_init()" in (authored / UTIL).read_text("utf-8")
    status = run("status", authored)
    assert (status.exit_code, status.stderr) == (0, said(UTIS, UTIL))
    verified = json.loads(run("verify", authored, "--json").stdout)
    assert (verified["holds"], verified["checks"][0]["note"]) == (True, "42 of 42 edits")
    assert run("revert", authored, "--only", "utis-2").exit_code == 0
    assert run("revert", authored).exit_code == 0
    assert contents(authored) == before


@pytest.mark.parametrize("path", CLEAR)
def test_a_file_with_quotes_of_its_own_is_followed(path: str, miniature: Path) -> None:
    now = str(Path(path).with_name("renamed.py"))
    rename(miniature, path, now)
    assert moved(miniature) == {path: now}


@pytest.mark.parametrize("path", CLEAR)
def test_a_renamed_file_is_followed_to_another_folder(path: str, miniature: Path) -> None:
    rename(miniature, path, "library/renamed.py")
    assert moved(miniature) == {path: "library/renamed.py"}


@pytest.mark.parametrize("path", CLEAR)
def test_a_file_that_is_gone_is_no_other(path: str, upstream: Path) -> None:
    (upstream / path).unlink()
    assert moved(upstream) == {}


@pytest.mark.parametrize("path", UNCLEAR)
def test_what_could_be_any_file_is_not_followed(path: str, miniature: Path) -> None:
    rename(miniature, path, str(Path(path).with_name("renamed.py")))
    assert moved(miniature) == {}
    result = run("apply", miniature, "--partial", "--no-verify")
    lost = [section for section in DOCUMENTED.sections if section.path == path]
    for section in lost:
        for rule in section.rules:
            assert f"{path}: {section.id_of(rule)} is absent" in result.stderr


def test_an_arch_that_is_gone_is_not_the_other_arch(upstream: Path) -> None:
    """The function that the rule is about is in both, word for word."""
    (upstream / "efficientdet/efficientdet_arch.py").unlink()
    before = (upstream / "efficientdet/retinanet_arch.py").read_bytes()
    result = run("apply", upstream, "--partial")
    assert "efficientdet_arch-1 is absent" in result.stderr
    assert (upstream / "efficientdet/retinanet_arch.py").read_bytes() == before


@pytest.mark.parametrize("path", [UTIS, "efficientdet/main.py", "efficientdet/dataloader.py"])
def test_of_two_files_none_is_taken(path: str, miniature: Path) -> None:
    folder = Path(path).parent
    rename(miniature, path, str(folder / "one.py"))
    shutil.copy(miniature / folder / "one.py", miniature / folder / "two.py")
    assert moved(miniature) == {}


@pytest.mark.parametrize("path", [UTIS, "efficientdet/main.py", "efficientdet/dataloader.py"])
def test_a_file_of_the_same_folder_goes_first(path: str, miniature: Path) -> None:
    now = str(Path(path).with_name("renamed.py"))
    rename(miniature, path, now)
    (miniature / "attic").mkdir()
    shutil.copy(miniature / now, miniature / "attic" / "copy.py")
    assert moved(miniature) == {path: now}


@pytest.mark.parametrize("folder", ["build", "env/lib/site-packages", ".hidden"])
def test_a_copy_is_not_taken(folder: str, miniature: Path) -> None:
    (miniature / folder).mkdir(parents=True)
    (miniature / UTIS).rename(miniature / folder / "util.py")
    assert moved(miniature) == {}


def _link(file: Path) -> None:
    file.rename(file.with_suffix(".txt"))
    file.symlink_to(file.with_suffix(".txt"))


def _break(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"def\n")


def _leave_little(file: Path) -> None:
    """Two of the five places that rules quote."""
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("def hvd_try_init")], "utf-8")


def _rename_data(file: Path) -> None:
    file.rename(file.with_suffix(".pyx"))


@pytest.mark.parametrize("spoil", [_link, _break, _leave_little, _rename_data])
def test_another_file_is_not_taken(spoil: Callable[[Path], None], miniature: Path) -> None:
    rename(miniature, UTIS, UTIL)
    assert moved(miniature) == {UTIS: UTIL}
    spoil(miniature / UTIL)
    assert moved(miniature) == {}
    result = run("apply", miniature, "--partial", "--no-verify")
    named = [f"{UTIS}: utis-{item} is absent" in result.stderr for item in range(1, 6)]
    assert all(named), result.stderr


def test_two_files_that_are_one_now_are_not_followed(miniature: Path) -> None:
    paths = ["efficientdet/dataloader.py", "efficientdet/normalization_v2.py"]
    texts = [(miniature / path).read_text("utf-8") for path in paths]
    for path in paths:
        (miniature / path).unlink()
    (miniature / "efficientdet/all.py").write_text("\n\n".join(texts), "utf-8")
    assert moved(miniature) == {}


@pytest.mark.parametrize("path", ["efficientdet/main.py", "efficientdet/utils.py"])
def test_a_file_that_another_section_has_is_not_taken(path: str, miniature: Path) -> None:
    (miniature / UTIS).rename(miniature / path)
    assert UTIS not in moved(miniature)


def test_the_rules_of_all_packs_count_together(miniature: Path) -> None:
    now = "efficientdet/renamed.py"
    (miniature / "efficientdet/efficientdet_arch.py").rename(miniature / now)
    assert moved(miniature, "supplement") == {}
    found = moved(miniature, "documented", "supplement")
    assert found == {"efficientdet/efficientdet_arch.py": now}
    packs = [part for pack in ("documented", "supplement") for part in ("--pack", pack)]
    assert run("apply", miniature, *packs, "--no-verify").exit_code == 0
    status = json.loads(run("status", miniature, "--json").stdout)
    states = {rule["state"] for rule in status["rules"] if rule["file"] == now}
    assert states == {"applied"}


def test_no_other_file_is_looked_at_where_none_is_missing(
    miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it looks for files")

    monkeypatch.setattr(relocation, "_places", fail)
    assert moved(miniature) == {}


def test_files_unlike_the_missing_one_are_not_parsed(
    miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        (miniature / f"efficientdet/module_{number}.py").write_text(f"VALUE = {number}\n")
    (miniature / UTIS).unlink()
    parsed = []
    plan = engine.plan

    def counted(*given: object) -> object:
        parsed.append(given)
        return plan(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "plan", counted)
    assert moved(miniature) == {}
    assert len(parsed) < 5
