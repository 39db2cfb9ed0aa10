"""What a clone or an archive can bring: journals, locks and receipts that nobody here wrote."""

import base64
import json
import os
import shutil
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from patcher.resources import state_home
from patcher.tree import state
from patcher.tree.files import Tree
from tests import receipts, small
from tests.commands import git, run

STAGES = ("staging", "renaming", "finishing", "undoing")
VICTIMS = ["mine.txt", ".git/config", ".git/HEAD", "src/app.py", "sub/.git/config"]


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def everything(tree: Path) -> dict[str, bytes]:
    """Every file, those of git among them; git's index is written by any `git status`."""
    files = (f for f in tree.rglob("*") if f.is_file() and not f.is_symlink() and f.name != "index")
    return {str(file.relative_to(tree)): file.read_bytes() for file in files}


def places(tree: Path) -> list[Path]:
    """Where a clone, or an archive with its `.git`, can bring a folder of effpatch."""
    return [tree / ".effpatch", tree / "src/.effpatch", tree / ".git/effpatch"]


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def journal(victim: str, content: bytes) -> bytes:
    """A journal, as any version of effpatch wrote it, that is about a victim."""
    step = {"target": victim, "new": "evil", "old": victim, "before": digest(content)}
    return json.dumps({"files": [{**step, "after": ""}], "commits": None}).encode()


def receipt(victim: str, now: bytes, wanted: bytes = b"[core]\n\tfsmonitor = evil\n") -> Any:
    """A receipt that would have `revert` write to a victim, and delete another."""
    packed = base64.b64encode(zlib.compress(wanted)).decode()
    record = {"rules": ["small/app-1"], "before": digest(wanted), "after": digest(now)}
    return {
        "effpatch": "0.1.0",
        "packs": [{"name": "small", "sha256": "0" * 64}],
        "commit": None,
        "files": {victim: {**record, "original": packed}},
        "outcomes": [],
        "runtime": {victim: digest(now)},
        "left_out": [],
    }


@pytest.mark.parametrize("under_git", [True, False], ids=["a repository", "a plain folder"])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_journal_that_was_brought_along_is_not_followed(
    victim: str, stage: str, under_git: bool, pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=under_git)
    small.tree(tree / "sub", under_git=True)
    (tree / "mine.txt").write_text("mine")
    content = (tree / victim).read_bytes() if (tree / victim).exists() else b""
    for place in places(tree) if under_git else places(tree)[:2]:
        place.mkdir()
        (place / f"journal.{stage}").write_bytes(journal(victim, content))
    (tree / "evil").write_text("evil")
    before = everything(tree)
    for command in ("status", "diff", "apply", "revert"):
        result = run(command, tree, *pack, *(["--dry-run"] if command == "apply" else []))
        if under_git:  # an archive's `.git` stops what might have to be recovered, with a sentence
            assert (result.exit_code, result.stderr.count("\n")) == (4, 1), command
            assert f"journal.{stage}: not a journal that effpatch wrote here" in result.stderr
        else:
            assert result.exit_code == {"status": 1, "revert": 4}.get(command, 0)
        assert everything(tree) == before


@pytest.mark.parametrize("where", [".effpatch.json", ".git/effpatch/receipt"])
@pytest.mark.parametrize("victim", [*VICTIMS, "../outside.txt"])
def test_a_receipt_that_was_brought_along_is_not_obeyed(
    victim: str, where: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    small.tree(tree / "sub", under_git=True)
    (tree / "mine.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("outside")
    place = tree / where
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(receipt(victim, (tree / victim).read_bytes())))
    before = everything(tree)
    result = run("status", tree, *pack)
    assert (result.exit_code, result.stdout[-14:]) == (1, "tree: 3 pending\n"[-14:])
    note = f"{place}: this receipt is not used, because it is not sealed with your key\n"
    assert result.stderr == note
    result = run("revert", tree)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert f"if you trust {place}, pass it with --receipt" in result.stderr
    result = run("revert", tree, "--receipt", place, *pack)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert everything(tree) == before
    assert (tmp_path / "outside.txt").read_text() == "outside"


def test_a_receipt_that_says_all_is_applied_is_not_believed(miniature: Path) -> None:
    """One of a patched tree, next to an untouched one."""
    patched = shutil.copytree(miniature, miniature.with_name("patched"))
    assert run("apply", patched).exit_code == 0
    (miniature / ".effpatch.json").write_text(receipts.text(patched))
    result = run("status", miniature)
    assert result.exit_code == 1
    assert "applied" not in result.stdout


def test_a_receipt_of_another_machine_is_obeyed_once_an_option_says_so(
    pack: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    before = everything(tree)
    assert run("apply", tree, *pack, "--with-runtime").exit_code == 0
    kept = receipts.place(tree)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    assert "not used" in run("status", tree, *pack).stderr
    assert run("revert", tree).exit_code == 4
    wrong = run("revert", tree, "--receipt", kept)
    assert (wrong.exit_code, "an upstream tree" in wrong.stderr) == (4, True), "of another pack"
    done = run("revert", tree, "--receipt", kept, *pack)
    assert (done.exit_code, done.stdout) == (
        0,
        f"{tree}: restored, 5 files written\n",
    )
    assert {p: c for p, c in everything(tree).items() if "effpatch" not in p} == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"original": b"A = 1\nB = 1\nimport evil\n"}, "do not make the file", id="b"),
        pytest.param({"rules": ["small/app-2"]}, "do not make the file", id="another rule"),
        pytest.param({"rules": []}, "do not make the file", id="no rule"),
        pytest.param({"after": "0" * 64}, "edited since it was patched", id="another file"),
    ],
)
def test_a_receipt_of_another_machine_is_checked_against_the_rules(
    change: dict[str, Any], why: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    assert run("apply", tree, *pack, "--only", "small/app-1").exit_code == 0
    values, file = receipts.values(tree), tmp_path / "receipt.json"
    record = values["files"]["src/app.py"]
    if "original" in change:
        packed = base64.b64encode(zlib.compress(change["original"])).decode()
        change = {"original": packed, "before": digest(change["original"])}
    record.update(change)
    file.write_text(json.dumps(values))
    refused = run("revert", tree, "--receipt", file, *pack)
    assert "has a receipt that effpatch wrote here for you" in refused.stderr
    receipts.place(tree).unlink()
    before = everything(tree)
    result = run("revert", tree, "--receipt", file, *pack)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert why in result.stderr
    assert everything(tree) == before


def test_a_seal_is_of_one_user_and_one_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = state.sealed(b"content", "receipt")
    assert state.unsealed(sealed, "receipt") == b"content"
    assert state.unsealed(sealed, "journal") is None
    assert state.unsealed(sealed + b" ", "receipt") is None
    assert state.unsealed(b"content", "receipt") is None
    assert state.without_seal(sealed) == b"content"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state.unsealed(sealed, "receipt") is None, "no key is made to look at one"
    assert not state_home().exists()
    state.sealed(b"", "receipt")
    assert state.unsealed(sealed, "receipt") is None
    assert (state_home() / "key").stat().st_mode & 0o777 == 0o600


def _readable(key: Path) -> None:
    key.chmod(0o644)


def _short(key: Path) -> None:
    key.write_bytes(b"short")


def _link(key: Path) -> None:
    key.rename(key.with_name("other"))
    key.symlink_to("other")


def _foreign(key: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(key, 65534, 65534)


@pytest.mark.parametrize("spoil", [_readable, _short, _link, _foreign])
def test_a_key_that_others_may_know_is_not_used(
    spoil: Callable[[Path], None], pack: tuple[str, ...], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    tree = small.tree(tmp_path / "tree")
    assert run("apply", tree, *pack).exit_code == 0
    spoil(tmp_path / "state/effpatch/key")
    before = everything(tree)
    result = run("revert", tree)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(f"{tmp_path}/state/effpatch/key: ")
    assert everything(tree) == before


def test_without_a_place_for_state_nothing_is_written(
    pack: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    for tree in (small.tree(tmp_path / "plain"), small.tree(tmp_path / "git", under_git=True)):
        before = everything(tree)
        assert run("status", tree, *pack).exit_code == 1
        result = run("apply", tree, *pack)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
        assert everything(tree) == before


@pytest.mark.parametrize("kind", ["repository", "worktree", "submodule", "subfolder", "plain"])
def test_nothing_is_left_in_the_tree(kind: str, pack: tuple[str, ...], tmp_path: Path) -> None:
    """State goes where git has its own of this tree, else into the user's folder."""
    tree, main = tmp_path / "tree", tmp_path / "main"
    if kind == "worktree":
        git(small.tree(main, under_git=True), "worktree", "add", "--quiet", str(tree))
    elif kind == "submodule":
        git(small.tree(main, under_git=True), "init", "--quiet", str(tmp_path / "outer"))
        more = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(main), "in")
        git(tmp_path / "outer", *more)
        tree = tmp_path / "outer/in"
    elif kind == "subfolder":
        small.tree(main / "deep/tree")
        small.commit(main)
        tree = main / "deep/tree"
    else:
        small.tree(tree, under_git=kind == "repository")
    assert run("apply", tree, *pack).exit_code == 0
    folder = state.folder_of(Tree("tree", tree.resolve()))
    assert os.listdir(folder) == [receipts.place(tree).name]
    assert folder.stat().st_mode & 0o777 == 0o700
    if kind == "plain":
        assert folder.is_relative_to(state_home())
    else:
        path = git(tree, "rev-parse", "--path-format=absolute", "--git-path", "effpatch").strip()
        assert str(folder).startswith(path)
        assert "effpatch" not in git(tree, "status", "--porcelain", "--ignored")
    assert not [file for file in tree.rglob("*effpatch*") if ".git" not in file.parts]
    assert run("status", tree, *pack).exit_code == 0
    assert run("revert", tree).exit_code == 0
    assert not folder.exists()


@pytest.mark.parametrize(
    "path",
    ["src/.git/config.py", "src/.GIT/a.py", "src/git~1/a.py", ".git/hooks/pre.py", "../a.py"],
)
def test_no_pack_can_name_what_is_git_s_own(path: str, tmp_path: Path) -> None:
    options = small.pack(tmp_path / "pack")
    file = tmp_path / "pack/app.toml"
    file.write_text(file.read_text().replace("src/app.py", path))
    result = run("apply", small.tree(tmp_path / "tree", under_git=True), *options)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "expected a path below the checkout's root" in result.stderr


@pytest.mark.parametrize("package", ["../.git/hooks", ".git", "a/../../b", "/tmp/x", ".GIT"])
def test_no_runtime_can_be_put_into_what_is_git_s_own(package: str, tmp_path: Path) -> None:
    options = small.pack(tmp_path / "pack")
    file = tmp_path / "pack/pack.toml"
    file.write_text(file.read_text().replace('"TensorFlow"', json.dumps(package)))
    tree = small.tree(tmp_path / "tree", under_git=True)
    before = everything(tree)
    result = run("apply", tree, *options, "--with-runtime")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert everything(tree) == before


@pytest.mark.parametrize("name", [".git", ".GIT", "git~1", ".git."])
def test_no_module_of_a_runtime_can_be_put_there_either(name: str, tmp_path: Path) -> None:
    options = small.pack(tmp_path / "pack")
    (tmp_path / "pack/habana_common/TensorFlow" / name).mkdir(parents=True)
    (tmp_path / "pack/habana_common/TensorFlow" / name / "hooks.py").write_text("evil = 1\n")
    tree = small.tree(tmp_path / "tree", under_git=True)
    before = everything(tree)
    result = run("apply", tree, *options, "--with-runtime")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "expected a path that is not git's own" in result.stderr
    assert everything(tree) == before


@pytest.mark.parametrize("target", ["../.git/config", "../sub/.git/config", "../../outside.py"])
def test_a_link_into_what_is_git_s_own_is_not_followed(
    target: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    small.tree(tree / "sub", under_git=True)
    (tmp_path / "outside.py").write_text("A = 1\nB = 1\n")
    (tree / "src/app.py").unlink()
    (tree / "src/app.py").symlink_to(target)
    (tree / "src" / target).resolve().write_text("A = 1\nB = 1\n")
    result = run("apply", tree, *pack, "--allow-dirty")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert (tree / "src" / target).read_text() == "A = 1\nB = 1\n"


@pytest.mark.parametrize("kind", ["link", "folder of links", "folder"])
def test_what_is_only_called_like_compiled_modules_stays(
    kind: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    """A clone can bring it next to the runtime, of which `revert` removes what Python compiled."""
    tree = small.tree(tmp_path / "tree", under_git=True)
    (tree / "mine").mkdir()
    (tree / "mine/tb_utils.x.pyc").write_text("mine")
    assert run("apply", tree, *pack, "--with-runtime").exit_code == 0
    cache = tree / "src/TensorFlow/common/__pycache__"
    if kind == "folder of links":
        cache.symlink_to(tree / "mine")
    else:
        cache.mkdir()
        (cache / "tb_utils.cpython-311.pyc").write_text("compiled")
        place = cache / "tb_utils.x.pyc"
        place.mkdir() if kind == "folder" else place.symlink_to(tree / "mine/tb_utils.x.pyc")
    assert run("revert", tree).exit_code == 0
    assert (tree / "mine/tb_utils.x.pyc").read_text() == "mine"
    assert not (cache / "tb_utils.cpython-311.pyc").exists()


def test_a_receipt_of_another_user_is_kept(
    pack: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be all that has the bytes from before."""
    tree = small.tree(tmp_path / "tree", under_git=True)
    (tree / "src/app.py").write_text("# mine\nA = 1\nB = 1\n")
    first = (*pack, "--allow-dirty", "--only", "small/app-1")
    assert run("apply", tree, *first).exit_code == 0
    theirs = receipts.place(tree).read_bytes()
    with monkeypatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
        assert run("apply", tree, *pack, "--allow-dirty").exit_code == 0
        assert run("revert", tree).exit_code == 0
    (kept,) = receipts.place(tree).parent.glob("receipt.*")
    assert kept.read_bytes() == theirs
    assert run("revert", tree, "--receipt", kept, *pack).exit_code == 0
    assert (tree / "src/app.py").read_text() == "# mine\nA = 1\nB = 1\n"


def _endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [_endless, os.mkfifo], ids=["zeros", "a pipe"])
@pytest.mark.parametrize("name", ["gitdir", "config"])
def test_what_a_git_file_leads_to_is_read_up_to_a_limit(
    name: str, make: Callable[[Path], None], pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree")
    for folder in ("objects", "refs"):
        (tree / "evil" / folder).mkdir(parents=True)
    (tree / "evil/HEAD").write_text("ref: refs/heads/main\n")
    make(tree / "evil" / name)
    (tree / ".git").write_text("gitdir: evil\n")
    assert run("status", tree, *pack).exit_code == 1


def test_a_folder_for_state_that_leads_nowhere_is_a_sentence(
    pack: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "effpatch").symlink_to(tmp_path / "nowhere")
    tree = small.tree(tmp_path / "tree")
    result = run("apply", tree, *pack)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert "cannot be written (no such file or directory)" in result.stderr


def test_without_a_home_trees_can_be_looked_at(
    pack: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a user without one
    for tree in (small.tree(tmp_path / "plain"), small.tree(tmp_path / "git", under_git=True)):
        assert run("status", tree, *pack).exit_code == 1
        result = run("apply", tree, *pack)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)


@pytest.mark.parametrize("name", ["journal.new", "index", "message"])
def test_what_cannot_be_removed_stops_only_what_writes(
    name: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    (tree / ".git/effpatch" / name / "more").mkdir(parents=True)
    assert run("status", tree, *pack).exit_code == 1
    result = run("apply", tree, *pack)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr.startswith(f"{tree}/.git/effpatch: holds what cannot be removed (is a")


@pytest.mark.parametrize("path", ["README.md", "src/TensorFlow/common/tb_utils.py"])
def test_a_receipt_of_another_machine_removes_no_file_but_the_runtime_s(
    path: str, pack: tuple[str, ...], tmp_path: Path
) -> None:
    """Neither one that is none of it, nor one of it that was edited."""
    tree = small.tree(tmp_path / "tree", under_git=True)
    assert run("apply", tree, *pack, "--with-runtime").exit_code == 0
    assert run("revert", tree, "--only", "small/app-1", *pack).exit_code == 0
    (tree / path).write_text("mine")
    values, file = receipts.values(tree), tmp_path / "receipt.json"
    file.write_text(json.dumps({**values, "files": {}, "runtime": {path: digest(b"mine")}}))
    receipts.place(tree).unlink()
    result = run("revert", tree, "--receipt", file, *pack)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    wanted = "names README.md" if path == "README.md" else "edited since it was added"
    assert wanted in result.stderr
    assert (tree / path).read_text() == "mine"


def test_what_is_no_receipt_is_not_to_be_deleted(pack: tuple[str, ...], tmp_path: Path) -> None:
    tree, file = small.tree(tmp_path / "tree"), tmp_path / "notes.json"
    file.write_text("{}")
    result = run("revert", tree, "--receipt", file, *pack)
    assert (result.exit_code, result.stderr) == (
        4,
        f"{file}: not a receipt of effpatch (it lacks 'effpatch'), "
        "expected the one that `apply` wrote; name a receipt of effpatch\n",
    )
