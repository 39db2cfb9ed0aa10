"""Each package comes from one index, and what opens that index is shown nowhere.

The real pip talks to two indexes on this machine, which both ask for a password.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import psutil
import pytest

from patcher.errors import StackError, masked
from patcher.training import processes
from patcher.training.indexes import read_sources
from patcher.training.recipe import Recipe, Step, requirements
from tests.commands import run
from tests.stacks import makes_stacks
from tests.training.packages import put, served, wheel
from tests.training.releases import hpu, passing_for

TOKENS = ("t0ken/of+vendor", "publ1c%t0ken")
SHOWN = (*TOKENS, "t0ken%2Fof%2Bvendor", "publ1c%25t0ken", "someone")
LIBRARY = hpu().accelerator.library
VERSION = hpu().release.library
STEP = f"{LIBRARY} {VERSION}"  # the title of the step that installs it
BUILT = ("setuptools", "horovod")  # which a real pip would have to build with, or build


class Indexes(NamedTuple):
    """Two indexes by their folders, addresses and the paths that they were asked for."""

    vendor: Path
    public: Path
    vendor_url: str
    public_url: str
    asked: list[str]


@pytest.fixture
def indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Indexes]:
    """The vendor's has a higher version of what is the public one's; both have its library.

    The user has made pip look at both, in two ways.
    """
    vendor, public = tmp_path / "vendor", tmp_path / "public"
    names = {each.name for extra in ("train", "horovod-build") for each in requirements(extra)}
    ours = dict.fromkeys(names - {*BUILT}, "99.0")
    framework = hpu().release.framework[0]
    lower = {"tensorflow-cpu": framework, "opencv-python-headless": "4.9", "cmake": "3.30"}
    put(public, {name: lower.get(name, "98.0") for name in ours}, "public")
    put(public, {LIBRARY: VERSION, "needed": "1.0"}, "public")
    put(vendor, {**ours, "cmake": "3.99", "needed": "99.0"}, "vendor")
    wheel(vendor, LIBRARY, VERSION, "vendor", "needed")
    settings = tmp_path / "pip.conf"
    with (
        served(vendor, "someone", TOKENS[0]) as (vendor_url, asked),
        served(public, TOKENS[1], "") as (public_url, _),
    ):
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(name)
        settings.write_text(f"[global]\nextra-index-url = {vendor_url}\n[install]\nuser = yes\n")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
        monkeypatch.setenv("PIP_INDEX_URL", public_url)
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", vendor_url)
        monkeypatch.setenv("PIP_FIND_LINKS", str(vendor / "simple" / "needed"))
        monkeypatch.setenv("PIP_CONSTRAINT", "none.txt")
        (tmp_path / "none.txt").touch()
        monkeypatch.chdir(tmp_path)
        yield Indexes(vendor, public, vendor_url, public_url, asked)


def made(step: Step, folder: Path) -> str:
    """Run a step as `stack create` does; gives its output."""
    output: list[str] = []
    code = processes.run(step.command, step.environment, output.append, folder)
    assert code == 0, output
    return masked("\n".join(output), step.secrets)


@pytest.fixture
def commands() -> Iterator[set[str]]:
    """The command lines of all that is started meanwhile."""
    found: set[str] = set()
    ended, this = Event(), psutil.Process()

    def watch() -> None:
        while not ended.is_set():
            for process in this.children(recursive=True):
                with suppress(psutil.Error):
                    found.add(" ".join(process.cmdline()))
            time.sleep(0.02)

    watcher = Thread(target=watch)
    watcher.start()
    yield found
    ended.set()
    watcher.join()


@makes_stacks
def test_each_package_is_of_its_own_index(
    indexes: Indexes, commands: set[str], tmp_path: Path
) -> None:
    """Though the other has a higher version of it; and what opens an index is in no command."""
    recipe = Recipe(tmp_path / "stack", sys.executable, hpu(indexes.vendor_url))
    recipe.temporary.mkdir(parents=True)
    printed = ""
    for step in recipe.steps():
        assert not [token for token in SHOWN if token in " ".join(step.command)]
        if not step.title.startswith(("Horovod", "import")):
            printed += made(step, recipe.temporary)
    (site,) = recipe.folder.glob("lib/python*/site-packages")
    whose = {
        each.metadata["Name"]: each.metadata["Summary"] for each in distributions(path=[str(site)])
    }
    assert whose.pop(LIBRARY) == "vendor"
    assert {whose[name] for name in whose.keys() - {"pip", "setuptools"}} == {"public"}
    assert {"needed", "tensorflow-cpu", "six", "cmake"} <= whose.keys()
    assert {path.split("/")[2] for path in indexes.asked} == {LIBRARY}
    assert any("pip install" in command for command in commands)
    assert not [token for token in SHOWN if token in " ".join(commands)]
    assert "http://****@127.0.0.1" in printed
    assert not [token for token in SHOWN if token in printed]


def test_without_an_index_of_its_own_the_library_is_the_public_one(
    indexes: Indexes, tmp_path: Path
) -> None:
    recipe = Recipe(tmp_path / "stack", sys.executable, hpu())
    recipe.temporary.mkdir(parents=True)
    for step in recipe.steps():
        if step.title in ("virtual environment", STEP):
            made(step, recipe.temporary)
    (site,) = recipe.folder.glob("lib/python*/site-packages")
    (found,) = distributions(name=LIBRARY, path=[str(site)])
    assert (found.version, found.metadata["Summary"]) == (VERSION, "public")
    assert not indexes.asked


def test_a_package_that_brings_its_own_source_is_refused(indexes: Indexes, tmp_path: Path) -> None:
    for file in (indexes.vendor / "simple" / LIBRARY).iterdir():
        file.unlink()
    wheel(indexes.vendor, LIBRARY, VERSION, "vendor", "six @ http://127.0.0.1:9/six.whl")
    recipe = Recipe(tmp_path / "stack", sys.executable, hpu(indexes.vendor_url))
    recipe.temporary.mkdir(parents=True)
    steps = recipe.steps()
    for step in steps:
        if step.title in ("virtual environment", STEP):
            made(step, recipe.temporary)
        if step.title == STEP:
            break
    with pytest.raises(StackError, match=f"{LIBRARY}: requires six @ http"):
        next(steps)


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("spoilt", ["missing", "refused", "no index"])
def test_no_log_or_message_shows_a_token(
    spoilt: str, indexes: Indexes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the command, which fails in three ways."""
    url = indexes.public_url
    if spoilt == "missing":
        for file in (indexes.public / "simple" / "cmake").iterdir():
            file.unlink()
    elif spoilt == "refused":
        monkeypatch.setenv("PIP_INDEX_URL", url.replace("publ1c", "wrong-publ1c"))
    else:
        monkeypatch.setenv("PIP_INDEX_URL", url.replace("/simple", ":nonsense/simple"))
    monkeypatch.setenv("EFFPATCH_INDEX_URL", indexes.vendor_url)
    python = passing_for(hpu().release.python[0], tmp_path / "python")
    done = run("stack", "create", tmp_path / "stack", "--hpu", "--python", python)
    assert done.exit_code == 4
    log = (tmp_path / "stack" / "effpatch-stack.log").read_text()
    assert "== build tools for Horovod: " in log
    assert "****@127.0.0.1" in log
    assert not [token for token in SHOWN if token in log + done.output + done.stderr]


def test_the_settings_of_pip_are_read_as_it_ranks_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[install]\nproxy = http://one\ncert = my cert.pem\n[global]\nproxy = http://two\n"
        "pypi-url = http://other\n"
        "timeout = 3\ntarget = /elsewhere\nlog = /elsewhere\ntrusted-host = a\n  b\n"
        "[download]\nretries = 3\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", "pip.conf")
    monkeypatch.setenv("PIP_TIMEOUT", "4")
    monkeypatch.setenv("PIP_QUIET", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "http://mine")
    sources = read_sources(Path(sys.executable), os.environ)
    found = sources.public()
    assert not {"PIP_TARGET", "PIP_LOG", "PIP_RETRIES"} & found.keys()
    assert found == {
        **sources.of("http://mine"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://mine",
        "PIP_PROXY": "http://one",
        "PIP_TIMEOUT": "4",
        "PIP_CERT": str(tmp_path / "my cert.pem"),
        "PIP_TRUSTED_HOST": "a\nb",
    } | {name: found[name] for name in ("PIP_CONSTRAINT",) if name in found}
    monkeypatch.delenv("PIP_INDEX_URL")
    python = Path(sys.executable)
    assert read_sources(python, os.environ).public()["PIP_INDEX_URL"] == "http://other"
    settings.write_text("")
    assert read_sources(python, os.environ).public()["PIP_INDEX_URL"] == "https://pypi.org/simple"
    monkeypatch.setenv("PIP_NO_INDEX", "y")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    found = read_sources(python, os.environ).public()
    assert (found["PIP_FIND_LINKS"], found["PIP_NO_INDEX"]) == (str(tmp_path / "wheels"), "1")
    assert "PIP_INDEX_URL" not in found


def test_settings_that_pip_cannot_read_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("index-url = https://someone:t0ken@host/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    with pytest.raises(StackError, match="pip: cannot read its settings") as raised:
        read_sources(Path(sys.executable), os.environ)
    assert "t0ken" not in str(raised.value)
