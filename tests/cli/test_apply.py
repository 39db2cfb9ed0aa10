import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import contents, git, run
from tests.counts import EVERY_FILE, FILES, RULES

Rewrite = Callable[[str, str, str], Path]
USE_TPU = "flags.DEFINE_bool('use_tpu', True, "


def test_applies_everything_once(miniature: Path) -> None:
    first = run("apply", miniature)
    sentence = f"{miniature}: made {RULES} edits in {FILES} files\n"
    assert (first.exit_code, first.output) == (0, sentence)
    patched = contents(miniature)
    second = run("apply", miniature)
    assert second.exit_code == 0
    assert f"nothing to do, {RULES} edits already applied" in second.output
    assert contents(miniature) == patched


def test_takes_the_package_folder_too(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(miniature / "efficientdet")
    assert f"made {RULES} edits in {FILES} files" in run("apply", ".").output


def test_takes_a_link_to_the_tree(miniature: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(miniature)
    assert run("apply", link).exit_code == 0
    assert run("status", miniature).exit_code == 0


def test_dry_run_writes_nothing(miniature: Path) -> None:
    before = contents(miniature)
    result = run("apply", miniature, "--dry-run")
    assert f"would make {RULES} edits in {FILES} files" in result.output
    assert contents(miniature) == before


def _edit(tree: Path) -> None:
    file = tree / "efficientdet" / "utils.py"
    file.write_text(file.read_text() + "# mine\n")


def _make_read_only(tree: Path) -> None:
    (tree / "efficientdet" / "utils.py").chmod(0o444)


def _begin_a_merge(tree: Path) -> None:
    (tree / ".git" / "MERGE_HEAD").write_text(git(tree, "rev-parse", "HEAD"))


def _forget_who_commits(tree: Path) -> None:
    git(tree, "config", "user.useConfigOnly", "true")
    git(tree, "config", "--unset", "user.email")


def _put_something_where_the_runtime_goes(tree: Path) -> None:
    (tree / "efficientdet" / "TensorFlow").write_text("mine")


@pytest.mark.parametrize(
    ("prepare", "options"),
    [
        pytest.param(_edit, (), id="an edited file"),
        pytest.param(_edit, ("--commit", "--allow-dirty"), id="an edited file to commit"),
        pytest.param(_make_read_only, (), id="a read-only file"),
        pytest.param(lambda tree: git(tree, "branch", "new"), ("--commit", "--branch", "new"),
                     id="a branch that is there"),
        pytest.param(_begin_a_merge, ("--commit",), id="a merge"),
        pytest.param(_forget_who_commits, ("--commit-per-rule",), id="nobody who commits"),
        pytest.param(_put_something_where_the_runtime_goes, ("--with-runtime",), id="no room"),
        pytest.param(lambda tree: None, ("--only", "hooks-2"), id="a check that fails"),
    ],
)  # fmt: skip
def test_dry_run_refuses_what_apply_refuses(
    prepare: Callable[[Path], object],
    options: tuple[str, ...],
    authored: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    prepare(authored)
    before, objects = contents(authored), git(authored, "count-objects", "-v")
    dry = run("apply", authored, *options, "--dry-run")
    assert (contents(authored), git(authored, "count-objects", "-v")) == (before, objects)
    real = run("apply", authored, *options)
    assert dry.exit_code in (4, 5)
    assert (dry.exit_code, dry.stderr) == (real.exit_code, real.stderr)


@pytest.mark.parametrize("option", ["--commit", "--commit-per-rule"])
def test_dry_run_of_commits_makes_no_object(option: str, authored: Path) -> None:
    before = git(authored, "count-objects", "-v")
    result = run("apply", authored, option, "--branch", "new", "--dry-run")
    assert (result.exit_code, git(authored, "branch", "--list", "new")) == (0, "")
    assert git(authored, "count-objects", "-v") == before


def test_only_and_skip_choose_rules(miniature: Path) -> None:
    first = run("apply", miniature, "--only", "main-3", "--only", "main-4")
    assert "made 2 edits in 1 file\n" in first.output
    second = run("apply", miniature, "--skip", "main-5")
    assert f"made {RULES - 3} edits in {FILES} files (2 already applied)" in second.output
    summary = json.loads(run("status", miniature, "--json").stdout)["summary"]
    assert (summary["applied"], summary["pending"]) == (RULES - 1, 1)


def test_an_unknown_rule_is_a_usage_error(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "man-3")
    sentence = "--only: no rule 'man-3' in pack documented; did you mean main-3?\n"
    assert (result.exit_code, result.stderr) == (2, sentence)


def test_options_that_leave_no_rule(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "main-3", "--skip", "main-3")
    sentence = "--skip: leaves out every rule that is selected, expected at least one to remain; "
    assert (result.exit_code, result.stderr) == (2, f"{sentence}leave out fewer\n")


def test_a_rule_that_does_not_fit_stops_the_run(miniature: Path, rewrite: Rewrite) -> None:
    file = rewrite("main.py", USE_TPU, "flags.DEFINE_integer('use_tpu', 1, ")
    line = file.read_text().split("'use_tpu'")[0].count("\n") + 1
    before = contents(miniature)
    result = run("apply", miniature)
    assert result.exit_code == 3
    assert result.stdout == ""
    why, rest = result.stderr.splitlines()
    assert why.startswith(f"efficientdet/main.py:{line}: main-3: defined by ")
    assert "`flags.DEFINE_integer`, expected `flags.DEFINE_bool`" in why
    assert why.endswith("skip the rule with --skip main-3")
    advice = f"--partial makes the {RULES - 1} edits that fit"
    assert rest == f"{miniature}: nothing was changed; {advice}"
    assert contents(miniature) == before


def test_partial_applies_the_rest(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    result = run("apply", miniature, "--partial")
    assert result.exit_code == 3
    assert f"made {RULES - 1} of {RULES} edits in {FILES} files" in result.stdout
    assert "default of flag 'use_tpu' is 1, expected True" in result.stderr
    states = json.loads(run("status", miniature, "--json").stdout)["summary"]
    assert (states["applied"], states["drifted"]) == (RULES - 1, 1)


def test_a_rule_that_stands_on_another_says_so(miniature: Path) -> None:
    result = run("apply", miniature, "--skip", "det_model_fn-4")
    assert result.exit_code == 3
    assert (
        "lacks `every_n_iter=params['every_n_iter']`, as det_model_fn-4 leaves it" in result.stderr
    )


def test_json_has_the_states_after_the_edits(miniature: Path) -> None:
    status = json.loads(run("apply", miniature, "--json").stdout)
    assert status["summary"]["applied"] == RULES
    assert len(status["written"]) == FILES
    again = json.loads(run("apply", miniature, "--json").stdout)
    assert again["written"] == []


def test_machine_output_stands_alone_when_a_rule_drifts(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    result = run("apply", miniature, "--json")
    assert result.exit_code == 3
    (rule,) = (r for r in json.loads(result.stdout)["rules"] if r["state"] == "drifted")
    assert rule["nearest"]["text"].startswith("flags.DEFINE_bool('use_tpu', 1")


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


def test_json_of_a_part_has_the_states_of_that_part(miniature: Path) -> None:
    status = json.loads(run("apply", miniature, "--json", "--only", "main-3").stdout)
    assert [(rule["id"], rule["state"]) for rule in status["rules"]] == [("main-3", "applied")]
    assert status["written"] == ["efficientdet/main.py"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--commit", "--commit-per-rule"],
            "--commit and --commit-per-rule cannot be used together",
        ),
        (["--branch", "port"], "--branch needs --commit or --commit-per-rule"),
    ],
)
def test_options_that_do_not_go_together(
    options: list[str], sentence: str, miniature: Path
) -> None:
    result = run("apply", miniature, *options)
    assert (result.exit_code, sentence in result.stderr) == (2, True)


def test_an_absent_rule_says_what_the_file_lacks(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('tpus', True, ")
    for option, code in (("--dry-run", 3), ("--partial", 0), ("--partial", 0)):
        result = run("apply", miniature, option)
        assert result.exit_code == code
        sentence = "efficientdet/main.py: main-3 is absent (`'use_tpu'` is nowhere in this file"
        assert result.stderr.startswith(sentence)
        assert "?); skip the rule with --skip main-3\n" in result.stderr
        assert result.stderr.count("\n") == 1 + (option == "--dry-run")
    assert f"nothing to do, {RULES - 1} of {RULES} edits already applied" in result.stdout
    assert run("apply", miniature, "--partial", "--only", "main-3").exit_code == 3


def test_a_tree_in_which_no_rule_fits(miniature: Path) -> None:
    for file in EVERY_FILE - {"efficientdet/utils.py"}:
        (miniature / file).unlink(missing_ok=True)
    (miniature / "efficientdet" / "utils.py").write_text("x = 1\n")
    result = run("apply", miniature, "--partial")
    assert (result.exit_code, result.stderr.count("\n")) == (3, RULES)
    assert result.stdout == f"{miniature}: made 0 of {RULES} edits\n"
    result = run("apply", miniature, "--partial", "--dry-run")
    assert result.stdout == f"{miniature}: would make 0 of {RULES} edits\n"


def test_what_is_applied_already_is_not_all_where_a_rule_does_not_fit(
    miniature: Path, rewrite: Rewrite
) -> None:
    rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    run("apply", miniature, "--partial")
    result = run("apply", miniature, "--partial")
    said = f"made 0 of {RULES} edits ({RULES - 1} already applied)"
    assert (result.exit_code, result.stdout) == (3, f"{miniature}: {said}\n")


def test_an_ambiguous_rule_names_its_places(miniature: Path) -> None:
    file = miniature / "efficientdet" / "main.py"
    text = file.read_text()
    (line,) = (each for each in text.splitlines(keepends=True) if each.startswith(USE_TPU))
    file.write_text(text.replace(line, line + line))
    first = text[: text.index(line)].count("\n") + 1
    result = run("apply", miniature)
    assert result.exit_code == 3
    found = f"found 2 places, in lines {first} and {first + 1}"
    sentence = f"efficientdet/main.py:{first}: main-3 is ambiguous: {found}, expected 1: "
    assert result.stderr.startswith(sentence)
