"""`--version`: what a report of a bug has to say."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from patcher.packs import load_pack, shipped_packs
from patcher.packs.digests import digest_of
from patcher.resources import RULES, __version__
from tests.commands import process, run


def test_it_says_all_that_a_report_needs() -> None:
    pin = load_pack("documented").upstream
    assert pin is not None
    first, running, *rest = run("--version").stdout.splitlines()
    assert first == f"effpatch, version {__version__}"
    assert running == f"CPython {sys.version.split()[0]}, LibCST {version('libcst')}"
    assert rest == [
        f"pin {pin.repository}@{pin.commit}",
        *(f"pack {name} {digest_of(RULES / name)[:12]}" for name in shipped_packs()),
    ]


def test_it_loads_no_parser() -> None:
    code = (
        "import sys\nfrom patcher.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'libcst', 'git', 'rich'} & set(sys.modules)))\n"
    )
    assert process(sys.executable, "-c", code).stdout.splitlines()[-1] == "[]"


def test_a_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RULES / "supplement", tmp_path / "copy"))
    digest = digest_of(folder)
    assert digest == digest_of(RULES / "supplement")
    (folder / "pack.toml").rename(folder / "pock.toml")
    renamed = digest_of(folder)
    (folder / "pock.toml").write_text("")
    assert len({digest, renamed, digest_of(folder)}) == 3


def test_a_digest_can_be_had_by_other_programs() -> None:
    words = "find . -type f | sed 's:^./::' | sort | xargs sha256sum | sha256sum"
    env = {**os.environ, "LC_ALL": "C"}
    found = subprocess.check_output(words, shell=True, cwd=RULES / "documented", env=env, text=True)
    assert found.split()[0] == digest_of(RULES / "documented")
