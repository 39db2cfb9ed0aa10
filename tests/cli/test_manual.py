"""The help as a manual: its examples are run, its sentences are whole."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from patcher.cli.main import main
from patcher.cli.manual import Example
from patcher.resources import VENDOR
from tests.commands import git, run

# What no test here can run, and why. These command lines are read up to the command's function.
ONLY_READ = {
    "effpatch fetch newer --commit SHA": "SHA stands for the id of a commit",
    "effpatch verify vendor/automl --graph --stack stack": "needs a stack to train in",
    "effpatch stack create": "downloads and compiles for minutes",
    "effpatch train": "needs a stack to train in, and hosts",
    "effpatch demo --train": "needs a stack to train in",
    "effpatch demo --detect": "needs a stack to train in",
}
# How those end that do not end with 0; `stack check`, where this Python is no stack.
EXITS = {
    "effpatch status": {0, 1},
    "effpatch verify vendor/automl --against other-port": {1},
    "effpatch stack check": {0, 4},
}


def commands(context: click.Context, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, the groups first."""
    yield path
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            yield from commands(click.Context(command, context, name), (*path, name))


def command_of(path: tuple[str, ...]) -> click.Command:
    found: click.Command = main
    for name in path:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or main
    return found


PATHS = [*commands(click.Context(main, info_name="effpatch"))]
NAMED = [pytest.param(path, id=" ".join(path) or "effpatch") for path in PATHS]
EVERY = [(path, example) for path in PATHS for example in command_of(path).examples]  # type: ignore[attr-defined]


def of(table: dict[str, str], words: str) -> str | None:
    """What a table has for a command line, by how it begins."""
    return next((value for begin, value in table.items() if words.startswith(begin)), None)


@pytest.mark.parametrize("path", NAMED)
def test_every_command_has_examples_at_the_end_of_its_help(path: tuple[str, ...]) -> None:
    command = command_of(path)
    examples: tuple[Example, ...] = command.examples  # type: ignore[attr-defined]
    assert 2 <= len(examples) <= 5
    text = run(*path, "--help").stdout
    shown = "\n".join(f"  {each.words}\n    {each.effect}\n" for each in examples)
    assert text.endswith(f"\n\nExamples:\n{shown}")
    assert max(map(len, text.splitlines())) <= 80
    for each in examples:
        assert each.words.startswith(" ".join(("effpatch", *path)))
        assert each.effect.endswith(".")


@pytest.mark.parametrize("path", NAMED)
def test_the_list_of_commands_has_whole_sentences(path: tuple[str, ...]) -> None:
    text = run(*path, "--help").stdout
    assert "..." not in text.partition("\nCommands:\n")[2].partition("\nExamples:\n")[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(words, why, id=words)
        for words in dict.fromkeys(each.words for _, each in EVERY)
        if (why := of(ONLY_READ, words))
    ],
)
def test_an_example_that_is_not_run_is_read(
    words: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Click reads it up to the function of its command, so it has no option that there is not."""
    assert why
    called = list[str]()
    leaf = max((path for path in PATHS if words.startswith(" ".join(path), 9)), key=len)
    monkeypatch.setattr(command_of(leaf), "callback", lambda **_: called.append(words))
    result = run(*shlex.split(words)[1:])
    assert (result.exit_code, called) == (0, [words]), result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the examples name, and a git that finds the upstream here."""
    tree = shutil.copytree(VENDOR / "miniature", tmp_path / "vendor" / "automl")
    git(tree, "init", "--quiet")
    git(tree, "config", "user.name", "Tester")
    git(tree, "config", "user.email", "tester@localhost")
    git(tree, "config", "uploadpack.allowFilter", "true")
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "--message", "the miniature")
    for name in ("old", "newer"):
        shutil.copytree(VENDOR / "miniature", tmp_path / name)
    for name in ("new", "other-port"):
        shutil.copytree(VENDOR / "miniature", tmp_path / name)
        assert run("apply", tmp_path / name, "--skip", "main-3").exit_code == 0
    port = run("diff", tmp_path / "old", "--skip", "main-3").stdout
    (tmp_path / "port.patch").write_text(port)
    (tmp_path / "stack").symlink_to(sys.prefix)
    (tmp_path / "CHANGES.md").write_text(run("rules", "--format", "markdown").stdout)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{tree}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/google/automl")
    return tmp_path


def ended(words: str) -> Result:
    result = CliRunner().invoke(main, shlex.split(words)[1:], input="q\n")
    assert result.exit_code in next(
        (codes for begin, codes in EXITS.items() if words.startswith(begin)), {0}
    ), f"{words}: {result.output}"
    return result


# What is done before the examples of a command.
BEFORE = {
    "verify": ["effpatch apply vendor/automl"],
    "revert": ["effpatch apply vendor/automl"],
    "test": ["effpatch infer old new -o mine"],
}
# The examples that make what those that follow find in the way.
MAKING = ("effpatch new", "effpatch infer")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=" ".join(path))
        for path in PATHS
        if path not in ((), ("fetch",), ("test",))
        and any(not of(ONLY_READ, each.words) for at, each in EVERY if at == path)
    ],
)
def test_examples_do_what_they_say(path: tuple[str, ...], folder: Path) -> None:
    """Those of one command, one after the other, in a folder with the miniature."""
    for words in BEFORE.get(path[0], ()):
        ended(words)
    shutil.copytree("vendor", "kept", symlinks=True)
    for example in (each for at, each in EVERY if at == path):
        if of(ONLY_READ, example.words):
            continue
        assert ended(example.words).output
        if example.words.startswith(MAKING):
            assert Path("mine", "pack.toml").is_file()
            shutil.rmtree("mine")
        if path == ("apply",):  # each of its examples is for a tree as it was before
            shutil.rmtree("vendor")
            shutil.copytree("kept", "vendor", symlinks=True)


def test_examples_that_apply_commit(folder: Path) -> None:
    tree = folder / "vendor" / "automl"
    ended("effpatch apply vendor/automl --commit-per-rule --branch port")
    assert git(tree, "branch", "--show-current") == "port\n"


@pytest.mark.parametrize("path", [(), ("fetch",), ("test",)], ids=["effpatch", "fetch", "test"])
def test_examples_do_what_they_say_with_the_pin(
    path: tuple[str, ...], pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Skipped where the pin cannot be fetched."""
    monkeypatch.chdir(tmp_path)
    if path == ("test",):
        shutil.copytree(Path(__file__).parents[2] / "rules" / "supplement", "mine")
        shutil.copytree(pristine, Path("vendor", "automl"), symlinks=True)
    for example in (each for at, each in EVERY if at == path):
        if not of(ONLY_READ, example.words):
            ended(example.words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["aply", "tree"], "no command 'aply'; did you mean apply?", id="close"),
        pytest.param(["stack", "chek"], "no command 'chek'; did you mean check?", id="below"),
        pytest.param(
            ["zzz"], "no command 'zzz'; `effpatch --help` lists the commands", id="nothing-close"
        ),
    ],
)
def test_an_unknown_command(words: list[str], said: str) -> None:
    result = CliRunner().invoke(main, words, prog_name="effpatch")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {said}"


def test_a_misspelled_option_is_click_s() -> None:
    result = run("apply", "tree", "--onyl", "main-3")
    assert result.exit_code == 2
    assert "--only" in result.stderr.splitlines()[-1]


def test_the_help_of_the_group_names_the_configuration_file() -> None:
    assert "effpatch.toml" in run("--help").stdout
