"""`infer`: a pack from a hand-made port."""

import json
import shutil
from pathlib import Path

import pytest

from patcher.packs import load_folder
from patcher.resources import VENDOR
from tests.commands import contents, git, run
from tests.small import commit

OLD = {
    "src/app.py": "import tools\n\nA = tools.f(b=1)\n",
    "src/tools.py": "def f(b):\n  return b\n",
}
NEW = {**OLD, "src/app.py": "import tools\n\nA = tools.f(b=2)\n"}
PYTHON = "src/app.py"


def tree(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    return tree(tmp_path / "old", OLD), tree(tmp_path / "new", NEW)


def test_a_pack_is_written_and_makes_the_port(trees: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = trees
    pack = tmp_path / "port"
    result = run("infer", old, new, "-o", pack)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "file                   lines      rules kinds",
        "src/app.py             2/2            1 1 call_argument",
        "",
        "1 rule for 2 of 2 changed lines in 1 file",
        f"write the reasons in {pack}, then run `effpatch test {pack} --tree {old}`",
    ]
    loaded = load_folder(pack)
    assert loaded.upstream is not None
    assert (loaded.upstream.repository, loaded.upstream.root) == ("", "src")
    assert run("apply", old, "--pack", pack).exit_code == 0
    assert contents(old) == contents(new)


def test_a_pack_without_a_repository_is_not_fetched(
    trees: tuple[Path, Path], tmp_path: Path
) -> None:
    run("infer", *trees, "-o", tmp_path / "port")
    result = run("fetch", tmp_path / "there", "--pack", tmp_path / "port")
    step = "name one with --url and --commit, or get the files elsewhere"
    sentence = f"upstream: the pack names no repository of its upstream; {step}"
    assert (result.exit_code, result.stderr.strip()) == (4, sentence)


def test_a_port_may_be_a_diff(trees: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = trees
    commit(old)
    (old / PYTHON).write_text((new / PYTHON).read_text())
    diff = tmp_path / "port.diff"
    diff.write_text(git(old, "diff"))
    git(old, "checkout", ".")
    result = run("infer", old, "--diff", diff, "-o", tmp_path / "port")
    assert result.exit_code == 0, result.stderr
    diff.write_text(diff.read_text().replace("b=1", "b=7"))
    result = run("infer", old, "--diff", diff, "-o", tmp_path / "more")
    assert result.exit_code == 4
    assert f"{diff}: does not fit the tree (patch failed: src/app.py:1)" in result.stderr


def test_the_pin_is_that_of_a_checkout(trees: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = trees
    commit(old)
    git(old, "remote", "add", "origin", "https://me:secret@example.org/small.git")
    result = run("infer", old, new, "-o", tmp_path / "port")
    assert result.exit_code == 0
    assert result.stdout.endswith(f"then run `effpatch test {tmp_path / 'port'}`\n")
    pin = load_folder(tmp_path / "port").upstream
    assert pin is not None
    assert pin.repository == "https://example.org/small.git"
    assert pin.commit == git(old, "rev-parse", "HEAD").strip()
    (old / PYTHON).write_text("import tools\n\nA = tools.f(b=3)\n")
    result = run("infer", old, new, "-o", tmp_path / "more")
    assert result.exit_code == 4
    assert "src/app.py: not as committed" in result.stderr


def test_the_pin_may_be_named(trees: tuple[Path, Path], tmp_path: Path) -> None:
    named = f"https://example.org/small.git@{'0a' * 20}"
    assert run("infer", *trees, "-o", tmp_path / "p", "--upstream", named).exit_code == 0
    pin = load_folder(tmp_path / "p").upstream
    assert pin is not None
    assert (pin.name, pin.commit) == ("small", "0a" * 20)
    result = run("infer", *trees, "-o", tmp_path / "q", "--upstream", "https://example.org/a@1")
    assert result.exit_code == 2
    assert "expected URL@COMMIT" in result.stderr


def test_what_no_rule_expresses_is_listed(trees: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = trees
    (new / PYTHON).write_text("import tools\n\n# two\nA = tools.f(b=2)\nB = (\n  1)\n\n\n")
    tree(new, {"more.py": "", "README.md": "text"})
    result = run("infer", old, new, "-o", tmp_path / "port")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    listed = lines[lines.index("not expressed") :]
    assert listed[1:4] == [
        "  src/app.py: line 7-8; only comments, blank lines and indents",
        "  README.md: added",
        "  more.py: added",
    ]
    assert "2 other differences" in listed[5]


def test_as_json(trees: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("infer", *trees, "-o", tmp_path / "port", "--json")
    found = json.loads(result.stdout)
    assert (found["whole"], found["others"]) == (True, [])
    (file,) = found["files"]
    assert (file["path"], file["rules"], file["changed"], file["expressed"]) == (PYTHON, 1, 2, 2)


def test_equal_trees_give_no_pack(trees: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("infer", trees[0], trees[0], "-o", tmp_path / "port")
    assert (result.exit_code, result.stdout) == (0, "nothing differs, so no pack is written\n")
    assert not (tmp_path / "port").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        pytest.param(["old", "-o", "p"], 2, "name either NEW, or the diff", id="no port"),
        pytest.param(["old", "new", "-o", "old"], 4, "is there already", id="a folder"),
        pytest.param(["gone", "new", "-o", "p"], 4, "gone: no such folder", id="no tree"),
        pytest.param(["old", "gone", "-o", "p"], 4, "gone: no such folder", id="no new tree"),
        pytest.param(["old", "--diff", "gone", "-o", "p"], 4, "cannot be read", id="no diff"),
    ],
)
def test_wrong_use(
    arguments: list[str], code: int, sentence: str,
    trees: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    result = run("infer", *arguments)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert not (tmp_path / "p").exists()


def test_links_are_told_and_not_followed(trees: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = trees
    (new / "src/link.py").symlink_to("/etc/passwd")
    (new / "src/folder").symlink_to(tmp_path)
    result = run("infer", old, new, "-o", tmp_path / "port")
    assert result.exit_code == 1
    assert "  src/folder: added\n  src/link.py: added\n" in result.stdout


def test_a_document_that_is_not_there_is_said_first(
    trees: tuple[Path, Path], tmp_path: Path
) -> None:
    old, _ = trees
    made, missing = tmp_path / "made", tmp_path / "none.md"
    result = run("infer", old, tmp_path / "no tree", "-o", made, "--doc", missing)
    assert (result.exit_code, made.exists()) == (4, False)
    assert result.stderr.startswith(f"{missing}: cannot be read")


def test_a_document_gives_reasons(trees: tuple[Path, Path], tmp_path: Path) -> None:
    quotes = "    ```python\n    A = tools.f(b={})\n    ```\n"
    (trees[0] / PYTHON).write_text("import tools\n\nA = tools.f(b=1)\n")
    (trees[1] / PYTHON).write_text("import tools\n\nA = tools.g(b=1)\n")
    document = tmp_path / "changes.md"
    before, after = quotes.format(1), quotes.format(1).replace(".f", ".g")
    text = f"# app.py\n\n7.  Changed\n\n{before}\n    to\n\n{after}\n    Two is more.\n"
    document.write_text(text)
    assert run("infer", *trees, "-o", tmp_path / "port", "--doc", document).exit_code == 0
    ((_, _, rule),) = load_folder(tmp_path / "port").entries()
    assert (rule.item, rule.why, rule.whose) == (7, "Two is more.", "document")


def test_a_document_gives_the_order(trees: tuple[Path, Path], tmp_path: Path) -> None:
    (trees[0] / PYTHON).write_text("import tools\n\nA = 1\nB = 1\nC = tools.f(B)\n")
    (trees[1] / PYTHON).write_text("import tools\n\nA = 2\nB = 3\nC = tools.f(B)\n")
    document = tmp_path / "changes.md"
    text = "# app.py\n\n1. Changed `B = 1` to `B = 3`\n2. Changed `A = 1` to `A = 2`\n"
    document.write_text(text)
    assert run("infer", *trees, "-o", tmp_path / "port", "--doc", document).exit_code == 0
    rules = [rule for *_, rule in load_folder(tmp_path / "port").entries()]
    assert [(rule.item, rule.after.strip()) for rule in rules] == [(1, "B = 3"), (2, "A = 2")]
    covered = run("coverage", "--doc", document, "--pack", tmp_path / "port")
    assert covered.exit_code == 0, covered.stdout


def test_the_pack_of_a_patched_tree_patches_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("before", "port"):
        shutil.copytree(VENDOR / "miniature", name)
    assert run("apply", "port").exit_code == 0
    assert run("infer", "before", "port", "-o", "mine").exit_code == 0
    assert run("apply", "before", "--pack", "./mine").exit_code == 0
    assert contents(Path("before")) == contents(Path("port"))
