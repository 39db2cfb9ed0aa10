"""The log of an unexpected error: its content, its folder, and how many logs are kept."""

import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.cli import crash_log
from patcher.resources import __version__


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the logs of a test are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "effpatch"


def raised(error: BaseException) -> BaseException:
    """An error with a traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


def text(error: BaseException) -> str:
    """The log of an error."""
    file = crash_log.write(raised(error))
    assert file is not None
    return file.read_text("utf-8")


def test_a_log_has_versions_platform_command_and_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/opt/bin/effpatch", "status", "my tree"])
    lines = text(KeyError("name")).splitlines()
    assert lines[:5] == [
        f"effpatch {__version__}",
        f"{platform.python_implementation()} {platform.python_version()}",
        platform.platform(),
        "$ effpatch status 'my tree'",
        "",
    ]
    assert lines[5] == "Traceback (most recent call last):"
    assert "test_crash_log.py" in lines[6]
    assert lines[-1] == "KeyError: 'name'"
    (file,) = folder.iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}-\d{6}-\w+\.log", file.name)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        pytest.param("/home/me/tree/a.py", "~/tree/a.py", id="a path in it"),
        pytest.param("'/home/me'", "'~'", id="the directory itself"),
        pytest.param("--commit=/home/me/x", "--commit=~/x", id="an option"),
        pytest.param("file:///home/me/x", "file://~/x", id="an address"),
        pytest.param("/home/men/a.py", "/home/men/a.py", id="a longer name"),
        pytest.param("/mnt/home/me/a.py", "/mnt/home/me/a.py", id="a name further down"),
    ],
)
def test_the_home_directory_is_not_named(
    said: str, logged: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert text(ValueError(said)).endswith(f"ValueError: {logged}\n")


def test_credentials_are_not_logged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["effpatch", "stack", "create", "--index-url", "https://user:t0ken@host/simple"]
    monkeypatch.setattr(sys, "argv", words)
    log = text(RuntimeError("no answer of https://t0ken%40x:t0ken%2F@host/simple"))
    assert log.count("https://****@host/simple") == 2
    assert "t0ken" not in log


def test_a_home_that_holds_everything_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/")
    assert text(ValueError("/srv/tree")).endswith("ValueError: /srv/tree\n")


def test_no_environment_variable_is_logged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFFPATCH_SECRET", "hush-hush")
    assert "hush-hush" not in text(RuntimeError("as it is"))


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        pytest.param(None, ".local/state/effpatch", id="not set"),
        pytest.param("", ".local/state/effpatch", id="empty"),
        pytest.param("relative", ".local/state/effpatch", id="relative"),
        pytest.param("{home}/own", "own/effpatch", id="set"),
    ],
)
def test_logs_are_in_the_state_folder(
    variable: str | None, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME")
    if variable is not None:
        monkeypatch.setenv("XDG_STATE_HOME", variable.format(home=tmp_path))
    file = crash_log.write(raised(KeyError("name")))
    assert file is not None
    assert file.parent == tmp_path / place


def test_the_last_logs_are_kept(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine\n")
    files = [crash_log.write(raised(KeyError(number))) for number in range(crash_log.KEPT + 5)]
    assert len(set(files)) == len(files)
    assert sorted(folder.glob("*.log")) == files[5:]
    assert (folder / "notes.txt").exists()


def _put_a_file_there(state: Path) -> None:
    state.write_text("")


def _lead_nowhere(state: Path) -> None:
    state.symlink_to("/proc/nowhere")  # where not even root makes folders


def _lead_in_a_circle(state: Path) -> None:
    state.symlink_to(state.name)


@pytest.mark.parametrize("bar", [_put_a_file_there, _lead_nowhere, _lead_in_a_circle])
def test_a_log_that_cannot_be_written_is_none(bar: Callable[[Path], None], folder: Path) -> None:
    bar(folder.parent)
    assert crash_log.write(raised(KeyError("name"))) is None


class _Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no word")


@pytest.mark.parametrize(
    ("error", "last"),
    [
        pytest.param(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "bad", id="bytes"),
        pytest.param(ValueError("\udcff"), "\\xff", id="half a character"),
        pytest.param(ValueError("\x1b[8m"), "\\x1b[8m", id="an escape sequence"),
        pytest.param(_Mute(), "_Mute: <exception str() failed>", id="no words"),
    ],
)
def test_any_error_can_be_logged(error: Exception, last: str, folder: Path) -> None:
    assert text(error).rstrip().endswith(last)
