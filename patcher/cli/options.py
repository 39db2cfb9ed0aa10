"""What the commands share: arguments, options, and errors as sentences and exit codes."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from patcher.errors.base import PatchError, reason
from patcher.packs import known_packs, load_pack

if TYPE_CHECKING:
    from patcher.model import Pack
    from patcher.operations.select import Choice, Look
    from patcher.tree.files import Tree


class Commands(click.Group):
    """Turns every PatchError into its sentence and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        ctx.exit(code_of(lambda: super(Commands, self).invoke(ctx)))


def code_of(work: Callable[[], int | None]) -> int:
    """The exit code of a work; an error is told in a sentence."""
    try:
        return work() or 0
    except PatchError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader has seen enough; Click ends quietly
            raise
        click.echo(_sentence(error), err=True)
        return 4
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return 130


def _sentence(error: OSError) -> str:
    said = reason(error)
    if error.filename:
        return f"{error.filename}: {said}; make room or mend it and run again"
    return (
        f"standard output: {said}, so that the report is cut off; "
        "`effpatch status` shows how the tree stands"
    )


# Whether it can be read is for the tree to say, with its own exit code.
FOLDER = click.Path(path_type=Path, readable=False)


def chosen(packs: Sequence[str], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Choice:
    """The rules that the options name."""
    from patcher.operations.select import choose

    return choose([load_pack(name) for name in dict.fromkeys(packs)], only, skip)


pack_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Choice(known_packs()),
    default=["documented"],
    show_default=True,
    help="The rules to use; may be repeated.",
)


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that is about a `choice` have options for it."""

    @pack_option
    @click.option("--only", multiple=True, metavar="ID", help="Take only this rule; repeatable.")
    @click.option("--skip", multiple=True, metavar="ID", help="Leave this rule out; repeatable.")
    @wraps(command)
    def with_choice(
        packs: tuple[str, ...], only: tuple[str, ...], skip: tuple[str, ...], **rest: Any
    ) -> None:
        command(choice=chosen(packs, only, skip), **rest)

    return with_choice


upstream_argument = click.argument("upstream_dir", type=FOLDER)


def several(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command have one tree or many, as `places`."""

    @click.argument("upstream_dirs", metavar="UPSTREAM_DIR...", nargs=-1, type=FOLDER)
    @click.option(
        "--from-file",
        "listed",
        metavar="LIST",
        type=click.File(encoding="utf-8-sig", errors="surrogateescape"),
        help="Take the trees in this file as well, one on each line.",
    )
    @wraps(command)
    def with_places(upstream_dirs: tuple[Path, ...], listed: TextIO | None, **rest: Any) -> None:
        lines = listed.read().split("\n") if listed else []
        places = [*upstream_dirs, *(Path(line) for line in lines if line.strip())]
        if not places:
            raise click.UsageError("no UPSTREAM_DIR is named")
        command(places=list(dict.fromkeys(places)), **rest)

    return with_places


def worst(work: Callable[[Path], int], places: Sequence[Path]) -> int:
    """Do a work for each of some trees, many at once if there are many; gives the worst code.

    Args:
        work: What to do for one; where there are several, it is sent to other processes.
        places: The trees.
    """
    if len(places) == 1:
        return work(places[0])
    from patcher.operations.pool import results
    from patcher.report.steps import counted

    codes = []
    with counted(len(places)) as done:
        for result in results(partial(_coded, work), places):
            # By print, as the bar makes room for that.
            print(result.output, end="", flush=True)
            for line in result.errors.splitlines():
                named = line.startswith((f"{result.place}:", f"{result.place}/"))
                print(line if named else f"{result.place}: {line}", file=sys.stderr)
            codes.append(result.code)
            done()
    return max(codes)


def _coded(work: Callable[[Path], int], place: Path) -> int:
    return code_of(lambda: work(place))


stack_option = click.option(
    "--stack",
    metavar="DIR",
    type=FOLDER,
    envvar="EFFPATCH_STACK",
    help="The virtual environment to train in.  [default: $EFFPATCH_STACK, else this Python]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def opened(choice: Choice, place: Path) -> tuple[Tree, Choice]:
    """The tree, once what a crash has left in it is mended, and the choice as it finds it there."""
    from patcher import transaction

    tree = choice.open(place)
    said = transaction.recover(tree)
    if said:
        click.echo(said, err=True)
    choice, moved = choice.settled(tree)
    for path, now in moved.items():
        click.echo(f"{path}: not there, {now} is taken for it", err=True)
    return tree, choice


def known(tree: Tree) -> dict[str, Pack]:
    """All packs there are, by name, with the paths that their files have in a tree."""
    choice, _ = chosen(known_packs()).settled(tree)
    return {pack.name: pack for pack in choice.packs}


def mention(look: Look) -> None:
    """Say which files were edited since they were patched."""
    for path in look.edited:
        click.echo(f"{path}: edited since it was patched", err=True)


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number and its noun."""
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"
