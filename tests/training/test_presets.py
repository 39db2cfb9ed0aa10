"""The variables that a release wants set, in a run and in what `--dry-run` shows."""

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result

from patcher.packs import load_pack
from patcher.packs.accelerators import Preset
from patcher.training.presets import Setting, presets_for, settings_of, values_of
from tests.commands import contents, run
from tests.training.conftest import trained
from tests.training.releases import hpu

TABLE, VERSION = hpu().accelerator, hpu().release.library
MODE = Preset("MODE", "0", ">=1.0,<1.3", "several hosts", ("OTHER",), "so that it works")


def names(
    version: str, device: str = "hpu", workers: int = 1, hosts: int = 1, library: str = ""
) -> list[str]:
    packages = {library or TABLE.library: version}
    found = presets_for(TABLE, packages, device, workers=workers, hosts=hosts)
    return [each.variable for each in found]


def test_presets_go_by_the_installed_library() -> None:
    assert "RUN_TPC_FUSER" in names("1.2.0.100")
    assert "RUN_TPC_FUSER" not in names("1.3.0.499")
    assert {"HABANA_HCCL_COMM_API"} == {
        *names("1.2.0.100", workers=2),
    } - {*names("1.3.0.499", workers=2), *names("1.2.0.100")}
    assert "HABANA_NCCL_COMM_API" in names("1.0.1.81", workers=2)
    assert "TF_BF16_CONVERSION" in names("99.0")


@pytest.mark.parametrize(
    ("workers", "hosts", "more"),
    [
        pytest.param(1, 1, [], id="one worker"),
        pytest.param(2, 0, ["HOROVOD_CYCLE_TIME"], id="several"),
        pytest.param(2, 1, ["HOROVOD_CYCLE_TIME"], id="several on one host"),
        pytest.param(
            2,
            2,
            ["HOROVOD_CYCLE_TIME", "HOROVOD_HIERARCHICAL_ALLREDUCE"],
            id="on several hosts",
        ),
    ],
)
def test_presets_go_by_workers_and_hosts(workers: int, hosts: int, more: Sequence[str]) -> None:
    assert names(VERSION, "hpu", workers, hosts) == ["TF_BF16_CONVERSION", *more]


def test_other_devices_have_none() -> None:
    assert names(VERSION, "auto") == names(VERSION, "hpu")
    assert not names(VERSION, "cpu")
    assert not names(VERSION, "auto", library="another")
    assert not presets_for(None, {TABLE.library: VERSION}, "hpu")


@pytest.mark.parametrize(
    ("own", "value", "setting"),
    [
        pytest.param({}, "0", Setting("MODE", "0", "preset", MODE.why), id="not set"),
        pytest.param(
            {"MODE": ""}, None, Setting("MODE", "", "you", f"the preset is 0: {MODE.why}"), id="own"
        ),
        pytest.param(
            {"OTHER": "1"},
            None,
            Setting("MODE", "", "you", f"not set, as you set OTHER; the preset is 0: {MODE.why}"),
            id="ruled out",
        ),
    ],
)
def test_presets_give_way_to_the_user(
    own: dict[str, str], value: str | None, setting: Setting
) -> None:
    assert values_of([MODE], own).get("MODE") == value
    given = {**values_of([MODE], own), **own, "PATH": "/bin"}
    assert [*settings_of([MODE], own, given)] == [setting, Setting("PATH", "/bin", "effpatch")]


@pytest.fixture
def tiny_hpu(tiny: Path) -> Path:
    """A stack with empty modules that says to have the vendor's library."""
    (site,) = tiny.glob("lib/python*/site-packages")
    info = site / f"habana_tensorflow-{VERSION}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: habana-tensorflow\nVersion: {VERSION}\n")
    return tiny


def recorded_variables(tree: Path, stack: Path, *options: str) -> dict[str, str]:
    variables: dict[str, str] = json.loads(trained(tree, stack, *options).read_text())[0]
    return variables


def test_a_run_is_given_them(
    recorded: Path, tiny_hpu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = recorded / "efficientdet" / "habana_frameworks" / "tensorflow"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()  # a library that the user brings is not asked for a device
    monkeypatch.setenv("HOROVOD_CYCLE_TIME", "3")
    given = recorded_variables(recorded, tiny_hpu, "--np", "2", "--device", "hpu")
    assert (given["TF_BF16_CONVERSION"], given["HOROVOD_CYCLE_TIME"]) == ("0", "3")
    assert "HOROVOD_HIERARCHICAL_ALLREDUCE" not in given
    off = recorded_variables(recorded, tiny_hpu, "--np", "2", "--no-presets")
    assert "TF_BF16_CONVERSION" not in off
    assert "TF_BF16_CONVERSION" not in recorded_variables(recorded, tiny_hpu, "--device", "cpu")


def edits(pack: str) -> int:
    return len([*load_pack(pack).entries()])


def shown(tree: Path, stack: Path, *options: str) -> Result:
    flags = (f"--training_file_pattern={sys.executable}*", f"--model_dir={tree}/../model")
    before = contents(tree)
    result = run("train", tree, "--stack", stack, "--dry-run", *options, "--", *flags)
    assert contents(tree) == before
    assert not (tree / ".." / "model").exists()
    return result


def rows_of(lines: Sequence[str]) -> list[list[str]]:
    """The words of each row of the variables."""
    (head,) = (at for at, line in enumerate(lines) if line.split()[:1] == ["variable"])
    return [line.split() for line in lines[head + 1 : -2]]


def test_a_dry_run_shows_all_and_does_nothing(
    recorded: Path, tiny_hpu: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOROVOD_CYCLE_TIME", "3")
    result = shown(recorded, tiny_hpu, "--np", "2", "--hosts", "a:1,b:1", "--device", "hpu")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    command = shlex.split(lines[0].removeprefix("$ "))
    assert command[: command.index("-np") + 4][-5:] == [
        f"{tiny_hpu}/bin/horovodrun",
        "-np",
        "2",
        "-H",
        "a:1,b:1",
    ]
    assert command[-1] == f"--model_dir={recorded}/../model"
    facts = {line[:8].strip(): line[9:] for line in lines[1:6]}
    applied = (f"{name} ({edits(name)} edits)" for name in ("documented", "tensorflow_2_15"))
    assert facts["packs"] == ", ".join(applied)
    assert facts["release"].startswith(
        f"{hpu().release.name}, according to habana-tensorflow {VERSION}"
    )
    assert facts["in"] == str(tmp_path)
    assert Path(facts["log"]).resolve() == (recorded / ".." / "model" / "train.log").resolve()
    assert lines[6].startswith("note     --train_batch_size=64: the vendor allows at most 32")
    rows = {name: words for name, *words in rows_of(lines)}
    assert rows["TF_BF16_CONVERSION"][:2] == ["preset", "0;"]
    assert rows["HOROVOD_CYCLE_TIME"][:6] == ["you", "3;", "the", "preset", "is", "0.5:"]
    assert rows["HOROVOD_HIERARCHICAL_ALLREDUCE"][:2] == ["preset", "1;"]
    assert rows["EFFPATCH_DEVICE"] == ["effpatch", "hpu"]
    assert lines[-1].endswith("model: nothing was run, and nothing was changed")
    assert not Path(os.environ["TF_RECORD"]).exists()


def test_a_dry_run_shows_what_a_run_is_given(
    recorded: Path, tiny_hpu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each variable that it shows has in the run the value that it shows."""
    monkeypatch.setenv("HCCL_OVER_OFI", "1")
    rows = rows_of(shown(recorded, tiny_hpu).stdout.splitlines())
    given = recorded_variables(recorded, tiny_hpu)
    values = {name: rest[0].rstrip(";") for name, _, *rest in rows}
    assert {name: given[name] for name in values} == values
    assert {"TF_BF16_CONVERSION", "EFFPATCH_DEVICE", "PYTHONPATH"} <= values.keys()


def test_a_dry_run_writes_no_sample_data(
    recorded: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("train", recorded, "--stack", tiny, "--dry-run", "--sample-data")
    assert result.exit_code == 0, result.stderr
    assert "/sample-data/train-*.tfrecord" in result.stdout
    assert "release  none of an accelerator's software is installed" in result.stdout
    assert "preset" not in result.stdout
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("options", "code", "found"),
    [
        pytest.param(("--np", "2"), 4, "no module horovod", id="a missing module"),
        pytest.param(("--", "--train_batchsize=4"), 4, "no flag --train_batchsize", id="a flag"),
        pytest.param(("--", "--training_file_pattern=/no"), 4, "/no: no such file", id="data"),
        pytest.param(("--", "--model_dir="), 4, "--model_dir is empty", id="no folder"),
    ],
)
def test_a_dry_run_has_the_errors_of_a_run(
    options: Sequence[str], code: int, found: str, recorded: Path, tiny: Path
) -> None:
    (site,) = tiny.glob("lib/python*/site-packages")
    (site / "horovod.py").unlink()
    results = [
        run("train", recorded, "--stack", tiny, *dry, *options) for dry in ((), ("--dry-run",))
    ]
    assert [each.exit_code for each in results] == [code, code]
    assert results[0].stderr == results[1].stderr
    assert found in results[0].stderr


def test_a_tree_without_the_edits_has_no_dry_run(miniature: Path, tiny: Path) -> None:
    result = run("train", miniature, "--stack", tiny, "--dry-run")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "not applied" in result.stderr
