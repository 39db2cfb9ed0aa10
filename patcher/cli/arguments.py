"""Arguments and options that several commands take, and the packs and rules that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from patcher.cli.completion import complete_pack, complete_rules
from patcher.cli.defaults import place_of
from patcher.report.verbosity import detail, inform

if TYPE_CHECKING:
    from patcher.operations.select import Selection

Command = Callable[..., None]

# Whether it can be read is for the tree to say, with its own exit code.
FOLDER = click.Path(path_type=Path, readable=False)


def pack_option(
    text: str = "Use this pack. Repeatable.  [default: documented]",
) -> Callable[[Command], Command]:
    """The option --pack, as `packs`: names and folders, of which none is loaded yet."""
    return click.option(
        "--pack",
        "packs",
        multiple=True,
        metavar="NAME|FOLDER",
        shell_complete=complete_pack,
        help=text,
    )


def ids_option(name: str, text: str) -> Callable[[Command], Command]:
    """An option that takes ids of rules; `text` says what is done with the rules."""
    return click.option(
        name,
        multiple=True,
        metavar="ID[,ID]",
        shell_complete=complete_rules,
        help=f"{text}: ids or patterns, such as main-3,main-4 or 'hooks-*'. Repeatable.",
    )


def rule_options(command: Command) -> Command:
    """Give a command the options that select rules, and pass it the `selection`."""

    @pack_option()
    @ids_option("--only", "Use only these rules")
    @ids_option("--skip", "Leave these rules out")
    @wraps(command)
    def with_selection(
        packs: tuple[str, ...], only: tuple[str, ...], skip: tuple[str, ...], **rest: object
    ) -> None:
        place = place_of("skip")
        if place:
            selection = _select_by_default(packs, only, skip, f"{place}: skip")
        else:
            selection = select(packs, only, skip)
        command(selection=selection, **rest)

    return with_selection


upstream_argument = click.argument("upstream_dir", type=FOLDER)


def upstreams_argument(command: Command) -> Command:
    """Give a command one tree or several, and pass it the `places`."""

    @click.argument("upstream_dirs", metavar="UPSTREAM_DIR...", nargs=-1, type=FOLDER)
    @click.option(
        "--from-file",
        "listed",
        metavar="LIST",
        type=click.File(encoding="utf-8-sig", errors="surrogateescape"),
        help="Also take the trees listed in this file, one per line; `-` is standard input.",
    )
    @wraps(command)
    def with_places(upstream_dirs: tuple[Path, ...], listed: TextIO | None, **rest: object) -> None:
        lines = listed.read().split("\n") if listed else []
        places = [*upstream_dirs, *(Path(line) for line in lines if line.strip())]
        if not places:
            raise click.UsageError("no UPSTREAM_DIR is named, and --from-file lists none")
        command(places=list(dict.fromkeys(places)), **rest)

    return with_places


root_option = click.option(
    "--root",
    metavar="FOLDER",
    help="The folder in UPSTREAM_DIR that corresponds to the root folder of the pin; `.` is "
    "UPSTREAM_DIR itself.",
)
stack_option = click.option(
    "--stack",
    metavar="DIR",
    type=FOLDER,
    envvar="EFFPATCH_STACK",
    help="The virtual environment to train in.  "
    "[default: $EFFPATCH_STACK, else the Python that runs effpatch]",
)


def _patterns(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    for pattern in given:
        if not re.fullmatch(r"[A-Za-z_]\w*\*?", pattern):
            raise click.BadParameter(f"{pattern!r} is not the name of a variable, or NAME*")
    return given


pass_env_option = click.option(
    "--pass-env",
    metavar="NAME",
    multiple=True,
    callback=_patterns,
    help="Also pass this environment variable; NAME* stands for all that begin with NAME. "
    "Repeatable.",
)
doc_option = click.option(
    "--doc",
    metavar="FILE",
    type=FOLDER,
    help="Show the line of each rule's item in this document.",
)
color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Use colours.  [default: auto: on a terminal; NO_COLOR and FORCE_COLOR are respected]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def select(
    places: Sequence[str],
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    *,
    options: tuple[str, str] = ("--only", "--skip"),
) -> Selection:
    """The packs and rules that --pack, --only and --skip select; `options` is for sentences.

    Raises:
        PackError: There is no such pack, or it cannot be loaded.
        SelectionError: There is no such rule, none is left, or the packs do not go together.
    """
    from patcher.operations.select import select as select_rules
    from patcher.packs import load_pack
    from patcher.packs.sources import folder_of

    loaded = {place: load_pack(place) for place in dict.fromkeys(places)}
    selection = select_rules([*loaded.values()], only, skip, options=options)
    given = {pack.name: place for place, pack in loaded.items()}
    for pack in selection.packs:
        folder, pin = folder_of(given.get(pack.name, pack.name)), pack.upstream
        for_what = f", for {pin.repository or pin.name}@{pin.commit}" if pin else ""
        detail(f"pack {pack.name}: {folder}{for_what}")
    detail(f"rules: {len(selection.ids)} selected")
    return selection


def _select_by_default(
    packs: Sequence[str], only: Sequence[str], skip: Sequence[str], place: str
) -> Selection:
    """The packs and rules, where the rules to leave out are those of a configuration file.

    They count unless --only names the rules to use, and those of packs that are not chosen do not.
    """
    from fnmatch import fnmatchcase

    from patcher.operations.rule_ids import listed
    from patcher.packs import DEFAULT, load_pack
    from patcher.receipt.receipt import pack_name

    if only:
        return select(packs, only)
    names = [load_pack(each).name for each in packs] or [DEFAULT]
    counted = [
        word for word in listed(skip) if any(fnmatchcase(name, pack_name(word)) for name in names)
    ]
    selection = select(packs, skip=counted, options=("--only", place))
    if counted:
        inform(f"{place}: leaves out {', '.join(counted)}", error=True)
    return selection
