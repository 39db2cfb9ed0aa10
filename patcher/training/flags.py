"""The flags of a program that absl reads, and arguments that are none of them.

The upstream's program passes over what it does not know, and trains with its defaults.
"""

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
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
_SWITCHES = ("bool", "boolean")
_BOOLEANS = ("true", "t", "1", "false", "f", "0")
_BASES = {"0x": 16, "0o": 8}
_ADVICE = "`python main.py --helpfull` in the tree lists them"


class Definition(NamedTuple):
    """A flag: its name, the end of the name of what defines it, and its default, if any.

    The default is what stands there: a literal or another expression.
    """

    name: str
    kind: str
    default: ast.expr | None

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return self.kind in _SWITCHES


# What absl reads of a value by the kind of its flag, in words and as what reads it.
_VALUES: dict[str, tuple[str, Callable[[str], object]]] = {
    "integer": ("a whole number", lambda text: int(text, _BASES.get(text[:2], 10))),
    "float": ("a number", float),
}
_VALUES |= dict.fromkeys(_SWITCHES, ("true or false", lambda text: _BOOLEANS.index(text.lower())))


def require_known(program: Path, arguments: Sequence[str], options: Collection[str] = ()) -> None:
    """Check that the program has every flag that it is given, and is given nothing else.

    Values of numbers and of switches are checked as well, and so are the flags in a `--flagfile`
    that is here. What defines no flag by a call that names it, or is no Python, is not checked. The
    `options` are those that belong in front of the arguments.

    Raises:
        StackError: It has not, or cannot read a value.
    """
    found = list(_defined(program))
    if not found or None in found:  # the name of one is known at run time only
        return
    kinds = {each.name: each.kind for each in found if each}
    switches = {each.name for each in found if each and each.is_switch} | _ABSL_SWITCHES
    arguments = [*_with_files(arguments)]
    known = _ABSL | kinds.keys() | switches | _excused(arguments)
    position = 0
    while position < len(arguments):
        name, value = _parted(arguments[position])
        if not name:
            wrong = f"`{arguments[position]}` is no flag: it and all after it would be ignored"
            raise StackError("ARGS", wrong, "flags with their values", "write --flag=value")
        if name not in known and not (name[:2] == "no" and name[2:] in switches):
            near = did_you_mean(f"--{name}", [f"--{each}" for each in sorted(known)], _ADVICE)
            own = f"--{name} is an option of `train`: write it before `--`"
            advice = own if name in options else near
            wanted = f"one of {program.name}"
            raise StackError("ARGS", f"no flag --{name}", wanted, advice)
        is_apart = value is None and name in known - switches
        position += 2 if is_apart else 1
        value = "".join(arguments[position - 1 : position]) if is_apart else value
        _require_value(name, kinds.get(name, ""), value)


def _require_value(name: str, kind: str, value: str | None) -> None:
    """Check that absl can read what a flag of some kind is given; None for a mere switch."""
    wanted, read = _VALUES.get(kind, ("", str))
    if value is not None:
        try:
            read(value)
        except ValueError:
            found = f"--{name}={value}" if value else f"--{name} has no value"
            raise StackError("ARGS", found, wanted, "correct it") from None


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


def _parted(argument: str) -> tuple[str, str | None]:
    """The name of a flag and the value after `=`, None for none; "" for what is no flag."""
    name, sign, value = argument.lstrip("-").partition("=")
    return (name, value if sign else None) if argument.startswith("-") else ("", None)


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
                yield Definition(name, kind, rest[0] if rest else None)
            case _:
                yield None


def _defined(program: Path) -> Iterator[Definition | None]:
    """The flags of a program and of what it imports from its own folder."""
    for module in modules_of(program):
        yield from definitions(module.tree)
