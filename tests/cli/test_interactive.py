from pathlib import Path

import pytest
from click.testing import CliRunner

from patcher.cli.main import main
from tests import receipts, small
from tests.commands import contents, run

NEW_APP = b"A = 2\nB = 2\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "tree", under_git=True)


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def apply(answers: str, *arguments: str | Path) -> tuple[int, str, str]:
    words = ["apply", "--interactive", *map(str, arguments)]
    result = CliRunner().invoke(main, words, input=answers)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("answers", "made"),
    [
        pytest.param("y\ny\ny\n", {"src/app.py": "A = 2\nB = 2\n", "src/tools.py": "C = 2\n"},
                     id="every one"),
        pytest.param("y\nn\ny\n", {"src/app.py": "A = 2\nB = 1\n", "src/tools.py": "C = 2\n"},
                     id="one is left out"),
        pytest.param("a\nn\n", {"src/app.py": "A = 2\nB = 2\n"}, id="all of a file"),
        pytest.param("d\ny\n", {"src/tools.py": "C = 2\n"}, id="none of a file"),
        pytest.param("y\nq\n", {"src/app.py": "A = 2\nB = 1\n"}, id="quit after one"),
        pytest.param("y\n", {"src/app.py": "A = 2\nB = 1\n"}, id="the input ends"),
        pytest.param("YES\n\nwhat\ny\nn\n", {"src/app.py": "A = 2\nB = 2\n"}, id="other words"),
    ],
)  # fmt: skip
def test_the_edits_that_were_chosen_are_made(
    answers: str, made: dict[str, str], tree: Path, pack: tuple[str, ...]
) -> None:
    before = contents(tree)
    code, said, _ = apply(answers, tree, *pack)
    assert code == 0, said
    assert contents(tree) == {**before, **{path: made[path].encode() for path in made}}
    assert run("revert", tree).exit_code == 0
    assert contents(tree) == before


def test_each_edit_is_shown_with_its_reason(tree: Path, pack: tuple[str, ...]) -> None:
    _, said, _ = apply("e\n?\nq\n", tree, *pack)
    assert said.startswith("# small/app-1: set A to two\n    Two is more.\ndiff --git ")
    assert "+A = 2\n" in said
    assert "(1/3) Make the edit small/app-1 [y,n,a,d,e,q,?]? " in said
    assert "kind      statement" in said, "explained"
    assert "q - quit: leave out this one and all that are left\n" in said
    assert said.endswith(f"{tree}: no edit was chosen, nothing was changed\n")


def test_nothing_chosen_is_not_nothing_to_do(tree: Path, pack: tuple[str, ...]) -> None:
    apply("y\nq\n", tree, *pack)
    _, said, _ = apply("q\n", tree, *pack)
    assert said.endswith(f"{tree}: no edit was chosen, nothing was changed\n")


def test_what_was_not_wanted_was_left_out_on_purpose(tree: Path, pack: tuple[str, ...]) -> None:
    apply("y\nn\nn\n", tree, *pack)
    assert receipts.values(tree)["left_out"] == ["small/app-2", "small/tools-1"]
    assert run("verify", tree, *pack).exit_code == 0


def test_what_stands_on_an_edit_goes_with_it(repository: Path) -> None:
    """det_model_fn-7 rewrites what det_model_fn-4 makes."""
    code, said, _ = apply("d\n" + "n\n" * 6 + "q\n", repository)
    assert code == 0
    assert "det_model_fn-7: left out, as it rewrites what det_model_fn-4 makes\n" in said


def test_what_needs_an_edit_is_named_and_not_made(repository: Path) -> None:
    """The test of dataloader-2 needs the name that dataloader-1 imports."""
    before = contents(repository)
    code, shown, said = apply("n\ne\ny\n", repository, "--only", "dataloader-1,dataloader-2")
    assert code == 3
    assert "needs     dataloader-1, which brings in `horovod_enabled`" in shown
    assert "dataloader-2 is not applied: with its edit, `horovod_enabled` is not defined" in said
    assert "; apply dataloader-1 as well, or skip the rule with --skip dataloader-2" in said
    assert contents(repository) == before


def test_nothing_is_asked_where_a_rule_does_not_fit(tree: Path, pack: tuple[str, ...]) -> None:
    (tree / "src/tools.py").write_text("C = 7\n")
    before = contents(tree)
    options = (*pack, "--allow-dirty")
    code, said, errors = apply("y\n" * 3, tree, *options)
    assert (code, said) == (3, "")
    assert "small/tools-1" in errors
    assert errors.endswith("nothing was changed; --partial makes the 2 edits that fit\n")
    assert contents(tree) == before
    code, said, _ = apply("y\n" * 3, tree, *options, "--partial")
    assert (code, said.count("Make the edit")) == (3, 2)
    assert "made 2 of 3 edits" in said


def test_what_another_rule_makes_is_left_out_with_it(repository: Path) -> None:
    ids = "--only", "utils-1,supplement/utils-1,main-3"
    code, said, _ = apply("y\nn\n", repository, *ids)
    assert (code, said.count("Make the edit")) == (0, 2)
    assert "made 1 edit in 1 file" in said
    assert "import horovod_enabled" not in (repository / "efficientdet/utils.py").read_text()


def test_it_is_one_transaction(tree: Path, pack: tuple[str, ...]) -> None:
    (tree / "src/tools.py").chmod(0o444)
    before = contents(tree)
    code, _, said = apply("y\ny\ny\n", tree, *pack)
    assert code == 4
    assert "src/tools.py: cannot be written" in said
    assert contents(tree) == before


def test_nothing_is_asked_where_nothing_is_pending(tree: Path, pack: tuple[str, ...]) -> None:
    assert run("apply", tree, *pack).exit_code == 0
    code, said, _ = apply("", tree, *pack)
    assert (code, said) == (0, f"{tree}: nothing to do, 3 edits already applied\n")


@pytest.mark.parametrize("more", ["another", "--json"])
def test_it_is_for_one_tree_and_people(more: str, tree: Path) -> None:
    code, _, said = apply("", tree, more)
    assert code == 2
    assert "--interactive is for one tree, and not for --json" in said
