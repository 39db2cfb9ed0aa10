"""A training sees the variables on a list, and those that the user adds; no secret is on it."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from patcher.training.hosts import parse
from patcher.training.launchers import Launch
from patcher.training.scripts.marked import MARK
from patcher.training.session import Session
from patcher.training.variables import ELSEWHERE, OF_THE_HOST, passed_on
from tests.commands import run
from tests.training.conftest import trained

SECRETS = (
    *("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "GITHUB_TOKEN", "PIP_INDEX_URL", "NETRC"),
    *("GOOGLE_APPLICATION_CREDENTIALS", "DATABASE_URL", "HTTPS_PROXY", "MY_PASSWORD"),
    # These begin as some on the list do.
    *("TF_TOKEN_app_terraform_io", "TF_VAR_database", "SLURM_JWT", "HOROVOD_API_KEY"),
)
NEEDED = (
    *("TF_BF16_CONVERSION", "HOROVOD_CYCLE_TIME", "HABANA_HCCL_COMM_API", "RUN_TPC_FUSER"),
    *("HCCL_OVER_OFI", "HCCL_SOCKET_IFNAME", "OMPI_MCA_btl", "PMIX_RANK", "NCCL_DEBUG"),
    *("SLURM_JOB_ID", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "GC_KERNEL_PATH"),
)


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "s3cret")
    for name in NEEDED:
        monkeypatch.setenv(name, "/needed")


@pytest.mark.parametrize("options", [(), ("--np", "2")], ids=["alone", "launched"])
def test_no_secret_reaches_program_or_launcher(
    options: tuple[str, ...], tiny: Path, recorded: Path
) -> None:
    record = trained(recorded, tiny, *options)
    for file in (record, record.with_name("record-launcher")) if options else (record,):
        assert "s3cret" not in file.read_text()
    assert set(NEEDED) <= set(json.loads(record.read_text())[0])
    assert "s3cret" not in (recorded / ".." / "model" / "train.log").read_text()


@pytest.mark.parametrize("options", [(), ("--np", "2")], ids=["alone", "launched"])
def test_the_list_can_be_widened(options: tuple[str, ...], tiny: Path, recorded: Path) -> None:
    more = ("--pass-env", "AWS_*", "--pass-env", "TF_VAR_database")
    given = json.loads(trained(recorded, tiny, *options, *more).read_text())[0]
    wanted = {"AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "TF_VAR_database"}
    assert wanted == set(given) & set(SECRETS)


def test_a_path_of_the_user_comes_before_the_runtime(
    tiny: Path, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ":.:/mine")
    for more, wanted in (((), 0), (("--pass-env", "PYTHONPATH"), 1)):
        path = json.loads(trained(recorded, tiny, *more).read_text())[1]
        assert path[1:].index("/mine") == 0 if wanted else "/mine" not in path
        assert path[1 + wanted].endswith("habana_common")
        assert not {"", "."} & set(path)


def test_mpirun_sets_the_same_on_other_hosts(tmp_path: Path) -> None:
    """But for what describes this machine; no value is in the command."""
    (tmp_path / "mpirun").touch(mode=0o755)
    session = Session(
        *(
            Path("main.py"),
            tmp_path / "python",
            tmp_path,
            (),
            Launch(2, parse("a:1,b:1"), "mpirun"),
        ),
        pass_env=("MY_PASSWORD", "TMPDIR"),
    )
    words = session.command()
    names = {name for word, name in pairwise(words) if word == "-x"}
    assert names - {MARK} <= set(session.environment)
    assert {"MY_PASSWORD", "TMPDIR", "HCCL_OVER_OFI", "PATH", "EFFPATCH_DEVICE"} <= names
    assert not {"HOME", "OMPI_MCA_btl", "SLURM_JOB_ID", "PMIX_RANK", *SECRETS[:5]} & names
    assert "s3cret" not in " ".join(words)


def test_the_agent_is_for_launchers_that_reach_other_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/agent")
    alone = Session(Path("main.py"), tmp_path / "python", tmp_path)
    assert "SSH_AUTH_SOCK" not in alone.environment
    others = Session(Path("main.py"), tmp_path / "python", tmp_path, launch=Launch(1, parse("a:1")))
    assert others.environment["SSH_AUTH_SOCK"] == "/agent"


def test_search_paths_keep_absolute_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", ".::lib:/usr/lib")
    monkeypatch.setenv("PATH", ".::bin")
    found = passed_on()
    assert (found["LD_LIBRARY_PATH"], found["PATH"]) == ("/usr/lib", "/bin:/usr/bin")
    monkeypatch.setenv("LD_LIBRARY_PATH", ".")
    assert "LD_LIBRARY_PATH" not in passed_on()


@pytest.mark.parametrize("name", ["", "*", "A=B", "A*B", "-A", "1A"])
def test_what_is_no_name_is_refused(name: str, miniature: Path) -> None:
    for command in (("train", miniature), ("demo", "--train")):
        result = run(*command, "--pass-env", name)
        assert result.exit_code == 2
        assert f"{name!r} is not the name of a variable, or NAME*" in result.stderr


def test_the_documentation_has_the_list() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "reference", "training.md").read_text("utf-8")
    assert not [name for name in (*OF_THE_HOST, *ELSEWHERE) if f"`{name}`" not in text]
