"""Why a step towards a stack failed."""

from pathlib import Path

import pytest

from patcher.training.build import explain


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        pytest.param(
            "ERROR: [Errno 28] No space left on device\n",
            "{folder}: the disk is full (Horovod), expected about 3 GB; free some space and run "
            "again with --force",
            id="a full disk",
        ),
        pytest.param(
            "WARNING: Retrying\n... Connection refused'))\nERROR: none\n",
            "Horovod: the package index cannot be reached (Connection refused); check the network, "
            "or pip's index-url and proxy, and run again with --force; log in {folder}/log",
            id="no network",
        ),
        pytest.param("CMake Error at x: no\n  more\n", "(CMake Error at x: no)", id="CMake"),
        pytest.param(
            "  error: one\nERROR: Failed building wheel\n\nhint\n",
            "Horovod: failed (ERROR: Failed building wheel); fix the cause and run again with "
            "--force; log in {folder}/log",
            id="the last error",
        ),
        pytest.param("it went wrong\n\n", "failed (it went wrong);", id="the last line"),
        pytest.param("", "failed (no output);", id="nothing"),
    ],
)
def test_the_reason_is_found_in_the_log(output: str, sentence: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"== TensorFlow: pip\nConnection refused\n== Horovod: pip x\n{output}")
    assert sentence.format(folder=tmp_path) in str(explain("Horovod", log))
