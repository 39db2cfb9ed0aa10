"""The limits that a vendor names are said before a run on its device."""

from pathlib import Path

import pytest

from patcher.packs.accelerators import Limit
from patcher.training.limits import exceeded, limits_for
from tests.training.releases import hpu

TABLE, VERSION = hpu().accelerator, hpu().release.library
LIMITS = (Limit("train_batch_size", "32", ()), Limit("model_name", "", ("efficientdet-d0",)))
MOST = "--train_batch_size=64: the vendor allows at most 32 on this device"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--train_batch_size=32", "--model_name=efficientdet-d0"), [], id="within"),
        pytest.param(("--model_name", "efficientdet-d0"), [MOST], id="a default is beyond"),
        pytest.param(
            ("--train_batch_size=8", "--model_name=efficientdet-d7"),
            ["--model_name=efficientdet-d7: the vendor allows only efficientdet-d0 on this device"],
            id="another model",
        ),
        pytest.param(("--train_batch_size=x", "--model_name=efficientdet-d0"), [], id="no number"),
        pytest.param(("--flagfile=flags",), [], id="a file that may say otherwise"),
    ],
)
def test_what_is_beyond_is_said(
    arguments: tuple[str, ...], said: list[str], miniature: Path
) -> None:
    program = miniature / "efficientdet" / "main.py"
    assert list(exceeded(LIMITS, program, arguments)) == said


def test_limits_are_those_of_the_device() -> None:
    packages = {TABLE.library: VERSION}
    assert {each.flag for each in limits_for(TABLE, packages, "hpu")} == {
        "train_batch_size",
        "model_name",
    }
    assert limits_for(TABLE, packages, "auto") == limits_for(TABLE, packages, "hpu")
    assert limits_for(TABLE, packages, "cpu") == ()
    assert limits_for(TABLE, {}, "auto") == ()
    assert limits_for(None, packages, "hpu") == ()
