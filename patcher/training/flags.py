"""The flags of a program that absl reads, and arguments that are none of them.

The upstream's program passes over what it does not know, and trains with its defaults.
"""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from patcher import reading
from patcher.code import bounds
from patcher.errors import StackError, did_you_mean
from patcher.training.closure import modules_of

# Those that absl itself defines, and the ones of them that take no value.
_ABSL_SWITCHES = frozenset(
    (
        *("alsologtostderr", "help", "helpfull", "helpshort", "helpxml", "logtostderr"),
        *("only_check_args", "pdb", "run_with_pdb", "run_with_profiling", "showprefixforinfo"),
        "use_cprofile_for_profiling",
    )
)
_ABSL = _ABSL_SWITCHES | {
    *("flagfile", "log_dir", "logger_levels", "pdb_post_mortem", "profile_file"),
    *("stderrthreshold", "undefok", "v", "verbosity"),
}
_ADVICE = "`python main.py --helpfull` in the tree lists them"


class Definition(NamedTuple):
    """A flag: its name, whether it is on or off, and its default, if that is a literal."""

    name: str
    is_switch: bool
    default: ast.expr | None


def require_known(program: Path, arguments: Sequence[str]) -> None:
    """Check that the program has every flag that it is given, and is given nothing else.

    The flags in a `--flagfile` that is here count as well. What defines no flag by a call that
    names it, or is no Python, is not checked.

    Raises:
        StackError: It has not.
    """
    found = list(_defined(program))
    if not found or None in found:  # the name of one is known at run time only
        return
    defined = {each.name: each.is_switch for each in found if each}
    switches = {name for name, is_switch in defined.items() if is_switch} | _ABSL_SWITCHES
    arguments = [*_with_files(arguments)]
    known = _ABSL | defined.keys() | switches | _excused(arguments)
    position = 0
    while position < len(arguments):
        name, has_value = _named(arguments[position])
        if not name:
            wrong = (
                f"`{arguments[position]}` is no flag, so it and all behind it would be passed over"
            )
            raise StackError("ARGS", wrong, "flags with their values", "write --flag=value")
        if name not in known and not (name[:2] == "no" and name[2:] in switches):
            advice = did_you_mean(f"--{name}", [f"--{each}" for each in sorted(known)], _ADVICE)
            wanted = f"one of {program.name}"
            raise StackError("ARGS", f"no flag --{name}", wanted, advice)
        position += 1 if has_value or name not in known - switches else 2


def _with_files(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, and behind a file of flags those in it."""
    for each in arguments:
        yield each
        name, _, path = each.lstrip("-").partition("=")
        if each.startswith("-") and name == "flagfile":
            with suppress(OSError, UnicodeDecodeError):
                lines = reading.read(Path(path), bounds.LARGEST).decode("utf-8").splitlines()
                yield from (line.strip() for line in lines if line.strip().startswith("-"))


def _excused(arguments: Sequence[str]) -> set[str]:
    """The names that absl is told to pass over if it does not know them."""
    lists = (
        each.partition("=")[2] for each in arguments if each.lstrip("-").startswith("undefok=")
    )
    return {name for each in lists for name in each.split(",")}


def _named(argument: str) -> tuple[str, bool]:
    """The name of a flag and whether a value follows `=`; "" for what is no flag."""
    name, sign, _ = argument.lstrip("-").partition("=")
    return (name, bool(sign)) if argument.startswith("-") else ("", False)


def definitions(tree: ast.Module) -> Iterator[Definition | None]:
    """The flags that a module defines; None for one whose name is not a literal."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        kind = node.func.attr.removeprefix("DEFINE_")
        if kind == node.func.attr:
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        values = [*node.args, *filter(None, (given.get("name"), given.get("default")))]
        match values:
            case [ast.Constant(value=str(name)), *rest]:
                yield Definition(name, kind in ("bool", "boolean"), rest[0] if rest else None)
            case _:
                yield None


def _defined(program: Path) -> Iterator[Definition | None]:
    """The flags of a program and of what it imports from its own folder."""
    for module in modules_of(program):
        yield from definitions(module.tree)
