import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patcher.errors import GitError
from patcher.resources import VENDOR
from patcher.tree.fetch import fetch
from tests.commands import git
from tests.rule_check import PIN
from tests.runtime.processes import Command
from tests.stacks import has_mpi

# Whatever started the tests may have them ignored, as nohup does and a shell in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Nothing here loses power, so that nothing waits for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which logs of unexpected errors are kept, in place of the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("state")
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the pin, which no test may change."""
    dest = tmp_path_factory.mktemp("upstream") / "automl"
    try:
        fetch(dest, PIN)
    except GitError as error:
        pytest.skip(f"the pin cannot be fetched here: {error}")
    return dest


@pytest.fixture(scope="session")
def documented() -> Path:
    """The document: beside the repository, or where EFFPATCH_DOCUMENT says."""
    beside = VENDOR.parent.parent / "shared" / "spec" / "efficientdet-changes.md"
    file = Path(os.environ.get("EFFPATCH_DOCUMENT") or beside)
    if not file.is_file():
        pytest.skip(f"the document is not at {file}")
    return file


@pytest.fixture
def upstream(pristine: Path, tmp_path: Path) -> Path:
    """A checkout of the pin, of a test's own."""
    return shutil.copytree(pristine, tmp_path / "automl", symlinks=True)


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A copy of the miniature tree, outside any git repository."""
    return shutil.copytree(VENDOR / "miniature", tmp_path / "miniature")


@pytest.fixture
def repository(miniature: Path) -> Path:
    """The miniature as a git repository with one commit."""
    git(miniature, "init", "--quiet")
    git(miniature, "add", ".")
    git(miniature, "commit", "--quiet", "--message", "the miniature")
    return miniature


@pytest.fixture
def authored(repository: Path) -> Path:
    """The miniature as a repository whose git knows who commits."""
    git(repository, "config", "user.name", "Tester")
    git(repository, "config", "user.email", "tester@localhost")
    return repository


@pytest.fixture
def author(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git knows who commits, in any folder."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@localhost")


@pytest.fixture
def linked(authored: Path) -> Path:
    """A repository in which one of the files is a link to another place in it."""
    (authored / "real").mkdir()
    git(authored, "mv", "efficientdet/utils.py", "real/utils.py")
    (authored / "efficientdet/utils.py").symlink_to("../real/utils.py")
    git(authored, "add", ".")
    git(authored, "commit", "--quiet", "--message", "link")
    return authored


@pytest.fixture
def rewrite(miniature: Path) -> Callable[[str, str, str], Path]:
    """Replace a text that stands in one file of the miniature."""

    def replace(name: str, old: str, new: str) -> Path:
        file = miniature / "efficientdet" / name
        text = file.read_text("utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), "utf-8")
        return file

    return replace


@pytest.fixture(scope="session")
def stack() -> Path:
    """The folder of a virtual environment with TensorFlow and Horovod."""
    folder = os.environ.get("EFFPATCH_STACK")
    if not folder:
        pytest.skip("EFFPATCH_STACK names no environment with TensorFlow and Horovod")
    return Path(folder)


@pytest.fixture(scope="session")
def mpi_stack(stack: Path) -> Path:
    """The same, if its Horovod works over MPI as well as Gloo."""
    if not has_mpi(stack):
        pytest.skip("the Horovod of EFFPATCH_STACK has no MPI; `stack create --mpi` builds one")
    return stack


@pytest.fixture(scope="session")
def gloo_stack() -> Path:
    """The folder of a virtual environment with TensorFlow and a Horovod without MPI."""
    names = ("EFFPATCH_STACK", "EFFPATCH_HPU_STACK")
    for folder in (Path(os.environ[name]) for name in names if os.environ.get(name)):
        if not has_mpi(folder):
            return folder
    pytest.skip(f"neither {' nor '.join(names)} names an environment with a Horovod without MPI")


@pytest.fixture(scope="session")
def stack_python(stack: Path) -> Command:
    """What runs the Python of that environment."""
    return (stack / "bin" / "python",)


@pytest.fixture
def hosts_folder(tmp_path: Path) -> Path:
    """An empty folder, for the files of hosts."""
    folder = tmp_path / "hosts"
    folder.mkdir()
    return folder
