import ast
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from git import RemoteProgress

from patcher.errors import GitError, PatchError, TreeError
from patcher.model import Pin
from patcher.tree.fetch import fetch
from tests.commands import contents, git, run
from tests.counts import EVERY_FILE, EVERY_RULE, RULES
from tests.rule_check import PACKS, PIN, SIGNATURES

DIFF = "0092f19c4fc9e96d0e687bd46ab90eeb21ff18cfbf7a378cc29498c2713c778a"


def test_the_pin_names_the_files_that_rules_touch() -> None:
    assert set(PIN.sha256) == EVERY_FILE
    assert all(len(digest) == 64 for digest in PIN.sha256.values())
    assert len(PIN.commit) == 40


@pytest.fixture
def origin(miniature: Path) -> Pin:
    """The pin of a small repository that answers as the upstream's host does."""
    (miniature / "picture.png").write_bytes(b"png")
    git(miniature, "init", "--quiet")
    git(miniature, "add", ".")
    git(miniature, "commit", "--quiet", "--message", "the miniature")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(miniature, "config", name, "true")
    commit = git(miniature, "rev-parse", "HEAD").strip()
    address = f"file://{miniature}"
    return Pin("miniature", address, commit, root="efficientdet", omit=("*.png",))


def test_fetches_one_sparse_commit(origin: Pin, tmp_path: Path) -> None:
    dest = tmp_path / "deep" / "automl"
    assert fetch(dest, origin).fresh
    assert git(dest, "rev-parse", "HEAD").strip() == origin.commit
    assert git(dest, "status", "--porcelain") == ""
    assert git(dest, "config", "remote.origin.partialclonefilter").strip() == "blob:none"
    assert (dest / ".git" / "shallow").exists()
    assert (dest / "efficientdet" / "main.py").exists()
    assert not (dest / "picture.png").exists()
    assert [child.name for child in dest.parent.iterdir()] == ["automl"]


def test_a_good_checkout_is_left_alone(origin: Pin, tmp_path: Path) -> None:
    dest = tmp_path / "automl"
    fetch(dest, origin)
    before = dest.stat().st_mtime_ns
    done = fetch(dest, replace(origin, repository="file:///nowhere"))
    assert (done.fresh, done.moved, dest.stat().st_mtime_ns) == (False, (), before)


def test_an_empty_folder_is_filled(origin: Pin, tmp_path: Path) -> None:
    (tmp_path / "automl").mkdir()
    assert fetch(tmp_path / "automl", origin).moved == ()


def test_what_stands_in_the_way_is_said_and_set_aside(origin: Pin, tmp_path: Path) -> None:
    dest = tmp_path / "automl"
    dest.mkdir()
    (dest / "mine.txt").write_text("work")
    with pytest.raises(TreeError, match=r"not a checkout, .*--force"):
        fetch(dest, origin)
    done = fetch(dest, origin, force=True)
    assert done.moved == ((tmp_path / "automl", tmp_path / "automl.1"),)
    assert (tmp_path / "automl.1" / "mine.txt").read_text() == "work"
    assert (dest / "efficientdet" / "main.py").exists()


def test_a_half_made_checkout_is_said_and_mended(origin: Pin, tmp_path: Path) -> None:
    dest = tmp_path / "automl"
    git(tmp_path, "init", "--quiet", str(dest))
    with pytest.raises(TreeError, match="a checkout without a commit"):
        fetch(dest, origin)
    assert fetch(dest, origin, force=True).fresh


def test_an_interrupted_fetch_is_said_and_started_anew(origin: Pin, tmp_path: Path) -> None:
    part = tmp_path / ".automl.part"
    part.mkdir()
    with pytest.raises(TreeError, match="interrupted"):
        fetch(tmp_path / "automl", origin)
    assert part.exists()
    assert fetch(tmp_path / "automl", origin, force=True).fresh
    assert not part.exists()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: place.write_text("years of work"), id="a file"),
        pytest.param(
            lambda place: place.mkdir() or (place / "thesis").write_text("years"), id="a folder"
        ),
        pytest.param(lambda place: place.symlink_to("elsewhere"), id="a link to a folder"),
        pytest.param(lambda place: place.symlink_to("nowhere"), id="a link to nowhere"),
    ],
)
@pytest.mark.parametrize("works", [True, False], ids=["fetched", "failed"])
def test_what_is_where_a_checkout_is_made_is_kept(
    works: bool, make: Callable[[Path], object], origin: Pin, tmp_path: Path
) -> None:
    """It may be the user's own; after a fetch that fails, it is where it was."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "thesis").write_text("years")
    part, aside = tmp_path / ".automl.part", tmp_path / ".automl.part.1"
    make(part)
    before, held = part.lstat(), contents(tmp_path / "elsewhere")
    words = ("fetch", tmp_path / "automl", "--commit", origin.commit, "--url")
    assert run(*words, origin.repository).exit_code == 4
    result = run(*words, origin.repository if works else "file:///nowhere", "--force")
    assert result.exit_code == (0 if works else 4)
    assert os.path.samestat(before, (aside if works else part).lstat())
    assert os.path.lexists(part if works else aside) is False
    assert contents(tmp_path / "elsewhere") == held
    assert (f"{part}: what was there is now {aside}\n" in result.stdout) == works


def test_all_that_is_in_the_way_is_set_aside_and_said(origin: Pin, tmp_path: Path) -> None:
    dest, part = tmp_path / "automl", tmp_path / ".automl.part"
    for folder in (dest, part):
        folder.mkdir()
        (folder / "mine").write_text(folder.name)
    (tmp_path / "automl.1").symlink_to("nowhere")
    result = run(*("fetch", dest, "--url", origin.repository, "--commit", origin.commit, "--force"))
    assert result.stdout.splitlines()[:2] == [
        f"{part}: what was there is now {part}.1",
        f"{dest}: what was there is now {dest}.2",
    ]
    assert (tmp_path / "automl.2" / "mine").read_text() == "automl"
    assert (tmp_path / ".automl.part.1" / "mine").read_text() == ".automl.part"
    assert os.readlink(tmp_path / "automl.1") == "nowhere"


def test_what_comes_to_where_a_checkout_is_made_is_not_removed(origin: Pin, tmp_path: Path) -> None:
    """Another fetch with --force set ours aside meanwhile, and made its own."""
    part = tmp_path / ".automl.part"

    class Other(RemoteProgress):  # type: ignore[misc, unused-ignore]
        def update(self, *arguments: object) -> None:
            if not (tmp_path / "ours").exists():
                part.rename(tmp_path / "ours")
                part.mkdir()
                (part / "theirs").touch()

    with pytest.raises(PatchError):
        fetch(tmp_path / "automl", origin, progress=Other())
    assert [each.name for each in part.iterdir()] == ["theirs"]


def test_a_hook_of_another_repository_changes_nothing(
    origin: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / ".git" / "index"))
    assert fetch(tmp_path / "automl", origin).fresh
    assert fetch(tmp_path / "automl", origin).fresh is False
    assert not (tmp_path / "other" / ".git" / "index").exists()


def test_settings_of_a_checkout_go_into_it(
    origin: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG", str(tmp_path / "settings"))
    assert fetch(tmp_path / "automl", origin).fresh
    assert "autocrlf = false" in (tmp_path / "automl" / ".git" / "config").read_text()
    assert not (tmp_path / "settings").exists()


def test_a_failed_fetch_leaves_nothing(origin: Pin, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="nowhere"):
        fetch(tmp_path / "automl", replace(origin, repository=f"file://{tmp_path}/nowhere"))
    with pytest.raises(GitError):
        fetch(tmp_path / "automl", replace(origin, commit="0" * 40))
    assert not (tmp_path / "automl").exists()
    assert not (tmp_path / ".automl.part").exists()


def test_the_folder_that_one_stands_in_can_be_filled(
    origin: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    result = run("fetch", ".", "--url", origin.repository, "--commit", origin.commit.upper())
    assert (result.exit_code, result.stderr) == (0, "")
    assert (here / "efficientdet" / "main.py").exists()


def test_the_root_of_all_is_refused() -> None:
    result = run("fetch", "/")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: place.write_text("mine"), id="a file"),
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(lambda place: place.symlink_to("nowhere"), id="a link to nowhere"),
    ],
)
def test_what_is_no_folder_is_never_set_aside(
    make: Callable[[Path], object], origin: Pin, tmp_path: Path
) -> None:
    dest = tmp_path / "automl"
    make(dest)
    before = dest.lstat()
    with pytest.raises(TreeError, match="not a folder"):
        fetch(dest, origin, force=True)
    assert os.path.samestat(dest.lstat(), before)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["automl", "miniature"]


def test_a_failed_fetch_leaves_no_folders_that_it_made(origin: Pin, tmp_path: Path) -> None:
    with pytest.raises(GitError):
        fetch(
            tmp_path / "a" / "b" / "automl", replace(origin, repository=str(tmp_path / "nothing"))
        )
    assert not (tmp_path / "a").exists()


def test_a_checkout_that_lost_any_file_is_not_good(origin: Pin, tmp_path: Path) -> None:
    fetch(tmp_path / "automl", origin)
    (tmp_path / "automl" / "README.md").unlink()
    with pytest.raises(TreeError, match=r"edited in README.md"):
        fetch(tmp_path / "automl", origin)


def test_wrong_content_is_refused(origin: Pin, tmp_path: Path) -> None:
    pin = replace(origin, sha256={"efficientdet/main.py": "0" * 64})
    with pytest.raises(TreeError, match=r"automl/efficientdet/main.py: SHA-256 is "):
        fetch(tmp_path / "automl", pin)
    assert not (tmp_path / "automl").exists()


def test_the_command_refuses_half_a_commit_id() -> None:
    result = run("fetch", "--commit", "a02038a")
    assert result.exit_code == 2
    assert "not a full commit id" in result.stderr


def test_the_pin_is_fetched_and_verified(pristine: Path) -> None:
    result = run("fetch", pristine)
    found = f"already there, {PIN.commit[:12]}, {len(EVERY_FILE)} files verified"
    assert result.stdout == f"{pristine}: {found}\n"


def test_a_damaged_pin_is_said_and_mended(upstream: Path) -> None:
    (upstream / "efficientdet" / "utils.py").unlink()
    result = run("fetch", upstream)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "a checkout that lacks efficientdet/utils.py" in result.stderr
    (upstream / "efficientdet" / "utils.py").write_text("edited")
    assert "patched or edited in efficientdet/utils.py" in run("fetch", upstream).stderr
    assert run("fetch", upstream, "--force").exit_code == 0
    assert run("fetch", upstream).exit_code == 0


def test_the_whole_job_on_the_pin(upstream: Path, pristine: Path, tmp_path: Path) -> None:
    shown = run("diff", upstream).stdout
    assert run("apply", upstream).exit_code == 0
    status = json.loads(run("status", upstream, "--json").stdout)
    assert (status["summary"]["applied"], status["pinned"]) == (RULES, True)
    assert shown == git(upstream, "diff", "--no-color")
    changed = git(upstream, "status", "--porcelain", "--untracked-files=all").splitlines()
    paths = sorted(section.path for section in PACKS["documented"].sections)
    assert changed == [f" M {path}" for path in paths]
    patched = contents(upstream)
    assert run("apply", upstream).exit_code == 0
    assert contents(upstream) == patched
    other = shutil.copytree(pristine, tmp_path / "other", symlinks=True)
    subprocess.run(["patch", "-s", "-p1", "-d", str(other)], input=shown.encode(), check=True)
    assert contents(other) == patched


def test_every_pack_fits_the_pin(upstream: Path, pristine: Path) -> None:
    every = [part for pack in PACKS for part in ("--pack", pack)]
    done = json.loads(run("apply", upstream, *every, "--json").stdout)
    assert (set(done["written"]), done["summary"]["applied"]) == (EVERY_FILE, EVERY_RULE)
    assert f"{EVERY_RULE} applied" in run("status", upstream, *every).stdout
    assert run("revert", upstream).exit_code == 0
    assert contents(upstream) == contents(pristine)


def test_the_patched_pin_is_the_one_that_was_read(upstream: Path) -> None:
    """Its diff was read line by line against the document; no other one was."""
    shown = run("diff", upstream).stdout.encode()
    assert hashlib.sha256(shown).hexdigest() == DIFF


def signatures(file: Path) -> dict[str, list[str]]:
    """The parameters of a file's functions and, without `self`, of what makes its classes."""
    found = {}
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            found[f"{file.stem}.{node.name}"] = [each.arg for each in node.args.args]
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
                    found[node.name] = [each.arg for each in inner.args.args[1:]]
    return found


def test_parameters_are_in_the_order_of_the_pin(pristine: Path) -> None:
    folder = pristine / "efficientdet"
    found = signatures(folder / "utils.py") | signatures(folder / "horovod_estimator/hooks.py")
    known = ["BroadcastGlobalVariablesHook", "LoggingTensorHook", "utils.scalar"]
    assert sorted(found.keys() & SIGNATURES.keys()) == known
    for name in known:
        assert found[name][: len(SIGNATURES[name])] == list(SIGNATURES[name])


def test_no_line_changes_without_need(upstream: Path) -> None:
    run("apply", upstream)
    added, removed = (
        sum(int(row.split()[column]) for row in git(upstream, "diff", "--numstat").splitlines())
        for column in (0, 1)
    )
    assert 0 < added < removed
    # Where blank lines moved or indents changed, these would differ.
    for option in ("--ignore-blank-lines", "--ignore-all-space"):
        rows = git(upstream, "diff", "--numstat", option).splitlines()
        assert sum(int(row.split()[0]) for row in rows) >= added - 2


def test_the_manners_of_the_pin_stay(upstream: Path) -> None:
    run("apply", upstream)
    folder = upstream / "efficientdet"
    comment = "      # 根据 GPU 数量做 shard 均分\n"
    assert f"    if horovod_enabled():\n{comment}" in (folder / "dataloader.py").read_text("utf-8")
    model = (folder / "det_model_fn.py").read_text("utf-8")
    assert "    if horovod_enabled():\n        optimizer = hvd." in model
    assert "  if horovod_enabled():\n    init_weights_hook = " in model
    branch = "    if horovod_enabled():\n        num_shards = hvd.size()\n    else:\n        num_"
    assert branch in (folder / "main.py").read_text("utf-8")
