"""What `train` runs, and what it checks first."""

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.model import Runtime
from patcher.training.hosts import others, parse
from patcher.training.launchers import Launch
from patcher.training.program import flag, last_step, require_data
from patcher.training.session import Session
from patcher.training.ssh import Ssh
from tests.commands import run
from tests.counts import RULES
from tests.rule_check import REVISIONS

PROGRAM, FOLDER = Path("main.py"), Path("run")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A Python with launchers next to it."""
    for name in ("horovodrun", "mpirun"):
        (tmp_path / name).touch(mode=0o755)
    return tmp_path / "python"


def test_one_worker_needs_no_launcher() -> None:
    session = Session(PROGRAM, Path("python"), FOLDER, ("--mode=train",))
    command = session.command()
    assert command[:2] == ["python", "-I"]
    assert command[-2:] == [str(PROGRAM.absolute()), "--mode=train"]


def test_several_are_started_by_a_launcher(python: Path) -> None:
    folder, workers = str(python.parent), ["-np", "2", "-H", "a:1,b:1"]
    alone = Session(PROGRAM, python, FOLDER).command()
    session = Session(PROGRAM, python, FOLDER, (), Launch(2, parse("a:1,b:1")))
    assert session.command() == [f"{folder}/horovodrun", *workers, "--gloo", *alone]
    session = Session(PROGRAM, python, FOLDER, (), Launch(2, parse("a:1,b:1"), "mpirun"))
    assert session.command()[:5] == [f"{folder}/mpirun", *workers]
    assert session.command()[-len(alone) :] == alone
    assert {"PYTHONPATH", "EFFPATCH_DEVICE"} <= set(session.command())


def test_launchers_are_told_the_interface_and_more(
    python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mpirun by its environment, where a parameter of the user's wins."""
    monkeypatch.setenv("OMPI_MCA_btl", "tcp,self")
    launch = Launch(2, interface="eth1", words=("--verbose", "--x y"))
    words = Session(PROGRAM, python, FOLDER, (), launch).command()
    assert words[3:8] == ["--gloo", "--network-interfaces", "eth1", "--verbose", "--x y"]
    alone = replace(launch, hosts=parse("localhost:2")).command(python, {}, ())
    assert "--gloo" in alone
    assert "--network-interfaces" not in alone
    launch = replace(launch, program="mpirun", as_root=True, binding="socket")
    session = Session(PROGRAM, python, FOLDER, (), launch)
    words = session.command()
    assert words[3:7] == ["--allow-run-as-root", "--tag-output", "--bind-to", "socket"]
    assert {"--verbose", "--x y", "EFFPATCH_RUN"} <= {*words}
    given = session.environment
    assert {given[f"OMPI_MCA_{layer}_tcp_if_include"] for layer in ("btl", "oob")} == {"eth1"}
    assert given["PRTE_MCA_prte_if_include"] == "eth1"
    assert given["OMPI_MCA_oob_tcp_keepalive_time"] == given["PRTE_MCA_prte_keepalive_time"]
    assert (given["OMPI_MCA_pml"], given["OMPI_MCA_btl"]) == ("ob1", "tcp,self")


def test_launchers_find_an_ssh_that_is_as_the_user_wants_it(python: Path, tmp_path: Path) -> None:
    """Where workers run on other hosts."""
    way = Ssh(2222, Path("/keys/of mine"), "me")
    launch = Launch(1, parse("10.213.7.250:1"), ssh=way)
    session = Session(PROGRAM, python, tmp_path, (), launch)
    assert session.environment["PATH"].split(os.pathsep)[0] == f"{tmp_path}/bin"
    way.write_program(session.programs)
    text = (tmp_path / "bin" / "ssh").read_text()
    assert text.startswith("#!/bin/sh\nexec /")
    assert text.endswith(" -p 2222 -i '/keys/of mine' -l me \"$@\"\n")
    assert os.access(tmp_path / "bin" / "ssh", os.X_OK)
    here = replace(session, launch=Launch(2, parse("localhost:2")))
    assert f"{tmp_path}/bin" not in here.environment["PATH"]


@pytest.mark.parametrize(
    ("listed", "local"),
    [("localhost:2", True), ("127.0.0.1:1", True), ("localhost:1,other:1", False)],
)
def test_data_for_other_hosts_is_not_looked_for(listed: str, local: bool) -> None:
    here = not others(parse(listed))
    with pytest.raises(StackError, match="/no: no such file") if local else nullcontext():
        require_data(("--training_file_pattern=/no",), 2, here=here)


def test_a_missing_launcher_is_reported(tmp_path: Path) -> None:
    session = Session(PROGRAM, tmp_path / "python", FOLDER, launch=Launch(2, program="no-such-run"))
    with pytest.raises(StackError, match=f"no-such-run: neither in {tmp_path} nor on PATH, exp"):
        session.command()


def test_the_runtime_comes_last(monkeypatch: pytest.MonkeyPatch, python: Path) -> None:
    session = Session(PROGRAM, python, FOLDER, runtime=Runtime(Path("/runtime"), ("common",)))
    monkeypatch.setenv("PYTHONPATH", "/mine")
    assert session.environment["PYTHONPATH"] == "/runtime"
    asked = replace(session, pass_env=("PYTHONPATH",))
    assert asked.environment["PYTHONPATH"] == os.pathsep.join(("/mine", "/runtime"))
    first = replace(asked, runtime_first=True)
    assert first.environment["PYTHONPATH"] == os.pathsep.join(("/runtime", "/mine"))


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        pytest.param((), None, id="not given"),
        pytest.param(("--name=a", "-name=b=c"), "b=c", id="the last one counts"),
        pytest.param(("--name", "a"), "a", id="a word of its own"),
        pytest.param(("--names=a", "name=a"), None, id="another"),
        pytest.param(("--name",), "", id="without a value"),
    ],
)
def test_flags_are_read_as_absl_does(arguments: tuple[str, ...], wanted: str | None) -> None:
    assert flag(arguments, "name") == wanted


def test_the_last_step_follows_from_flags_and_their_defaults(miniature: Path) -> None:
    program = miniature / "efficientdet" / "main.py"
    assert last_step(program, (), 1) == 15 * 120000 // 64 + 1
    few = ("--num_epochs=1", "--num_examples_per_epoch=80", "--train_batch_size=4")
    assert last_step(program, few, 2) == 11
    assert last_step(program, ("--num_epochs=many",), 1) is None
    assert last_step(program, ("--flagfile=flags",), 1) is None


@pytest.mark.parametrize(
    ("options", "code", "found"),
    [
        pytest.param(("--np", "0"), 2, "0 is not in the range", id="no worker"),
        pytest.param(
            ("--hosts", "a"),
            2,
            "'a', expected a host and its number of workers, as",
            id="hosts without slots",
        ),
        pytest.param(("--hosts", "-x:1"), 2, "'-x:1', expected a host", id="an option for a host"),
        pytest.param(("--hosts", "a/b:1"), 2, "'a/b:1', expected a host", id="no host at all"),
        pytest.param(
            ("--hosts", "a:1,b:2", "--np", "4"),
            2,
            "4 workers, but --hosts has slots for 3",
            id="few",
        ),
        pytest.param(("--stack", "/nowhere"), 4, "/nowhere: no such folder", id="no stack"),
        pytest.param(
            (), 4, f"{sys.executable}: no module tensorflow or", id="a stack without TensorFlow"
        ),
    ],
)
def test_what_cannot_be_run_is_reported(
    options: tuple[str, ...],
    code: int,
    found: str,
    miniature: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EFFPATCH_STACK", raising=False)
    run("apply", miniature)
    result = run("train", miniature, *options)
    assert result.exit_code == code
    assert found in result.stderr


def test_a_tree_without_the_edits_is_refused(miniature: Path) -> None:
    result = run("train", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert (
        f"and {RULES - 3} more not applied, expected all {RULES} edits of documented; run"
        in result.stderr
    )
    run("apply", miniature, "--skip", "main-12")
    result = run("train", miniature)
    assert result.exit_code == 4
    assert result.stderr.startswith(f"{miniature}: main-12 not applied")


def test_a_tree_that_the_rules_do_not_fit_is_refused(miniature: Path) -> None:
    run("apply", miniature)
    file = miniature / "efficientdet" / "utils.py"
    file.write_text(file.read_text().replace("horovod_enabled", "enabled"))
    result = run("train", miniature)
    assert (result.exit_code, result.stderr.split(":")[0]) == (3, "efficientdet/utils.py")


@pytest.mark.parametrize("document", REVISIONS)
def test_a_tree_with_a_revision_needs_no_pack_to_be_named(
    document: str, miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EFFPATCH_STACK", raising=False)
    run("apply", miniature, "--pack", document)
    result = run("train", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(f"{sys.executable}: no module tensorflow")


PACKS = ("--pack", "documented", "--pack", "tensorflow_2_15")


@pytest.fixture
def ported(miniature: Path) -> Path:
    """A tree that can be trained."""
    run("apply", miniature, *PACKS)
    return miniature


def test_a_tree_for_an_older_tensorflow_is_refused(miniature: Path, stack: Path) -> None:
    run("apply", miniature)
    result = run("train", miniature, "--stack", stack, "--sample-data")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "tensorflow_2_15/normalization-1, tensorflow_2_15/utils-1," in result.stderr
    assert (
        "expected all edits of tensorflow_2_15, as the stack has tensorflow 2.15.1; run"
        in result.stderr
    )
    assert result.stderr.endswith(f"run `effpatch apply {miniature} {' '.join(PACKS)}` first\n")


def test_the_modules_are_those_of_all_packs_in_the_tree(ported: Path, stack: Path) -> None:
    for packs in ((), ("--pack", "tensorflow_2_15"), PACKS):
        words = ("--sample-data", "--dry-run", "--device", "cpu")
        result = run("train", ported, "--stack", stack, *packs, *words)
        assert result.exit_code == 0, result.output
        assert "habana_common" in result.stdout, packs


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param((), "ARGS: no --training_file_pattern", id="none named"),
        pytest.param(("--training_file_pattern=/no/*",), "/no/*: no such file", id="none there"),
        pytest.param(
            (f"--training_file_pattern={__file__}",),
            f"{__file__}: 1 file for 2 workers, expected at least one for each",
            id="none for one of them",
        ),
        pytest.param(("--model_dir=",), "ARGS: --model_dir is empty", id="no folder"),
    ],
)
def test_what_it_cannot_train_on_is_reported(
    arguments: tuple[str, ...], found: str, ported: Path, stack: Path
) -> None:
    result = run("train", ported, "--stack", stack, "--np", "2", "--", *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(found)


def test_a_program_that_fails_fails_the_command(ported: Path, stack: Path, tmp_path: Path) -> None:
    flags = ("--training_file_pattern=*", f"--model_dir={tmp_path / 'model'}", "--verbosity=x")
    result = run("train", ported, "--stack", stack, "--device", "cpu", "--", *flags)
    assert result.exit_code == 5
    assert "exit code 1 (FATAL Flags parsing error: flag --verbosity=x: " in result.stderr


def test_a_program_that_does_nothing_fails_the_command(
    ported: Path, stack: Path, tmp_path: Path
) -> None:
    program = ported / "efficientdet" / "main.py"
    program.write_text(
        f"{program.read_text()}".replace("import ", "import sys; sys.exit()\nimport ", 1)
    )
    flag = f"--model_dir={tmp_path}"
    result = run("train", ported, "--stack", stack, "--sample-data", "--", flag)
    assert result.exit_code == 5
    assert "train.log: the program ended without an error and without a step" in result.stderr


def test_results_may_go_elsewhere(
    ported: Path, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To an address that TensorFlow reaches; the log stays here."""
    address = f"file://{tmp_path}/model"
    options = ("--stack", stack, "--device", "cpu", "--sample-data")
    flags = ("--hparams=image_size=64", "--num_examples_per_epoch=8", f"--model_dir={address}")
    monkeypatch.chdir(tmp_path)
    result = run("train", ported, *options, "--", *flags)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].startswith(f"{address}: checkpoints and event files")
    assert list((tmp_path / "model").glob("model.ckpt-*.index"))
    assert list(tmp_path.glob("runs/*/train.log"))


def test_a_folder_that_cannot_be_made_is_reported(
    ported: Path, stack: Path, tmp_path: Path
) -> None:
    (tmp_path / "model").touch()
    flag = f"--model_dir={tmp_path / 'model'}"
    result = run("train", ported, "--stack", stack, "--sample-data", "--", flag)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(f"{tmp_path / 'model'}: file exists")
