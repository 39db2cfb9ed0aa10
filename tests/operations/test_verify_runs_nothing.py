"""`verify` neither imports nor executes anything of a tree, whatever lies in it."""

import ast
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from patcher.resources import VENDOR
from tests.commands import contents, process, run

_PACKAGE = Path(__file__).parents[2] / "patcher"
_UPSAMPLING = "efficientdet/efficientdet_arch.py"
# A module that says so when it is imported, under names that someone might import.
_TRAP = "open({mark!r}, 'w').close()\n"
_NAMES = ("tensorflow", "horovod", "numpy", "click", "git", "libcst", "pyflakes")
# Runs the command, and writes down whatever Python compiles into code, executes or imports.
_WATCHED = """\
import sys
sys.path.remove("")
import json
sys.argv[0] = "effpatch"
seen = []
def watch(event, args):
    if event == "exec":
        seen.append(args[0].co_filename)
    elif event == "import" and args[1]:
        seen.append(args[1])
    elif event in ("os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen"):
        seen.append(event)
from patcher.cli.main import main
sys.addaudithook(watch)
try:
    main()
finally:
    json.dump(seen, open({log!r}, "w"))
"""
_ATTACKS = [
    pytest.param("import os\n  os._exit(0)", id="exit"),
    pytest.param("open({mark!r}, 'w').close()", id="file"),
    pytest.param("().__class__.__base__.__subclasses__()", id="classes"),
    pytest.param("while True: pass", id="endless"),
    pytest.param("[0] * 10 ** 12", id="memory"),
    pytest.param("10 ** 10 ** 10", id="number"),
]


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "ran"


@pytest.fixture
def trapped(miniature: Path, mark: Path) -> Path:
    """A patched tree in which every file says so when it is run, and other modules lie."""
    run("apply", miniature)
    trap = _TRAP.format(mark=str(mark))
    for name in _NAMES:
        for folder in (miniature, miniature / "efficientdet"):
            (folder / f"{name}.py").write_text(trap)
    for path in ("sitecustomize.py", "efficientdet/conftest.py", "setup.py"):
        (miniature / path).write_text(trap)
    return miniature


def with_line(tree: Path, line: str) -> None:
    """Put a line at the start of the upsampling."""
    file = tree / _UPSAMPLING
    text, first = file.read_text("utf-8"), "  bs, h, w, c = data.shape.as_list()\n"
    assert text.count(first) == 1
    file.write_text(text.replace(first, f"  {line}\n{first}"), "utf-8")


@pytest.mark.parametrize("attack", _ATTACKS)
def test_an_attack_in_the_upsampling_fails_the_check(
    attack: str, trapped: Path, mark: Path
) -> None:
    with_line(trapped, attack.format(mark=str(mark)))
    before = contents(trapped)
    command = (sys.executable, "-m", "patcher", "verify", trapped, "--json")
    done = process(*command, cwd=trapped, timeout=60)
    assert done.returncode == 5
    (check,) = (e for e in json.loads(done.stdout)["checks"] if e["name"] == "upsampling")
    assert check["holds"] is False
    assert "cannot be tried by itself any more" in check["findings"][0]["text"]
    assert not mark.exists()
    assert contents(trapped) == before


@pytest.mark.parametrize("attack", _ATTACKS)
def test_an_attack_in_the_bytes_of_the_receipt_is_not_run(
    attack: str, miniature: Path, mark: Path
) -> None:
    with_line(miniature, attack.format(mark=str(mark)))
    assert run("apply", miniature).exit_code == 0  # the receipt has the attack, and so has the file
    done = process(sys.executable, "-m", "patcher", "verify", miniature, "--json", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    (check,) = (e for e in json.loads(done.stdout)["checks"] if e["name"] == "upsampling")
    assert check["holds"] is None
    assert "cannot be tried by itself, before the edits as" in check["findings"][0]["text"]
    shown = run("verify", miniature).stdout
    assert ["upsampling", "not", "checked", "1", "note"] in map(str.split, shown.split("\n"))
    assert "6 of 7 checks hold, 1 not checked" in shown
    assert not mark.exists()


def test_what_is_executed_and_imported_is_effpatch_and_what_it_needs(
    trapped: Path, tmp_path: Path, mark: Path
) -> None:
    log = tmp_path / "log.json"
    script = _WATCHED.format(log=str(log))
    done = process(sys.executable, "-c", script, "verify", trapped, cwd=trapped, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(log.read_text())
    assert any("equal_forms" in each for each in seen)
    assert [each for each in seen if each.startswith(str(trapped))] == []
    # Those are of Python's own modules, made of dataclasses, and for git.
    named = {each for each in seen if "/" not in each and not each.startswith("<frozen ")}
    assert named <= {"<string>", "os.fork", "os.posix_spawn"}
    assert not mark.exists()


@pytest.mark.parametrize("options", [[], ["--against"]], ids=["checks", "another port"])
def test_modules_in_the_current_folder_are_not_imported(
    options: list[str], trapped: Path, mark: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(VENDOR / "miniature", tmp_path / "other")
    more = [str(each) for each in (*options, *([other] if options else []))]
    for command in ([sys.executable, "-m", "patcher"], [sys.executable, "-P", "-m", "patcher"]):
        if sys.version_info < (3, 11) and "-P" in command:
            continue
        done = process(*command, "verify", trapped, *more, cwd=trapped, timeout=120)
        assert done.returncode in (0, 1), done.stderr
        assert not mark.exists()


# What runs code, or a program, or finds a module by importing the packages that it is in.
_RUNNERS = re.compile(
    "__import__|eval|exec|exec[lv]p?e?|spawn[lv]p?e?|find_spec|import_module|run_module|run_path"
    "|system|popen|fork|forkpty|posix_spawnp?"
)
_MODULES = {"code", "ctypes", "multiprocessing", "pickle", "runpy", "subprocess"}
# Our own modules, by a name that a pack declares and that was checked when it was loaded; a finder
# of a single folder, which imports nothing.
_ALLOWED = {
    "checks/registry.py": {"import_module"},
    "edits/base.py": {"import_module"},
    "checks/imports.py": {"find_spec"},
}


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.relative_to(_PACKAGE).as_posix())
        for file in sorted(_PACKAGE.rglob("*.py"))
        if file.relative_to(_PACKAGE).parts[0] in ("checks", "code", "edits", "engine")
    ],
)
def test_no_check_can_run_code(file: Path) -> None:
    nodes = list(ast.walk(ast.parse(file.read_bytes())))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    assert "compile" not in names
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
            names |= {alias.name for alias in node.names}
    assert not {module.partition(".")[0] for module in modules} & _MODULES
    allowed = _ALLOWED.get(file.relative_to(_PACKAGE).as_posix(), set())
    assert {name for name in names if _RUNNERS.fullmatch(name)} == allowed
