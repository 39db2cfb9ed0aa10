"""Hosts as users name them: in a list or in a file."""

import os
import socket
from pathlib import Path

import pytest

from patcher.errors import SelectionError
from patcher.training.hosts import Host, is_here, others, parse, read, slots, written
from tests.commands import run


def test_a_list_names_hosts_and_their_slots() -> None:
    found = parse("a:8, b.example.org:16,10.0.0.1:2")
    assert found == (Host("a", 8), Host("b.example.org", 16), Host("10.0.0.1", 2))
    assert written(found) == "a:8,b.example.org:16,10.0.0.1:2"
    assert slots(found) == 26


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("a", "'a', expected a host and its number of workers, as", id="no slots"),
        pytest.param("a:0", "'a:0', expected a host", id="none"),
        pytest.param("-oProxyCommand=x:1", "'-oProxyCommand=x:1', expected a host", id="an option"),
        pytest.param("a:1,", "'', expected a host", id="an empty one"),
        pytest.param("a:1,b:2,a:3", "names a 2 times, expected each host once", id="twice"),
    ],
)
def test_another_list_is_refused(text: str, found: str) -> None:
    with pytest.raises(SelectionError, match=f"^--hosts: .*{found}"):
        parse(text)


def test_a_file_has_a_line_for_each_host(tmp_path: Path) -> None:
    """As horovodrun, Open MPI and MPICH have it, whatever else Open MPI may be told of it."""
    file = tmp_path / "hosts"
    file.write_text(
        "# all\na slots=8\n\nb   slots=4 max_slots=4 # a comment\nc:2\nd\ne max_slots=9 slots=3\n"
    )
    assert read(file) == (Host("a", 8), Host("b", 4), Host("c", 2), Host("d", 1), Host("e", 3))
    file.write_bytes(b"\xef\xbb\xbfa slots=8\r\nb slots=4\r\n")  # by an editor on Windows
    assert read(file) == (Host("a", 8), Host("b", 4))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(b"a slots=8\nb 8\n", ":2: 'b 8', expected a host and its slots", id="a line"),
        pytest.param(b"-x slots=1\n", ":1: '-x slots=1'", id="an option"),
        pytest.param(b"a slot=8\n", ":1: 'a slot=8', expected a host and its slots", id="a typo"),
        pytest.param(b"a slots=0\n", ":1: 'a slots=0'", id="no slots"),
        pytest.param(b"# none\n", ": no host in it", id="none"),
        pytest.param(b"\xff\n", ": is not text in UTF-8", id="no text"),
        pytest.param(b"a\na\n", ": names a 2 times", id="twice"),
    ],
)
def test_another_file_is_refused(content: bytes, found: str, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_bytes(content)
    with pytest.raises(SelectionError) as caught:
        read(tmp_path / "hosts")
    assert str(caught.value).startswith(f"{tmp_path}/hosts{found}")


def test_a_pipe_will_do(tmp_path: Path) -> None:
    """As of `--hostfile <(scontrol show hostnames)`."""
    ends = os.pipe()
    os.write(ends[1], b"a slots=2\n")
    os.close(ends[1])
    assert read(Path(f"/dev/fd/{ends[0]}")) == (Host("a", 2),)
    os.close(ends[0])


def test_this_machine_is_known_by_names_and_addresses() -> None:
    assert is_here("localhost")
    assert is_here("127.0.0.1")
    assert is_here(socket.gethostname())
    assert not is_here("no-such-host.invalid")
    assert others(parse("localhost:1,no-such-host.invalid:2")) == ["no-such-host.invalid"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        pytest.param(("--hosts", "a:1", "--hostfile", "HERE"), "two ways to name hosts", id="both"),
        pytest.param(("--hostfile", "HERE", "--np", "9"), "hosts has slots for 2", id="too few"),
        pytest.param(("--hosts", "a:1", "--min-np", "2"), "--min-np 2, but there are 1", id="min"),
        pytest.param(("--np", "2", "--min-np", "2"), "--min-np requires --hosts", id="no hosts"),
        pytest.param(("--ssh-port", "22"), "--ssh-port requires --hosts", id="SSH to nobody"),
        pytest.param(("--ssh-user", "me"), "--ssh-user requires --hosts", id="a user of nobody's"),
        pytest.param(
            ("--np", "2", "--network-interface", "lo"),
            "--network-interface requires --hosts or --hostfile",
            id="an interface to nobody",
        ),
        pytest.param(
            ("--launcher", "mpirun", "--bind-to", "cores"),
            "'cores' is not one of: none, hwthread, core,",
            id="a binding that is none",
        ),
        pytest.param(
            ("--hosts", "a:1", "--hosts", "b:2", "--np", "4"), "slots for 3", id="hosts twice"
        ),
        pytest.param(("--model_dir=x",), "belongs after `--`", id="a flag of the program"),
        pytest.param(
            ("--dry-run", "--check"), "--dry-run and --check cannot be", id="nothing runs"
        ),
        pytest.param(("--bind-to", "core"), "--bind-to requires --launcher mpirun", id="binding"),
        pytest.param(("--allow-run-as-root",), "requires --launcher mpirun", id="root"),
        pytest.param(("--launcher-args", "'"), "no closing quotation", id="a quote"),
        pytest.param(("--ssh-port", "0"), "not in the range", id="a port"),
        pytest.param(("--ssh-identity", "/no"), "does not exist", id="a key"),
    ],
)
def test_options_have_to_agree(options: tuple[str, ...], found: str, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("a slots=2\n")
    words = [word.replace("HERE", str(tmp_path / "hosts")) for word in options]
    result = run("train", tmp_path, *words)
    assert result.exit_code == 2
    assert found in result.stderr


def test_a_launcher_that_is_not_used_is_named(tmp_path: Path) -> None:
    result = run("train", tmp_path, "--launcher", "mpirun", "--stack", tmp_path)
    first, *_ = result.stderr.splitlines()
    assert first == "one worker on this machine is started without mpirun"
