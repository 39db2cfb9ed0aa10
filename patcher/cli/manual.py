"""Commands whose help is a manual: with examples, and with what every command takes.

Each command states its examples where it is defined, and a test runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from patcher.errors import did_you_mean
from patcher.report.verbosity import Verbosity, choose


class Example(NamedTuple):
    """A command line that users need.

    Attributes:
        words: The whole command line.
        effect: What it does, in a sentence.
    """

    words: str
    effect: str


def _choosing(
    verbosity: Verbosity,
) -> Callable[[click.Context, click.Parameter, bool], None]:
    def chosen(context: click.Context, _: click.Parameter, given: bool) -> None:
        if given and not context.resilient_parsing:
            choose(verbosity)

    return chosen


# Of both, what is given last counts; and what a command is given, more than what stands before it.
_VERBOSITY = (
    click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        expose_value=False,
        callback=_choosing(Verbosity.QUIET),
        help="Print errors, warnings and requested output, but no progress or summary.",
    ),
    click.Option(
        ["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_choosing(Verbosity.VERBOSE),
        help="Also print the packs, folders and files in use, and timings, to standard error.",
    ),
)


class Command(click.Command):
    """A command with examples, and with the options --quiet and --verbose.

    Attributes:
        examples: In the order in which a user needs them.
        otherwise: What to do with an option that is none of the command's; "" for nothing.
    """

    def __init__(
        self,
        *arguments: Any,
        examples: Sequence[Example] = (),
        otherwise: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.examples, self.otherwise = tuple(examples), otherwise
        self.params += _VERBOSITY

    def parse_args(self, context: click.Context, words: list[str]) -> list[str]:
        """Read the words of a command line; says what to do with an unknown option."""
        try:
            return super().parse_args(context, words)
        except click.NoSuchOption as error:
            said = " ".join(filter(None, [error.message, self.otherwise]))
            raise click.NoSuchOption(
                error.option_name, said, error.possibilities, error.ctx
            ) from None

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples at the end of the help, in lines that are not wrapped."""
        if not self.examples:
            return
        indent = " " * (formatter.current_indent + formatter.indent_increment)
        blocks = [f"{indent}{each.words}\n{indent * 2}{each.effect}\n" for each in self.examples]
        with formatter.section("Examples"):
            formatter.write("\n".join(blocks))


class Group(Command, click.Group):
    """A group of such commands, which helps with a misspelled one."""

    def resolve_command(
        self, context: click.Context, words: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; a usage error says which is nearest to it."""
        name, known = words[0], self.list_commands(context)
        if not (name in known or name.startswith("-") or context.resilient_parsing):
            otherwise = f"`{context.command_path} --help` lists the commands"
            context.fail(f"no command {name!r}; {did_you_mean(name, known, otherwise)}")
        return super().resolve_command(context, words)


def command(
    *examples: Example, name: str | None = None, otherwise: str = ""
) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command, with examples; the name is the function's if left out."""
    return click.command(name, cls=Command, examples=examples, otherwise=otherwise)
