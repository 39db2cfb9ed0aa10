"""What is wrong with a host is said before anything starts there: a real one, made wrong."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands import INSTALLED
from tests.stacks import has_mpi
from tests.training.hosts import Host, hosts
from tests.training.test_hosts import send
from tests.training.test_interruption import wait_for
from tests.training.test_train import SIZE

NAMES = ("one", "two", "three")
LISTED = "one:1,two:1,three:1"
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with data for three workers, which nobody reads."""
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "results").mkdir()
    for number in range(4):
        (folder / f"train-{number}").write_bytes(b"?")
    return folder


def words(tree: Path, stack: Path, *options: str, hosts: str = LISTED) -> list[str]:
    common = ("--stack", stack, "--hosts", hosts, "--device", "cpu", *options, "--")
    folder = tree.parent / "results" / "model"
    pattern = f"--training_file_pattern={tree.parent}/data/train-*"
    flags = (SIZE, f"--model_dir={folder}", "--num_examples_per_epoch=24")
    return [*map(str, (INSTALLED, "train", tree, *common, *flags, pattern))]


def refused(first: Host, tree: Path, stack: Path, *options: str, hosts: str = LISTED) -> list[str]:
    """What is said of hosts that cannot be used: the rows of the table, and the error.

    Nothing is started, and nothing written.
    """
    done = first.run(*words(tree, stack, *options, hosts=hosts))
    assert done.returncode == 4, done.stdout + done.stderr
    assert not (tree.parent / "results" / "model").exists()
    (error,) = done.stderr.splitlines()
    return [*done.stdout.splitlines(), error]


def test_hosts_that_can_be_used_are_shown(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, NAMES) as (first, *_):
        done = first.run(*words(ported, stack, "--check"))
    assert done.returncode == 0, done.stderr
    head, *rows, _, summary = done.stdout.splitlines()
    assert head.split() == ["host", "slots"]
    assert [row.split()[:3] for row in rows] == [[name, "ready", "1"] for name in NAMES]
    assert all(" horovod 0.28.1, 10.213.7." in row and " by eth0, clock " in row for row in rows)
    assert summary == "3 hosts: ready"
    assert not (ported.parent / "results" / "model").exists()


# What a shell does on the second host: how it is made wrong, and what is said of that.
WRONG = {
    "key": (
        "mount --bind /dev/null FOLDER/ssh/id_ed25519.pub",
        "refuses the SSH key; add your key to its authorized_keys, or correct --ssh-identity or",
    ),
    "no stack": (
        "mount -t tmpfs none @STACK",
        "no @STACK/bin/python there, expected the same stack; make the same stack there with",
    ),
    "no folder for a stack": (
        "mount -t tmpfs none @STACK && touch @STACK/bin",
        "it cannot run its stack (bash: line 1: @STACK/bin/python: Not a directory), expected the",
    ),
    "another version": (
        "mount --bind FOLDER/METADATA @SITE/horovod-0.28.1.dist-info/METADATA",
        "horovod 0.27.0, expected horovod 0.28.1 as here; make the same stack there with",
    ),
    "no tree": (
        "mount -t tmpfs none @TREE",
        "no @TREE/efficientdet there, expected the same modules as here; copy the patched tree",
    ),
    "another tree": (
        "mount --bind @TREE/efficientdet/utils.py @TREE/efficientdet/main.py",
        "main.py in @TREE/efficientdet differs, expected the same modules as here; copy the pa",
    ),
    "no data": (
        "mount -t tmpfs none @DATA",
        "no file for --training_file_pattern=@DATA/train-*, expected the data on every host; copy",
    ),
    "less data": (
        "mount --bind @DATA FOLDER/mnt && mount -t tmpfs none @DATA && cp FOLDER/mnt/*-[012] @DATA",
        "files for --training_file_pattern are 3 where the first host has 4, expected the same",
    ),
    "too few files": (
        "mount --bind @DATA FOLDER/mnt && mount -t tmpfs none @DATA && cp FOLDER/mnt/*-0 @DATA",
        "1 file for --training_file_pattern, and 3 workers, expected at least one for each; split",
    ),
    "a link to no data": (
        "mount --bind @DATA FOLDER/mnt && mount -t tmpfs none @DATA && cp FOLDER/mnt/* @DATA && "
        "ln -sf /nowhere @DATA/train-2",
        "cannot read @DATA/train-2, for --training_file_pattern; correct the link or the permis",
    ),
    "other data": (
        "mount --bind /etc/passwd @DATA/train-2",
        "files for --training_file_pattern are of other sizes or names than on the first host, exp",
    ),
    "interface": (
        "ip link set eth0 down && ip link set eth0 name ens5 && ip link set ens5 up",
        "no network interface eth0 with an address; it has ens5, expected one of the same name on",
    ),
    "ports": (
        "echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range; python3 -Ic 'import socket, "
        'time; s = socket.create_server(("", 40000)); time.sleep(600)\' & sleep 0.5',
        "no free port (address already in use), expected one for each worker; end what takes them",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_host_that_cannot_be_used_is_said(
    kind: str, ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    (site,) = stack.glob("lib/python*/site-packages")
    (hosts_folder / "mnt").mkdir()
    metadata = (site / "horovod-0.28.1.dist-info" / "METADATA").read_text()
    (hosts_folder / "METADATA").write_text(
        metadata.replace("Version: 0.28.1", "Version: 0.27.0", 1)
    )
    known = {"@STACK": stack, "@SITE": site, "@TREE": ported, "@DATA": data}
    wrong, said = WRONG[kind]
    for name, path in known.items():
        wrong, said = wrong.replace(name, str(path)), said.replace(name, str(path))
    with hosts(hosts_folder, NAMES, more={"two": wrong}) as (first, *_):
        *rows, error = refused(first, ported, stack)
    found = [row.split(maxsplit=3) for row in rows if " unfit " in row]
    assert [row[:3] for row in found] == [["two", "unfit", "1"]]
    assert said in found[0][3]
    assert error == f"two: {found[0][3]}"
    assert rows[-1] == "3 hosts: 1 cannot be used"


OWN = "in its /etc/hosts, give two the address that the other hosts use"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "127.0.1.1",
            "resolves to 127.0.1.1, expected an address at which the other hosts can reach it",
        ),
        ("10.9.9.9", "resolves to 10.9.9.9, which is not its, expected an address at which"),
    ],
)
def test_a_name_that_others_cannot_use_is_said(
    address: str, said: str, ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """The first is what Debian gives a machine's own name. Over MPI, no such name is used."""
    with hosts(hosts_folder, NAMES, {"two": address}) as (first, *_):
        *_, error = refused(first, ported, stack)
        assert error.startswith(f"two: its own name `two` {said}")
        assert OWN in error
        over_mpi = ("--launcher", "mpirun", "--allow-run-as-root", "--check")
        done = first.run(*words(ported, stack, *over_mpi))
        has_it = bool(shutil.which("mpirun")) and has_mpi(stack)
        assert done.returncode == (0 if has_it else 4), done.stderr


def test_hosts_that_cannot_connect_to_each_other_are_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """Though the first one, which asks them, reaches both."""
    no_way = {"two": "ip route add unreachable 10.213.7.3/32"}
    with hosts(hosts_folder, NAMES, more=no_way) as (first, *_):
        *rows, error = refused(first, ported, stack)
    assert [row.split()[0] for row in rows if " unfit " in row] == ["two", "three"]
    assert error.startswith("two: cannot connect to three at 10.213.7.3:")
    assert "; let the hosts connect to each other on all ports from 1024 on, by" in error


def test_a_host_of_two_names_is_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """A launcher would count the workers of each, and give both the first device."""
    listed = "one:1,two:1,10.213.7.2:1"
    with hosts(hosts_folder, NAMES) as (first, *_):
        *_, error = refused(first, ported, stack, hosts=listed)
    assert error == (
        "10.213.7.2: is the same machine as two, expected each host once; name it once, with the "
        "slots of both"
    )


def test_hosts_are_to_connect_by_the_interface_that_is_named(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """Which leads nowhere here, where the addresses of their names do."""
    link = (
        "ip link add ib0 type bridge && ip address add 10.9.9.{}/24 dev ib0 && ip link set ib0 up"
    )
    more = {name: link.format(number) for number, name in enumerate(NAMES, 1)}
    with hosts(hosts_folder, NAMES, more=more) as (first, *_):
        *_, error = refused(first, ported, stack, "--network-interface", "ib0")
    assert error.startswith("one: cannot connect to two at 10.9.9.2:")


def test_a_host_without_power_is_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, NAMES) as (first, second, _):
        second.power_off()
        *_, error = refused(first, ported, stack)
    assert error.startswith("two: host two cannot be reached over SSH (")
    assert error.endswith("; check that it is running and that its name in --hosts is correct")


def test_what_is_no_host_is_said(ported: Path, stack: Path, hosts_folder: Path, data: Path) -> None:
    with hosts(hosts_folder, NAMES) as (first, *_):
        *_, error = refused(first, ported, stack, hosts="one:1,four:1")
    assert (
        error
        == "four: there is no host four; correct --hosts or --hostfile, or name it in /etc/hosts"
    )


def test_a_host_whose_slots_are_not_needed_is_left_out_only_by_request(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    options, listed = ("--np=2", "--check"), "one:2,four:1"
    with hosts(hosts_folder, NAMES) as (first, *_):
        *_, error = refused(first, ported, stack, *options, hosts=listed)
        done = first.run(*words(ported, stack, *options, "--min-np=2", hosts=listed))
    assert error.startswith("four: there is no host four; ")
    assert done.returncode == 0, done.stderr
    assert "2 hosts: 1 cannot be used" in done.stdout


def test_a_key_that_has_changed_is_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, NAMES) as (first, *_):
        key = (hosts_folder / "ssh" / "id_ed25519.pub").read_text()
        (hosts_folder / "ssh" / "known_hosts").write_text(f"two {key}")
        *_, error = refused(first, ported, stack)
    assert error.startswith("two: SSH does not know the key that the host has now; make sure that")


def test_a_clock_that_is_wrong_is_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    if not FAKETIME:
        pytest.skip("there is no libfaketime to set the clock of one host")
    clock = {"two": f"-o SetEnv='LD_PRELOAD={FAKETIME} FAKETIME=+2h'"}
    with hosts(hosts_folder, NAMES, options=clock) as (first, *_):
        *_, error = refused(first, ported, stack)
    assert error.startswith("two: its clock is 7200 s ahead, expected at most 60 s; set it, or")


def test_a_first_host_without_data_makes_no_other_one_unfit(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, NAMES) as (first, second, _):
        assert second.run("mount", "-t", "tmpfs", "none", str(data)).returncode == 0
        *rows, error = refused(first, ported, stack, hosts="two:1,one:1,three:1")
    assert [row.split()[0] for row in rows if " unfit " in row] == ["two"]
    assert error.startswith("two: no file for --training_file_pattern=")


def shell(folder: Path, script: str) -> str:
    """The options of an sshd by which a shell does something before each command."""
    (folder / "shell").write_text(f'{script}\nexec bash -c "$SSH_ORIGINAL_COMMAND"\n')
    return f"-o 'ForceCommand=bash {folder}/shell'"


def test_a_shell_may_leave_a_line_open(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """As one that sets the title of a terminal does when it starts."""
    title = shell(hosts_folder, f"printf '\\033]0;two\\007'; touch {hosts_folder}/printed")
    with hosts(hosts_folder, NAMES, options={"two": title}) as (first, *_):
        done = first.run(*words(ported, stack, "--check"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (hosts_folder / "printed").exists()


def test_ctrl_c_does_not_wait_for_a_host_that_hangs(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """As where a folder that its shell looks into does not answer."""
    hangs = shell(hosts_folder, f"touch {hosts_folder}/hangs; sleep 50")
    with hosts(hosts_folder, NAMES, options={"two": hangs}) as (first, *_):
        started = first.begin(*words(ported, stack, "--check"))
        wait_for((hosts_folder / "hangs").exists, 30)
        send(started, signal.SIGINT)
        started.communicate(timeout=20)
    assert started.returncode == 130


def test_without_ssh_it_is_said_at_once(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, NAMES) as (first, *_):
        start = time.monotonic()
        done = first.run("env", "PATH=/nowhere", *words(ported, stack, "--check"))
        assert time.monotonic() - start < 30
    assert done.returncode == 4
    assert done.stderr.startswith("PATH: no ssh, expected one to reach other hosts; install it")


@pytest.mark.parametrize("options", [("--sample-data",), ("--max-restarts=1", "--min-np=3")])
def test_results_that_a_host_does_not_see_are_said(
    options: tuple[str, ...],
    ported: Path,
    stack: Path,
    hosts_folder: Path,
    data: Path,
    tmp_path: Path,
) -> None:
    """Of sample data, or where the first worker may come to run there."""
    results = tmp_path / "results"
    with hosts(hosts_folder, NAMES) as (first, second, _):
        second.run("mount", "-t", "tmpfs", "none", str(results))
        *_, error = refused(first, ported, stack, *options)
    assert error.startswith(f"two: does not see what is in {results}/model, expected the same fol")
    assert error.endswith("; name a --model_dir in a folder that all hosts share")
    assert not [*results.iterdir()]


def test_all_that_is_wrong_is_said(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    """In the table, and as the number of what comes besides the first one."""
    with hosts(hosts_folder, NAMES, {"two": "127.0.1.1"}) as (first, second, third):
        third.power_off()
        assert second.run("mount", "-t", "tmpfs", "none", str(data)).returncode == 0
        *rows, error = refused(first, ported, stack)
    assert sum(" unfit " in row for row in rows) == 3
    assert error.startswith("two: no file for --training_file_pattern=")
    assert error.endswith("; the table shows 2 more")


def test_a_launching_machine_needs_no_slots(
    ported: Path, stack: Path, hosts_folder: Path, data: Path
) -> None:
    with hosts(hosts_folder, ["login", *NAMES]) as (login, *_):
        done = login.run(*words(ported, stack, "--check"))
    assert done.returncode == 0, done.stderr
    rows = [row.split()[:3] for row in done.stdout.splitlines()[1:5]]
    assert rows == [["localhost", "ready", "-"], *([name, "ready", "1"] for name in NAMES)]


def test_this_machine_alone_can_be_checked(ported: Path, stack: Path, data: Path) -> None:
    command = [word for word in words(ported, stack, "--check") if word not in ("--hosts", LISTED)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].split()[:3] == ["localhost", "ready", "1"]
    assert done.stdout.splitlines()[-1] == "1 host: ready"


@pytest.fixture
def other_ways(hosts_folder: Path) -> Mapping[str, str]:
    """What makes sshd listen elsewhere, and accept another key, of another user."""
    key = hosts_folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return dict.fromkeys(NAMES, f"-p 2222 -o AuthorizedKeysFile={key}.pub")


def test_ssh_is_used_as_the_user_says(
    ported: Path, stack: Path, hosts_folder: Path, data: Path, other_ways: Mapping[str, str]
) -> None:
    with hosts(hosts_folder, NAMES, options=other_ways) as (first, *_):
        ways = ("--ssh-port", "2222", "--ssh-identity", f"{hosts_folder}/key", "--ssh-user", "root")
        done = first.run(*words(ported, stack, "--check", *ways))
        assert done.returncode == 0, done.stdout + done.stderr
        nobody = first.run(*words(ported, stack, "--check", *ways[:4], "--ssh-user", "nobody"))
        assert nobody.returncode == 4
        assert (
            "nobody@two: Permission denied" in nobody.stderr
            or "refuses the SSH key" in nobody.stderr
        )
        without = first.run(*words(ported, stack, "--check"))
    assert without.returncode == 4
    assert "host two cannot be reached over SSH (Connection refused)" in without.stderr
