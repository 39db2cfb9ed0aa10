"""What is read of files that somebody else has made, and how much of them."""

import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.reading import UnsuitableFileError, read, read_descriptor


def test_reads_up_to_the_limit_and_not_a_byte_more(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read(file, 5) == b"12345"
    with pytest.raises(UnsuitableFileError, match="larger than 4 bytes"):
        read(file, 4)


@pytest.mark.parametrize("size", [0, 1 << 20, 3 << 20])
def test_reads_a_file_of_any_size_that_is_allowed(tmp_path: Path, size: int) -> None:
    file, content = tmp_path / "file", os.urandom(size)
    file.write_bytes(content)
    assert read(file, size) == content


def test_a_sparse_file_is_refused_before_a_byte_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sparse"
    file.touch()
    os.truncate(file, 1 << 40)
    descriptor = os.open(file, os.O_RDONLY)
    try:
        with pytest.raises(UnsuitableFileError, match="larger than 1,000 bytes"):
            read_descriptor(descriptor, 1000)
        assert os.lseek(descriptor, 0, os.SEEK_CUR) == 0
    finally:
        os.close(descriptor)


def test_a_file_whose_size_is_not_known_beforehand_is_bounded_too() -> None:
    place = "/proc/self/maps"
    assert os.stat(place).st_size == 0
    with pytest.raises(UnsuitableFileError, match="larger than 10 bytes"):
        read(place, 10)
    assert read(place, 1 << 24)


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))


def _zeros(place: Path) -> None:
    place.symlink_to("/dev/zero")


def _loop(place: Path) -> None:
    place.symlink_to(place)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(_pipe, "not a regular file", id="a pipe that nobody writes to"),
        pytest.param(_zeros, "not a regular file", id="a link to a device without end"),
        pytest.param(Path.mkdir, "not a regular file", id="a folder"),
        pytest.param(_socket, "No such device or address", id="a socket"),
        pytest.param(_loop, "Too many levels of symbolic links", id="a link to itself"),
    ],
)
def test_what_is_no_regular_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / "file")
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match=said):
        read(tmp_path / "file", 100)
    assert set(os.listdir("/proc/self/fd")) == before, "a descriptor was left open"


def test_links_are_followed_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to("file")
    assert read(tmp_path / "link", 1) == b"1"
    with pytest.raises(OSError, match="Too many levels"):
        read(tmp_path / "link", 1, follow_links=False)


def test_a_path_can_start_from_an_open_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        assert read("file", 1, folder=folder) == b"1"
    finally:
        os.close(folder)


def test_a_large_limit_costs_no_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read(tmp_path / "file", 1 << 40) == b"1"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
