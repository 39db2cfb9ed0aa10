"""What a shell offers, by the protocol that it uses, and in bash itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from patcher.packs import known_packs, load_pack
from tests.commands import INSTALLED, process

DOCUMENTED, SUPPLEMENT = (
    [id_ for id_, _, _ in load_pack(name).entries()] for name in ("documented", "supplement")
)


def offered(line: str, cwd: Path, shell: str = "bash") -> list[str]:
    """What is offered for the end of a line, as `type,value`; nothing may be said beside it."""
    words = line.split(" ")
    more = {
        "_EFFPATCH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    done = process(INSTALLED, cwd=cwd, env={**os.environ, **more})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize("words", ["apply tree --only", "diff tree --skip", "revert tree --only"])
def test_the_rules_of_the_default_pack(words: str, tmp_path: Path) -> None:
    assert offered(f"effpatch {words} ", tmp_path) == [f"plain,{id_}" for id_ in DOCUMENTED]


@pytest.mark.parametrize("words", ["rules", "status tree --explain"])
def test_rules_that_are_named_alone(words: str, tmp_path: Path) -> None:
    main = [id_ for id_ in DOCUMENTED if id_.startswith("main-1")]
    assert offered(f"effpatch {words} main-1", tmp_path) == [f"plain,{id_}" for id_ in main]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("effpatch apply tree --pack supplement --only ", id="pack-of-the-command"),
        pytest.param("effpatch --pack supplement apply tree --only ", id="pack-before-it"),
        pytest.param("effpatch apply tree --only sup", id="begun"),
    ],
)
def test_the_rules_of_another_pack(words: str, tmp_path: Path) -> None:
    assert offered(words, tmp_path) == [f"plain,{id_}" for id_ in SUPPLEMENT]


def test_the_rules_of_a_pack_in_a_folder(tmp_path: Path) -> None:
    folder = next(file.parent for file in Path(__file__).parents[2].glob("examples/*/pack.toml"))
    ids = [id_ for id_, _, _ in load_pack(folder).entries()]
    assert offered(f"effpatch rules --pack {folder} ", tmp_path) == [f"plain,{id_}" for id_ in ids]


def test_what_follows_a_comma(tmp_path: Path) -> None:
    main = [id_ for id_ in DOCUMENTED if id_.startswith("main-") and id_ != "main-3"]
    wanted = [f"plain,main-3,{id_}" for id_ in main]
    assert offered("effpatch apply tree --only main-3,ma", tmp_path) == wanted


def test_the_rules_of_the_packs_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "effpatch.toml").write_text('packs = ["supplement"]\n')
    found = offered("effpatch apply tree --only ", tmp_path)
    assert found == [f"plain,{id_}" for id_ in SUPPLEMENT]


@pytest.mark.parametrize(
    "content", ["packs = [", "pack = []\n", 'packs = ["nowhere"]\n', "skip = 3\n"]
)
def test_a_file_that_is_wrong_stops_no_completion(content: str, tmp_path: Path) -> None:
    (tmp_path / "effpatch.toml").write_text(content)
    found = offered("effpatch -v apply tree --only main-1", tmp_path)
    assert "plain,main-11" in found


def test_an_unknown_pack_stops_no_completion(tmp_path: Path) -> None:
    assert offered("effpatch apply tree --pack nowhere --only ma", tmp_path) == [""]


def test_commands(tmp_path: Path) -> None:
    assert offered("effpatch re", tmp_path) == ["plain,revert", "plain,review"]
    assert offered("effpatch stack c", tmp_path) == ["plain,check", "plain,create"]


def test_titles_are_shown_where_a_shell_shows_them(tmp_path: Path) -> None:
    title = next(
        rule.title for id_, _, rule in load_pack("documented").entries() if id_ == "main-3"
    )
    found = offered("effpatch apply tree --only main-2,main-3", tmp_path, "zsh")
    assert found[:3] == ["plain", "main-2,main-3", title]
    (only,) = offered("effpatch apply tree --only main-2,main-3", tmp_path, "fish")[:1]
    assert only == f"plain,main-2,main-3\t{title}"


def test_fish_keeps_what_follows_a_comma() -> None:
    env = {**os.environ, "_EFFPATCH_COMPLETE": "fish_source"}
    assert 'string split -m 1 "," $completion' in process(INSTALLED, env=env).stdout


def test_completion_loads_no_parser() -> None:
    code = (
        "import sys\nfrom patcher.cli.main import main\n"
        "try:\n    main(prog_name='effpatch')\nexcept SystemExit:\n    pass\n"
        "print(sorted({'libcst', 'git', 'rich'} & set(sys.modules)))\n"
    )
    more = {
        "_EFFPATCH_COMPLETE": "bash_complete",
        "COMP_WORDS": "effpatch apply tree --only ma",
        "COMP_CWORD": "4",
    }
    lines = process(sys.executable, "-c", code, env={**os.environ, **more}).stdout.splitlines()
    assert ("plain,main-3" in lines, lines[-1]) == (True, "[]")


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        pytest.param("effpatch apply tree --only main-3,main-1", "main-3,main-1", id="list"),
        pytest.param("effpatch rules --pack suppl", "supplement", id="pack"),
        pytest.param("effpatch cov", "coverage", id="command"),
    ],
)
def test_in_bash(typed: str, completed: str, tmp_path: Path) -> None:
    """The script that bash is given is loaded, and its function called as bash calls it."""
    words = typed.split(" ")
    script = f"""
        source <(_EFFPATCH_COMPLETE=bash_source effpatch)
        COMP_WORDS=({" ".join(words)}) COMP_CWORD={len(words) - 1}
        $(complete -p effpatch | sed 's/.*-F \\([^ ]*\\).*/\\1/') effpatch
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    path = f"{INSTALLED.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = done.stdout.splitlines()
    assert found
    assert all(each.startswith(completed) for each in found)


def test_packs_that_are_known_are_offered(tmp_path: Path) -> None:
    assert offered("effpatch test ", tmp_path) == [f"plain,{name}" for name in known_packs()]
    assert offered("effpatch test ./x", tmp_path) == ["dir,./x"]
