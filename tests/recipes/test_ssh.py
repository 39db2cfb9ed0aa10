"""The script for SSH, as it is, on two hosts."""

from pathlib import Path

import pytest

from tests.recipes.runs import flags, log, saved
from tests.recipes.test_shell import RECIPES
from tests.training.hosts import hosts

STEPS = 50


@pytest.mark.long
def test_the_script_trains_on_the_hosts_in_a_file(place: Path, hosts_folder: Path) -> None:
    (place / "hosts").write_text("one slots=1\ntwo slots=1\n")
    with hosts(hosts_folder, ["one", "two"]) as (first, _):
        done = first.run(RECIPES / "ssh.sh", *flags(STEPS))
    assert done.returncode == 0, done.stderr
    assert f"at step {STEPS}" in done.stdout
    assert "started on two" in log(place)
    assert max(saved(place)) == STEPS + 1


def test_nothing_is_started_where_a_host_is_unfit(place: Path, hosts_folder: Path) -> None:
    (place / "hosts").write_text("one slots=1\nthree slots=1\n")
    with hosts(hosts_folder, ["one", "two"]) as (first, _):
        done = first.run(RECIPES / "ssh.sh", *flags(STEPS))
    assert done.returncode == 4
    assert "three: " in done.stderr
    assert not (place / "model").exists()
