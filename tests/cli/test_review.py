import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from tests import small
from tests.commands import INSTALLED, run, terminal
from tests.counts import RULES


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "tree")


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def test_the_page_is_written_to_a_file(miniature: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    result = run("review", miniature, "-o", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{file}: {RULES} rules, {RULES} pending\n"
    first = file.read_bytes()
    assert run("review", miniature, "-o", file).exit_code == 0
    assert file.read_bytes() == first == run("review", miniature).stdout_bytes
    assert {path.name for path in tmp_path.iterdir()} == {"review.html", "miniature"}


def test_a_terminal_gets_no_page(tree: Path, pack: tuple[str, ...]) -> None:
    code, lines = terminal("review", tree, *pack)
    said = "Error: a page is for a browser: name its file with -o, or use a pipe"
    assert (code, lines[-1]) == (2, said)


def test_standard_output_has_the_bytes_of_the_file(
    tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    (tree / "src/app.py").write_text("A = 1\t# \xe4\nB = 1\n", "utf-8")
    file = tmp_path / "page.html"
    assert run("review", tree, *pack, "-o", file).exit_code == 0
    for encoding in ("utf-8", "latin-1"):
        command = [str(INSTALLED), "review", str(tree), *pack]
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        shown = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
        assert shown == file.read_bytes()


def test_links_are_followed_and_modes_stay(
    tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text("old")
    (tmp_path / "page.html").chmod(0o640)
    (tmp_path / "link.html").symlink_to("page.html")
    assert run("review", tree, *pack, "-o", tmp_path / "link.html").exit_code == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o640


def test_a_pipe_stays_one(tree: Path, pack: tuple[str, ...], tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert run("review", tree, *pack, "-o", pipe).exit_code == 0
    reader.join()
    assert read[0].startswith(b"<!doctype html>")
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param(".", "is a folder, expected a file", id="a folder"),
        pytest.param("missing/page.html", "there is no folder", id="no such folder"),
        pytest.param("x" * 300, "file name too long", id="a long name"),
    ],
)
def test_what_cannot_be_written_is_said(
    name: str, why: str, tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    result = run("review", tree, *pack, "-o", tmp_path / name)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"{tmp_path / name}: ".replace("/.:", ":"))
    assert why in result.stderr
    step = "make it, or choose another with -o" if "no folder" in why else "choose another with -o"
    assert result.stderr.endswith(f"; {step}\n")
    assert set(tmp_path.iterdir()) == before


def test_packs_are_those_that_were_applied(miniature: Path) -> None:
    run("apply", miniature, "--pack", "supplement")
    page = run("review", miniature).stdout
    assert 'id="supplement/utils-1"' in page
    assert 'id="main-1"' not in page


def test_a_rule_that_does_not_fit_says_why(miniature: Path) -> None:
    main = miniature / "efficientdet/main.py"
    main.write_text(main.read_text().replace("'use_tpu', True", "'use_tpu', 1"))
    result = run("review", miniature, "--format", "github")
    assert result.exit_code == 0
    (error,) = (line for line in result.stdout.split("\n") if line.startswith("::error"))
    assert "title=main-3%3A do not use TPUs by default::drifted, so it cannot be applied: " in error
    page = run("review", miniature).stdout
    assert "<strong>Does not fit:</strong>" in page


def test_the_page_does_not_say_where_it_was_made(miniature: Path) -> None:
    page = run("review", miniature).stdout
    assert "<h1>Review of miniature</h1>" in page
    assert str(miniature.parent) not in page


def test_what_is_only_to_know_is_no_fault(miniature: Path) -> None:
    """The document's utils-1 imports a name that its file does not use."""
    page = run("review", miniature).stdout
    (line,) = (
        each for each in page.split("\n") if "is imported but never used" in each and "<p" in each
    )
    assert line.startswith('<p class="whose"><strong>verify, names:')
    shown = run("diff", miniature, "--color=always").stdout
    assert "\x1b[2m    verify, names: efficientdet/utils.py:6: " in shown


def test_a_tree_that_cannot_be_read_is_no_review(tree: Path, pack: tuple[str, ...]) -> None:
    (tree / "src/app.py").write_text("A = (\n")
    result = run("review", tree, *pack)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("src/app.py:1: not valid Python")
