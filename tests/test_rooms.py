"""The rooms of the house: who imports whom, and that none but `training` knows a port."""

import re
from functools import cache
from pathlib import Path

import grimp
import pytest
import tomlkit
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from patcher.packs import load_pack, shipped_packs

PACKAGE = Path(__file__).parents[1] / "patcher"
LONGEST = 10
# What belongs to one port, or to the frameworks that its program uses.
PORT = r"efficientdet|habana|\bhpus?\b|tensorflow|\btf\.|\btf\b|horovod|\bhvd\b"
# Names of upstream files that are plain English or every project's.
PLAIN = {"__init__", "hooks", "main", "normalization", "utils"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("patcher", cache_dir=None)


def room(module: str) -> str:
    """The folder or module at the top of the package that holds a module; "" for its face."""
    return module.split(".")[1] if "." in module else ""


def test_rooms_import_in_one_order(capfd: pytest.CaptureFixture[str]) -> None:
    settings = str(PACKAGE.parent / "pyproject.toml")
    status = lint_imports(config_filename=settings, no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capfd.readouterr().out


def test_the_architecture_has_the_rooms_in_that_order() -> None:
    settings = tomlkit.parse((PACKAGE.parent / "pyproject.toml").read_text("utf-8")).unwrap()
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text("utf-8")
    table = page.partition("| room | holds |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert named == [each for each in reversed(contract["layers"]) if each != "__main__"]


def test_no_import_goes_in_a_circle() -> None:
    imported_by = graph().find_modules_directly_imported_by
    waiting = {each: set(imported_by(each)) for each in graph().modules}
    while ready := [each for each, wanted in waiting.items() if not wanted & waiting.keys()]:
        for each in ready:
            del waiting[each]
    assert not waiting


def test_the_longest_chain_of_rooms_is_short() -> None:
    rooms = {each: set[str]() for each in map(room, graph().modules)}
    for module in graph().modules:
        for other in graph().find_modules_directly_imported_by(module):
            if room(other) != room(module):
                rooms[room(module)].add(room(other))

    @cache
    def floor(name: str) -> int:
        return 1 + max(map(floor, rooms[name]), default=0)

    assert max(map(floor, rooms)) <= LONGEST, {name: floor(name) for name in rooms}


def pinned_names() -> set[str]:
    pins = (load_pack(name).upstream for name in shipped_packs())
    return {Path(path).stem for pin in pins if pin for path in pin.sha256} - PLAIN


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.relative_to(PACKAGE).as_posix())
        for file in sorted(PACKAGE.rglob("*.py"))
        if "training" not in file.parts
    ],
)
def test_nothing_but_training_knows_a_port(file: Path) -> None:
    words = "|".join(rf"\b{name}\b" for name in sorted(pinned_names()))
    known = re.compile(f"{PORT}|{words}", re.IGNORECASE)
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    assert [f"{number}: {line}" for number, line in lines if known.search(line)] == []
