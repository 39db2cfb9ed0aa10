"""`verify` on another upstream than the pin: a `src/` root, no flags, no parameters, no runtime."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from patcher.checks.model import Measurement
from patcher.errors import ErrorList, PackError
from patcher.model import CheckSpec, Pack
from patcher.operations import preflight
from patcher.operations.apply import apply
from patcher.operations.select import select
from patcher.operations.verify import Patched, patched
from patcher.packs import load_folder
from patcher.report import verification as report
from patcher.training.readiness import runtime_of
from patcher.tree.files import Tree
from tests.rule_check import DOCUMENTED

_FILE = "src/app/run.py"
_FILES = {
    _FILE: "from app.tools import old_name\n\nprint(old_name())\n",
    "src/app/__init__.py": "",
    "src/app/tools.py": "def old_name():\n    return 1\n\n\nnew_name = old_name\n",
}
_PACK = """
sections = ["run"]
title = "new names"

[upstream]
repository = "https://example.org/elsewhere"
commit = "0123456789012345678901234567890123456789"
root = "src"
program = "{program}"

[[check]]
check = "settings"
params = "params"

[[check]]
check = "optional_module"
label = "driver"
title = "the driver"
module = "drivers.gpu"
names = ["gpu"]
enabled = ["gpu_on"]

[[check]]
check = "equal_forms"
label = "forms"
file = "src/app/gone.py"
function = "f"
array_rank = 2
module = "numbers.api"
alias = "np"

[[check]]
check = "tensor_rank"
label = "graph"
max_rank = 4
"""
_SECTION = """
heading = "run.py"
path = "src/app/run.py"

[[rule]]
item = 1
title = "call the new name"
kind = "statement"
why = "The old one goes."
before = "print(old_name())"
after = "print(new_name())"

[[rule]]
item = 2
title = "import the new name"
kind = "import_from"
why = "The old one goes."
before = "from app.tools import old_name"
after = "from app.tools import new_name"
"""
_NOT_CHECKED = ["settings", "driver", "forms"]


def pack_in(folder: Path, program: str = "") -> Pack:
    """A pack for the tree, in a folder of its own."""
    folder.mkdir()
    (folder / "pack.toml").write_text(_PACK.format(program=program))
    (folder / "run.toml").write_text(_SECTION)
    return load_folder(folder)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "tree"
    for path, text in _FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Tree("elsewhere", root)


def applied(tree: Tree, pack: Pack) -> Patched:
    """The tree with all edits of a pack."""
    done = apply(select([pack]), tree)
    assert done.written == (_FILE,), done.inspection.plan.outcomes
    return patched(tree, [pack])


@pytest.mark.parametrize("program", ["", _FILE, "src/nowhere.py"], ids=["none", "there", "gone"])
def test_what_has_nothing_to_look_at_is_not_checked(
    program: str, tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = applied(tree, pack_in(tmp_path / "mine", program))
    results = found.results()
    assert [result.label for result in results if result.holds] == [
        "edits",
        "attribution",
        "names",
        "imports",
    ]
    assert [result.label for result in results if result.holds is None] == _NOT_CHECKED
    report.lines(found, results)
    lines = capsys.readouterr().out.splitlines()
    unchecked = [line.split() for line in lines[:-1] if "not checked" in line]
    assert unchecked == [[label, "not", "checked"] for label in _NOT_CHECKED]
    assert lines[-1] == (
        "elsewhere: 4 of 7 checks hold, 3 not checked; "
        "2 lines added, 2 removed by 2 rules in 1 file"
    )
    values = json.loads(report.as_json(found, results))
    assert values["holds"] is True
    assert [each["name"] for each in values["checks"] if each["holds"] is None] == _NOT_CHECKED


def test_failures_are_counted_beside_what_is_not_checked(
    tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = applied(tree, pack_in(tmp_path / "mine"))
    (tree.root / _FILE).write_text((tree.root / _FILE).read_text() + "more()\n")
    found = patched(tree, found.baseline.packs)
    report.lines(found, found.results())
    assert ": 2 found, 3 not checked; " in capsys.readouterr().out


def test_imports_start_from_the_root(tree: Tree, tmp_path: Path) -> None:
    found = applied(tree, pack_in(tmp_path / "mine"))
    (tree.root / "src/app/tools.py").write_text("def old_name():\n    return 1\n")
    results = patched(tree, found.baseline.packs).results()
    (imports,) = (result for result in results if result.label == "imports")
    assert [(each.file, each.line) for each in imports.failures] == [(_FILE, 1)]


def test_the_look_before_writing_starts_from_the_root(tree: Tree, tmp_path: Path) -> None:
    (tree.root / "src/app/tools.py").write_text("def old_name():\n    return 1\n")
    selection = select([pack_in(tmp_path / "mine")])
    with pytest.raises(ErrorList, match="imports: `new_name` is imported from app"):
        preflight.check_plan(tree, selection.inspect(tree).plan, selection.packs)


def test_a_graph_without_a_program_is_not_checked(tree: Tree, tmp_path: Path) -> None:
    found = applied(tree, pack_in(tmp_path / "mine", "src/nowhere.py"))
    assert (found.program, found.max_rank) == (None, 4)
    assert runtime_of(found.baseline.packs) is None
    (graph,) = (result for result in found.results(Measurement()) if result.label == "graph")
    assert graph.holds is None
    assert "graph" not in [result.label for result in found.results()]


def test_the_graph_is_measured_for_all_checks_of_it(tree: Tree, tmp_path: Path) -> None:
    found = applied(tree, pack_in(tmp_path / "mine"))
    low = CheckSpec("tensor_rank", "low", {"max_rank": 2})
    variables = CheckSpec("legacy_variables", "variables")
    assert replace(found, specs=(*found.specs, low, variables)).max_rank == 2
    assert replace(found, specs=(variables,)).max_rank == sys.maxsize


def test_a_pack_that_is_not_known_is_named(tree: Tree, tmp_path: Path) -> None:
    applied(tree, pack_in(tmp_path / "mine"))
    with pytest.raises(PackError) as error:
        patched(tree, [DOCUMENTED])
    assert str(error.value) == (
        "the receipt: names the pack mine, which is not known here, "
        "expected the packs that were applied; pass --pack FOLDER, or install it"
    )
    assert error.value.exit_code == 4
