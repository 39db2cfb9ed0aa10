"""Command lines that are not run: whether Click knows their commands and options."""

import re
import shlex
from collections.abc import Iterator

import click

from patcher.cli.main import main

_OPERATORS = frozenset("();<>|&")
_WORD = re.compile(r"[a-z]\w*")


def calls(script: str) -> Iterator[list[str]]:
    """The arguments of each call of `effpatch` in a script.

    Raises:
        ValueError: The script has an open quote.
    """
    for line in re.sub(r"\\\n\s*", " ", script).splitlines():
        if "effpatch" in line:
            yield from _calls_in_line(line)


def _calls_in_line(line: str) -> Iterator[list[str]]:
    words: list[str] = []
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace_split = True
    for word in [*lexer, ";"]:
        if not set(word) <= _OPERATORS:
            words.append(word)
            continue
        if set(word) & {"<", ">"}:
            continue  # what is behind it is a file, which counts as one more argument
        while words and re.fullmatch(r"\w+=.*|\S*env|exec|time|\$", words[0]):
            words = words[1:]
        if words and words[0].rpartition("/")[2] == "effpatch":
            yield words[1:]
        words = []


def problem(arguments: list[str], *, whole: bool = True) -> str:
    """What is wrong with a call; empty if nothing is.

    Args:
        arguments: Those behind `effpatch`.
        whole: Whether it is to be run as it is, so that no argument may be missing. Otherwise it
            names a command and options of it, as a sentence does.
    """
    try:
        _parse(arguments, whole)
    except click.BadOptionUsage as error:
        return error.format_message() if whole else ""
    except click.MissingParameter as error:
        return error.format_message()
    except click.BadParameter as error:
        # What is no file yet may be one where it is run; what is no choice will never be one.
        chosen = error.param is not None and isinstance(error.param.type, click.Choice)
        return error.format_message() if chosen else ""
    except click.UsageError as error:
        return error.format_message()
    except click.exceptions.Exit:
        pass  # `--help` and the like
    return ""


def _parse(arguments: list[str], whole: bool) -> None:
    command: click.Command = main
    context = click.Context(main, info_name="effpatch", **main.context_settings)
    while True:
        rest = command.make_parser(context).parse_args(list(arguments))[1]
        if not isinstance(command, click.Group):
            break
        if not rest or not (whole or _WORD.fullmatch(rest[0])):
            return
        name, found, arguments = command.resolve_command(context, rest)
        assert name
        assert found
        command, parent = found, context
        context = click.Context(command, info_name=name, parent=parent)
    if whole:
        command.make_context(context.info_name, list(arguments), parent=context.parent)
