"""The commands as Click knows them: what the reference and the manual pages are made of."""

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from patcher.cli.main import main

_NAMES = re.compile(r"(?P<names>-[^ ,]+(?:(?:, | / )-[^ ,]+)*)(?: (?P<value>.*))?")
_NOTE = re.compile(r"(?P<text>.*?)\s*\[(?P<note>[^\[\]]*)\]", re.DOTALL)


class Option(NamedTuple):
    """An option, as `--help` shows it.

    Attributes:
        names: Its names: `-o, --output`.
        value: What it takes, such as `FILE`; "" for nothing.
        text: What it does.
        default: What holds without it; "" for nothing.
        variable: The environment variable that sets it; "" for none.
    """

    names: str
    value: str
    text: str
    default: str
    variable: str


class Example(NamedTuple):
    """A command line, and what it does."""

    words: str
    effect: str


class Entry(NamedTuple):
    """A command with its place among the others."""

    command: click.Command
    context: click.Context

    @property
    def name(self) -> str:
        """Its words, such as `effpatch stack create`."""
        return self.context.command_path

    @property
    def usage(self) -> str:
        """How it is called."""
        return " ".join([self.name, *self.command.collect_usage_pieces(self.context)])

    @property
    def summary(self) -> str:
        """Its first sentence, in full."""
        return self.paragraphs[0]

    @property
    def paragraphs(self) -> Sequence[str]:
        """What `--help` says of it, one string a paragraph; one with line ends is laid out so."""
        text = inspect.cleandoc(self.command.help or "").partition("\f")[0]
        found = (each.strip("\n") for each in re.split(r"\n{2,}", text))
        return [
            each.partition("\n")[2] if each.startswith("\b") else " ".join(each.split())
            for each in found
            if each.strip()
        ]

    @property
    def options(self) -> Iterator[Option]:
        """Its options, in the order of `--help`."""
        for each in self.command.get_params(self.context):
            record = each.get_help_record(self.context)
            if isinstance(each, click.Option) and record:
                yield _option(each, *record)

    @property
    def examples(self) -> Sequence[Example]:
        """Its examples, where it has any."""
        return [Example(*each) for each in getattr(self.command, "examples", ())]

    @property
    def commands(self) -> Sequence["Entry"]:
        """The commands below it."""
        if not isinstance(self.command, click.Group):
            return []
        names = self.command.list_commands(self.context)
        found = ((name, self.command.get_command(self.context, name)) for name in names)
        return [
            Entry(each, click.Context(each, self.context, name))
            for name, each in found
            if each and not each.hidden
        ]


def program() -> Entry:
    """The command `effpatch` itself."""
    return Entry(main, click.Context(main, info_name="effpatch", **main.context_settings))


def walk(entry: Entry) -> Iterator[Entry]:
    """A command, and all below it."""
    yield entry
    for each in entry.commands:
        yield from walk(each)


def _option(option: click.Option, record: str, text: str) -> Option:
    """An option, from the two columns of `--help`; the notes in brackets end the second one."""
    default, limits = "", ""
    while found := _NOTE.fullmatch(text):
        text, note = found["text"], found["note"]
        if note.startswith("default: "):
            default = note.removeprefix("default: ")
        elif note == "required":
            default = "required"
        elif not note.startswith("env var: "):
            limits = f" `{note}`"
    named = _NAMES.fullmatch(record)
    assert named, record
    value = named["value"] or ""
    variable = option.envvar if isinstance(option.envvar, str) else ""
    return Option(
        named["names"], value, text + limits.replace("x", value or "x"), default, variable
    )
