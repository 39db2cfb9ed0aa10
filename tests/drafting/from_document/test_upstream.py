"""The commit that a document is about, and the files that its headings mean."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from patcher.drafting.from_document.upstream import Contents, Named, choose, meant_paths
from patcher.drafting.trees import read_tree
from patcher.tree.history import History, fetched
from tests.commands import git

SHOP = Named("shop.py", ("total = price(day)\n", "def close():\n    ...\n    lock(door)\n"))


def commit(root: Path, **files: str) -> str:
    for name, text in files.items():
        file = root / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(root, "add", ".")
    git(root, "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "one more")
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture
def upstream(tmp_path: Path) -> tuple[Path, list[str]]:
    root = tmp_path / "upstream"
    root.mkdir()
    git(root, "init", "--quiet", "--template=")
    closing = "def close():\n    count(money)\n    lock(door)\n"
    commits = [
        commit(root, shop="total = price(day)\n", lib__tools="A = 1\n"),
        commit(root, shop=f"total = price(day)\n\n\n{closing}"),
        commit(root, lib__tools="A = 2\n"),
        commit(root, shop=closing),
    ]
    return root, commits


@pytest.fixture
def history(upstream: tuple[Path, list[str]]) -> Iterator[History]:
    with fetched(str(upstream[0])) as found:
        yield found


def test_the_commit_whose_files_hold_most_quotes(
    upstream: tuple[Path, list[str]], history: History
) -> None:
    chosen = choose(Contents(history), [SHOP], {})
    assert chosen.commit == upstream[1][1]
    assert chosen.held == (3, 3)


def test_further_commits_with_as_many_are_told(
    upstream: tuple[Path, list[str]], history: History
) -> None:
    tools = Named("tools.py", ())
    named = [SHOP, tools, Named("lib/tools.py", ("A =",))]
    chosen = choose(Contents(history), named, {})
    assert (chosen.commit, chosen.ties) == (upstream[1][2], (upstream[1][1],))


def test_of_several_the_one_that_a_port_was_made_from(
    upstream: tuple[Path, list[str]], history: History, tmp_path: Path
) -> None:
    (tmp_path / "port" / "code").mkdir(parents=True)
    (tmp_path / "port" / "code" / "tools.py").write_text("A = 1\n")
    named = [SHOP, Named("lib/tools.py", ("A =",))]
    chosen = choose(Contents(history), named, read_tree(tmp_path / "port"))
    assert (chosen.commit, chosen.ties) == (upstream[1][1], (upstream[1][2],))


def test_a_part_without_a_heading_is_about_the_one_file_that_holds_its_quotes(
    upstream: tuple[Path, list[str]], history: History
) -> None:
    files = history.files(upstream[1][2])
    named = [SHOP, Named("", ("A = 2\n",)), Named("", ("B = 2\n",))]
    assert meant_paths(Contents(history), named, files, ()) == ["shop.py", "lib/tools.py", ""]


def test_of_files_of_one_name_the_one_that_holds_the_quotes(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--template=")
    head = commit(tmp_path, one__tools="A = 1\n", two__tools="B = 1\n", two__shop="C = 1\n")
    with fetched(str(tmp_path), head) as history:
        files, contents = history.files(head), Contents(history)
        for quote, path in (("A = 1\n", "one/tools.py"), ("B = 1\n", "two/tools.py"), ("", "")):
            named = [Named("tools.py", (quote,))]
            assert meant_paths(contents, named, files, ()) == [path]
