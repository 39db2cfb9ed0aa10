"""effpatch beside its floor and its peers: whole processes, in turn, on the same nine files.

Usage: `python -m benchmarks.apply UPSTREAM_DIR`, a clean checkout of the pin, which is copied.

The floor is what LibCST needs to import, parse, visit once and print. The peers do less: one
trivial rule by `libcst.tool codemod`, which has Black format each file that it changes, and without
that; one search and replace by `ast-grep`; TensorFlow's own renamings by `tf_upgrade_v2`; `patch`
with all 42 edits as a diff. Those that are not installed are left out; the extra `bench` has
ast-grep and Black, and what draws the picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
from rich.console import Console

from benchmarks import results
from benchmarks.processes import EFFPATCH, Cost, cost
from patcher.tree import state
from patcher.tree.files import Tree
from tests.rule_check import PACKS

HERE = Path(__file__).parent
NAMES = [section.path for section in PACKS["documented"].sections]
OTHERS = 10_000  # files that no rule names
HEAVY = {"git", "libcst", "pyflakes", "pygments", "rich.progress", "rich.syntax"}


class Row(NamedTuple):
    """One command to time.

    Attributes:
        label: Its name in the table.
        command: What to run; in its own copy of the tree.
        ready: Puts the copy into the state in which the command is to find it.
    """

    label: str
    command: list[str | Path]
    ready: Callable[[], None]


def is_patched(tree: Path) -> bool:
    """Whether effpatch has a receipt of a tree."""
    return state.RECEIPT in state.names(Tree(str(tree), tree.resolve()))


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--stack", type=click.Path(exists=True, path_type=Path), help="Has tf_upgrade_v2.")
@click.option(
    "--runs",
    type=click.IntRange(2),
    default=9,
    show_default=True,
    help="Counted rounds, after one.",
)
@click.option("--trees", default=200, show_default=True, help="How many at once; 0 for none.")
@click.option("--write", is_flag=True, help="Write RESULTS.md and its picture.")
def main(upstream_dir: Path, stack: Path | None, runs: int, trees: int, write: bool) -> None:
    """Time all commands in turn, round by round."""
    with TemporaryDirectory(prefix="effpatch-benchmark-") as name:
        work = Path(name)
        rows = list(_rows(upstream_dir, work, stack))
        costs: dict[str, list[Cost]] = {row.label: [] for row in rows}
        for number in range(runs + 1):
            for row in rows:
                row.ready()
                found = cost(row.command)
                if number:
                    costs[row.label].append(found)
        light = {"--help": (), "rules": (), "status": (work / "automl",)}
        imports = {f"effpatch {name}": _imports(name, *more) for name, more in light.items()}
        many = _many(upstream_dir, work, trees) if trees else None
    Console().print(results.table(costs, many, imports))
    if write:
        results.write(costs, many, imports, HERE)


def _rows(upstream: Path, work: Path, stack: Path | None) -> Iterator[Row]:
    def copy(name: str) -> Path:
        return shutil.copytree(upstream, work / name, symlinks=True, dirs_exist_ok=True)

    def run(*words: str | Path) -> None:
        subprocess.run([*map(str, words)], check=True, capture_output=True)

    def nothing() -> None:
        pass

    tree, wide, bare, fresh = copy("automl"), copy("wide"), copy("bare"), copy("fresh")
    for number in range(OTHERS):
        file = wide / "research" / str(number // 100) / f"module_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"VALUE = {number}\n")
    python, nine = sys.executable, [bare / each for each in NAMES]

    def clean() -> None:
        if is_patched(tree):
            run(EFFPATCH, "revert", tree)

    def clean_wide() -> None:
        if is_patched(wide):
            run(EFFPATCH, "revert", wide)

    def original() -> None:
        for each in NAMES:
            shutil.copy(upstream / each, bare / each)

    yield Row("click alone", [python, "-c", "import click"], nothing)
    yield Row("effpatch --help", [EFFPATCH, "--help"], nothing)
    yield Row("effpatch rules", [EFFPATCH, "rules"], nothing)
    yield Row("LibCST alone", [python, HERE / "floor.py", *nine], original)
    yield Row("effpatch apply", [EFFPATCH, "apply", tree], clean)
    yield Row("effpatch apply, again", [EFFPATCH, "apply", tree], nothing)
    yield Row("effpatch status", [EFFPATCH, "status", tree], nothing)
    yield Row("effpatch verify", [EFFPATCH, "verify", tree], nothing)
    yield Row("effpatch diff", [EFFPATCH, "diff", fresh], nothing)
    yield Row("effpatch review", [EFFPATCH, "review", fresh, "-o", work / "page.html"], nothing)
    yield Row(f"effpatch apply, {OTHERS} files more", [EFFPATCH, "apply", wide], clean_wide)
    codemod: list[str | Path] = [python, "-m", "libcst.tool", "codemod", "-x"]
    rule: list[str | Path] = ["benchmarks.one_rule.OneRule", *nine]
    if shutil.which("black"):
        yield Row("libcst.tool codemod, 1 rule", [*codemod, *rule], original)
    unformatted = [*codemod, "--no-format", *rule]
    yield Row("libcst.tool codemod --no-format, 1 rule", unformatted, original)
    upgrade = stack and stack / "bin" / "tf_upgrade_v2"
    if upgrade and upgrade.exists():
        upgraded = work / "upgraded"
        given = ("--intree", _alone(nine, work / "nine"), "--outtree", upgraded)
        command: list[str | Path] = [upgrade, *given, "--reportfile", work / "report.txt"]
        yield Row("tf_upgrade_v2", command, lambda: shutil.rmtree(upgraded, ignore_errors=True))
    grep = shutil.which("ast-grep", path=str(Path(python).parent)) or shutil.which("ast-grep")
    if grep:
        words = ["-p", "hvd is not None", "-r", "horovod_enabled()", "-l", "py", "--update-all"]
        yield Row("ast-grep, 1 rule", [grep, "run", *words, *nine], original)
    patch = shutil.which("patch")
    if patch:
        clean()
        diff = work / "edits.diff"
        diff.write_bytes(subprocess.check_output([EFFPATCH, "diff", str(tree)]))
        yield Row("patch, 42 edits", [patch, "-s", "-p1", "-d", bare, "-i", diff], original)


def _alone(files: list[Path], folder: Path) -> Path:
    """A new folder with copies of some files and nothing else."""
    folder.mkdir()
    for number, file in enumerate(files):
        shutil.copy(file, folder / f"{number}_{file.name}")
    return folder


def _many(upstream: Path, work: Path, trees: int) -> results.Many:
    """What many trees cost in one call, and by one call for each."""
    places = [work / f"tree-{number}" for number in range(trees)]
    for place in places:
        for each in NAMES:
            (place / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(upstream / each, place / each)
    listed = work / "trees.txt"
    listed.write_text("".join(f"{place}\n" for place in places))
    at_once = cost([EFFPATCH, "apply", "--from-file", listed], together=True)
    for place in places:
        subprocess.run([EFFPATCH, "revert", str(place)], check=True, capture_output=True)
    single = [cost([EFFPATCH, "apply", place]) for place in places]
    return results.Many(trees, at_once, sum(each.seconds for each in single))


def _imports(*words: str | Path) -> list[str]:
    """The heavy packages that effpatch imports for a command."""
    code = "import sys; from patcher.cli.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-X", "importtime", "-c", code, *map(str, words)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    found = {line.rpartition("|")[2].strip() for line in said.splitlines()}
    return sorted(found & HEAVY)


if __name__ == "__main__":
    main()
