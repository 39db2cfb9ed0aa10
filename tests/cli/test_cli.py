import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import INSTALLED, contents, git, process, run

Rewrite = Callable[[str, str, str], Path]
USE_TPU = "flags.DEFINE_bool('use_tpu', True, "


def test_applies_everything_once(miniature: Path) -> None:
    first = run("apply", miniature)
    assert (first.exit_code, first.output) == (0, f"{miniature}: made 42 edits in 9 files\n")
    patched = contents(miniature)
    second = run("apply", miniature)
    assert second.exit_code == 0
    assert "nothing to do, 42 edits there already" in second.output
    assert contents(miniature) == patched


def test_takes_the_package_folder_too(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(miniature / "efficientdet")
    assert "made 42 edits in 9 files" in run("apply", ".").output


def test_takes_a_link_to_the_tree(miniature: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(miniature)
    assert run("apply", link).exit_code == 0
    assert run("status", miniature).exit_code == 0


def test_dry_run_writes_nothing(miniature: Path) -> None:
    before = contents(miniature)
    result = run("apply", miniature, "--dry-run")
    assert "would make 42 edits in 9 files" in result.output
    assert contents(miniature) == before


def test_only_and_skip_choose_rules(miniature: Path) -> None:
    first = run("apply", miniature, "--only", "main-3", "--only", "main-4")
    assert "made 2 edits in 1 file\n" in first.output
    second = run("apply", miniature, "--skip", "main-5")
    assert "made 39 edits in 9 files (2 there already)" in second.output
    summary = json.loads(run("status", miniature, "--json").stdout)["summary"]
    assert (summary["applied"], summary["pending"]) == (41, 1)


def test_an_unknown_rule_is_a_usage_error(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "man-3")
    sentence = "man-3: no rule of that name in the packs chosen; did you mean main-3?\n"
    assert (result.exit_code, result.stderr) == (2, sentence)


def test_a_rule_that_does_not_fit_stops_the_run(miniature: Path, rewrite: Rewrite) -> None:
    file = rewrite("main.py", USE_TPU, "flags.DEFINE_integer('use_tpu', 1, ")
    line = file.read_text().split("'use_tpu'")[0].count("\n") + 1
    before = contents(miniature)
    result = run("apply", miniature)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"efficientdet/main.py:{line}: main-3 wants ")
    assert "flag 'use_tpu' with default True" in result.stderr
    assert contents(miniature) == before


def test_partial_applies_the_rest(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    result = run("apply", miniature, "--partial")
    assert result.exit_code == 3
    assert "made 41 edits in 9 files" in result.stdout
    assert "default is 1, expected True" in result.stderr
    states = json.loads(run("status", miniature, "--json").stdout)["summary"]
    assert (states["applied"], states["drifted"]) == (41, 1)


def test_status_exit_codes(miniature: Path, rewrite: Rewrite) -> None:
    assert run("status", miniature).exit_code == 1
    run("apply", miniature)
    assert run("status", miniature).exit_code == 0
    rewrite("main.py", "'use_tpu'", "'use_tpus'")
    assert run("status", miniature).exit_code == 3


def test_status_of_several_trees(miniature: Path, tmp_path: Path) -> None:
    other = shutil.copytree(miniature, tmp_path / "other")
    run("apply", other)
    result = run("status", other, miniature, tmp_path / "nowhere")
    assert result.exit_code == 4
    assert "42 applied" in result.stdout
    assert "42 pending" in result.stdout
    assert "nowhere: no such folder" in result.stderr


def test_status_in_a_pipe_is_plain(miniature: Path) -> None:
    lines = run("status", miniature).stdout.splitlines()
    assert all(line == line.rstrip() and line.isascii() for line in lines)
    (row,) = (line for line in lines if line.split()[:1] == ["main-11"])
    assert row.split()[1] == "pending"
    assert row.endswith("count one shard where Horovod does not run")


def test_status_as_json(miniature: Path) -> None:
    status = json.loads(run("status", miniature, "--json").stdout)
    assert list(status) == ["effpatch", "root", "commit", "pinned", "packs", "rules", "summary"]
    assert (status["root"], status["commit"], status["pinned"]) == (str(miniature), None, False)
    assert len(status["rules"]) == 42
    (rule,) = (rule for rule in status["rules"] if rule["id"] == "main-3")
    assert list(rule) == ["id", "file", "title", "state", "expected", "sites", "nearest"]
    (site,) = rule["sites"]
    assert (site["column"], site["state"], rule["nearest"]) == (1, "pending", None)
    text = (miniature / rule["file"]).read_text().splitlines()[site["line"] - 1]
    assert text.startswith("flags.DEFINE_bool('use_tpu'")


def test_apply_as_json_tells_what_stands_afterwards(miniature: Path) -> None:
    status = json.loads(run("apply", miniature, "--json").stdout)
    assert status["summary"]["applied"] == 42
    assert len(status["written"]) == 9
    again = json.loads(run("apply", miniature, "--json").stdout)
    assert again["written"] == []


def test_machine_output_stands_alone_when_a_rule_drifts(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    result = run("apply", miniature, "--json")
    assert result.exit_code == 3
    (rule,) = (r for r in json.loads(result.stdout)["rules"] if r["state"] == "drifted")
    assert rule["nearest"]["text"].startswith("flags.DEFINE_bool('use_tpu', 1")


def test_diff_is_what_git_shows_afterwards(repository: Path) -> None:
    shown = run("diff", repository).stdout
    run("apply", repository)
    assert shown == git(repository, "diff", "--no-color")


def test_a_patch_made_of_the_diff_gives_the_same_tree(repository: Path, tmp_path: Path) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    patch = run("diff", repository).stdout.encode()
    subprocess.run(["git", "-C", str(other), "apply"], input=patch, check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


def test_diff_by_rule_adds_up(repository: Path, tmp_path: Path) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    series = run("diff", repository, "--by-rule").stdout
    assert series.count("\n# ") + 1 == 42
    for patch in ("\n" + series).split("\n# ")[1:]:
        command = ["git", "-C", str(other), "apply"]
        subprocess.run(command, input=f"{patch.partition(chr(10))[2]}\n".encode(), check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


def test_diff_in_other_forms(miniature: Path) -> None:
    stat = run("diff", miniature, "--stat").stdout.splitlines()
    assert stat[0].split() == ["file", "added", "removed"]
    assert stat[-1].startswith("9 files, ")
    assert (
        json.loads(run("diff", miniature, "--json").stdout)["diff"]
        == run("diff", miniature).stdout.rstrip("\n") + "\n"
    )


def test_diff_exit_code(miniature: Path) -> None:
    assert run("diff", miniature).exit_code == 0
    assert run("diff", miniature, "--exit-code").exit_code == 1
    run("apply", miniature)
    result = run("diff", miniature, "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "")


def test_uncommitted_work_is_not_touched(repository: Path) -> None:
    file = repository / "efficientdet" / "utils.py"
    file.write_text(file.read_text() + "# mine\n")
    before = contents(repository)
    result = run("apply", repository)
    assert result.exit_code == 4
    assert "uncommitted changes in efficientdet/utils.py" in result.stderr
    assert contents(repository) == before
    assert run("apply", repository, "--allow-dirty").exit_code == 0
    assert file.read_text().endswith("# mine\n")


def test_staged_work_is_not_touched(repository: Path) -> None:
    file = repository / "efficientdet" / "main.py"
    file.write_text(file.read_text() + "# mine\n")
    git(repository, "add", ".")
    assert run("apply", repository).exit_code == 4


def test_work_elsewhere_does_not_matter(repository: Path) -> None:
    (repository / "README.md").write_text("mine")
    (repository / "new.py").write_text("mine")
    assert run("apply", repository).exit_code == 0


def test_a_patched_tree_counts_as_done_though_dirty(repository: Path) -> None:
    run("apply", repository)
    assert run("apply", repository).exit_code == 0


def test_rules_lists_them_all() -> None:
    lines = run("rules").stdout.splitlines()
    assert len([line for line in lines if line.startswith("  ")]) == 42
    assert lines[-1] == "documented: 42 rules"


def test_a_rule_shows_all_that_is_known_of_it() -> None:
    text = run("rules", "main-2").stdout
    for part in (
        "efficientdet/main.py",
        "main.py, item 2 (added)",
        "For HPU support.",
        "The document names no place",
        "    library_loader.load_habana_module()",
    ):
        assert part in text


def test_demo_shows_diff_and_states() -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert "+from TensorFlow.common import library_loader" in result.stdout
    assert "42 applied" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["apply", "nowhere"], "nowhere: no such folder", id="no folder"),
        pytest.param(["diff", "plain"], "plain: not an upstream tree", id="no upstream"),
        pytest.param(["status", "file"], "file: no such folder", id="a file"),
    ],
)
def test_a_wrong_folder(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plain").mkdir()
    Path("file").write_text("")
    result = run(*arguments)
    assert result.exit_code == 4
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def _break_syntax(file: Path) -> None:
    file.write_text("import os\nif os\n    pass\n")


def _make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _link_out(file: Path) -> None:
    outside = file.parents[2] / "outside.py"
    file.rename(outside)
    file.symlink_to(outside)


def _link_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("gone.py")


def _link_in_a_circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _make_read_only(file: Path) -> None:
    file.chmod(0o444)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        pytest.param(_break_syntax, "efficientdet/utils.py:2: not valid Python", id="syntax"),
        pytest.param(_make_folder, "efficientdet/utils.py: cannot be read", id="a folder"),
        pytest.param(_link_out, "efficientdet/utils.py: leads out of the tree", id="link out"),
        pytest.param(_link_nowhere, "efficientdet/utils.py: cannot be read", id="dangling"),
        pytest.param(_link_in_a_circle, "efficientdet/utils.py: cannot be read", id="circle"),
        pytest.param(_make_read_only, "efficientdet/utils.py: cannot be written", id="read-only"),
    ],
)
def test_a_tree_that_cannot_be_patched(
    damage: Callable[[Path], None], sentence: str, miniature: Path
) -> None:
    damage(miniature / "efficientdet" / "utils.py")
    before = contents(miniature)
    result = run("apply", miniature)
    assert result.exit_code == 4
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
    assert contents(miniature) == before


def test_a_link_inside_the_tree_stays_one(miniature: Path) -> None:
    file = miniature / "efficientdet" / "utils.py"
    real = file.rename(file.with_name("real_utils.py"))
    file.symlink_to(real.name)
    assert run("apply", miniature).exit_code == 0
    assert file.is_symlink()
    assert "horovod_enabled" in real.read_text()


def test_modes_stay(miniature: Path) -> None:
    file = miniature / "efficientdet" / "main.py"
    file.chmod(0o755)
    run("apply", miniature)
    assert file.stat().st_mode & 0o777 == 0o755


def test_the_installed_command(miniature: Path, tmp_path: Path) -> None:
    done = process(INSTALLED, "apply", miniature, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{miniature}: made 42 edits in 9 files\n"
    assert process(INSTALLED, "status", miniature, cwd=tmp_path).returncode == 0


def test_the_installed_command_without_git(miniature: Path, tmp_path: Path) -> None:
    """A plain folder needs no git; a checkout says that it does."""
    env = {**os.environ, "PATH": str(tmp_path)}
    assert process(INSTALLED, "apply", miniature, env=env).returncode == 0
    (miniature / ".git").mkdir()
    (miniature / "efficientdet" / "utils.py").write_text("from horovod_estimator import hvd\n")
    done = process(INSTALLED, "apply", miniature, env=env)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "git: not installed" in done.stderr


def test_an_unreadable_file(miniature: Path) -> None:
    (miniature / "efficientdet" / "utils.py").chmod(0)
    # Root reads everything unless it gives up the capability.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root reads every file, and setpriv is not there to give that up")
    done = process(*(drop if os.geteuid() == 0 else []), INSTALLED, "apply", miniature)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "efficientdet/utils.py: cannot be read (permission denied)" in done.stderr


def test_help_needs_neither_libcst_nor_git() -> None:
    code = (
        "import sys\nfrom patcher.cli.main import main\n"
        "try:\n    main(['rules', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'libcst', 'git', 'rich'} & set(sys.modules)))\n"
    )
    assert process(sys.executable, "-c", code).stdout.splitlines()[-1] == "[]"


def test_output_that_cannot_be_written_is_said(miniature: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [str(INSTALLED), "status", str(miniature)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == (
        "standard output: no space left on device, so that the report is cut off; "
        "`effpatch status` shows how the tree stands\n"
    )


def test_a_reader_may_leave_early(miniature: Path) -> None:
    line = f"{INSTALLED} status {miniature} | head -n 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.stdout.split()[0], done.stderr) == ("rule", "")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        pytest.param(b"# \xe9\n", "(not utf", id="a comment that is not UTF-8"),
        pytest.param(b"x = 1" + b" + 1" * 3000, "nested too deeply", id="a long sum"),
        pytest.param(b"x = " + b"[" * 150 + b"]" * 150, "", id="deep brackets"),
    ],
)
def test_code_that_the_parsers_choke_on(code: bytes, sentence: str, miniature: Path) -> None:
    file = miniature / "efficientdet" / "utils.py"
    file.write_bytes(file.read_bytes() + code)
    result = run("apply", miniature)
    assert result.exit_code == (4 if sentence else 0)
    assert sentence in result.stderr
    assert result.stderr.count("\n") == bool(sentence)


def test_work_behind_a_link_is_not_touched(repository: Path) -> None:
    file = repository / "efficientdet" / "utils.py"
    file.rename(file.with_name("real_utils.py"))
    file.symlink_to("real_utils.py")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "link")
    assert run("apply", repository, "--dry-run").exit_code == 0
    file.write_text(file.read_text() + "# mine\n")
    assert run("apply", repository).exit_code == 4


def test_work_that_git_does_not_know_is_not_touched(repository: Path) -> None:
    git(repository, "rm", "--cached", "--quiet", "efficientdet/main.py")
    git(repository, "commit", "--quiet", "--message", "forget")
    result = run("apply", repository)
    assert result.exit_code == 4
    assert "uncommitted changes in efficientdet/main.py" in result.stderr


def test_a_hook_of_another_repository_does_not_mislead_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    file = repository / "efficientdet" / "main.py"
    file.write_text(file.read_text() + "# mine\n")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert run("apply", repository).exit_code == 4


def test_a_folder_that_must_not_be_entered(miniature: Path) -> None:
    folder = miniature / "efficientdet" / "horovod_estimator"
    folder.chmod(0)
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root enters every folder, and setpriv is not there to give that up")
    done = process(*(drop if os.geteuid() == 0 else []), INSTALLED, "apply", miniature)
    folder.chmod(0o755)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "permission denied" in done.stderr


def test_options_that_leave_no_rule(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "main-3", "--skip", "main-3")
    assert result.exit_code == 2
    assert run("diff", miniature, "--stat", "--by-rule").exit_code == 2


def test_a_rule_that_stands_on_another_says_so(miniature: Path) -> None:
    result = run("apply", miniature, "--skip", "det_model_fn-4")
    assert result.exit_code == 3
    assert "in `_model_fn` as det_model_fn-4 leaves it" in result.stderr


@pytest.mark.parametrize("id_", ["main-2", "main-7", "hooks-5", "main-15"])
def test_a_rule_is_whole_on_a_narrow_terminal(id_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "".join(run("rules", id_).stdout.split())
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    wide = re.sub(r"\x1b\[[0-9;]*m", "", run("rules", id_).stdout)
    assert "…" not in wide
    assert len("".join(wide.split())) == len(plain)


def test_a_name_with_brackets_is_no_markup(miniature: Path) -> None:
    odd = miniature.rename(miniature.with_name("a[b]"))
    assert f"{odd}: 42 pending" in run("status", odd).stdout


def test_a_pipe_in_the_place_of_a_file_is_said(miniature: Path) -> None:
    (miniature / "efficientdet" / "utils.py").unlink()
    os.mkfifo(miniature / "efficientdet" / "utils.py")
    result = run("apply", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "efficientdet/utils.py: cannot be read (not a regular file)" in result.stderr


def test_a_name_that_the_terminal_cannot_show_is_no_error(miniature: Path) -> None:
    odd = miniature.rename(miniature.with_name("k\u00e4"))
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = process(INSTALLED, "status", odd, env=env)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_empty_folder_of_ours_does_not_bar_a_look(miniature: Path) -> None:
    """A run left it behind, and the tree cannot be written any more."""
    own = miniature / ".effpatch"
    own.mkdir(mode=0o555)
    (own / "lock").mkdir()
    assert run("status", miniature).exit_code == 1


@pytest.mark.parametrize("words", [["--help"], ["rules"], ["status", "TREE"]])
def test_what_only_looks_loads_no_parser(words: list[str], miniature: Path) -> None:
    """A status of a tree that nobody has touched since it was patched."""
    run("apply", miniature)
    arguments = [str(miniature) if word == "TREE" else word for word in words]
    code = (
        "import sys; from patcher.cli.main import main; main(sys.argv[1:], standalone_mode=False)"
    )
    told = "; print(sorted({'git', 'libcst', 'pygments', 'rich.progress'} & set(sys.modules)))"
    guarded = f"try:\n {code}\nexcept SystemExit: pass\nfinally:\n pass{told}"
    done = process(sys.executable, "-c", guarded, *arguments)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_demo_in_a_folder_under_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run("demo").exit_code == 0
