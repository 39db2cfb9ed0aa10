"""The reference of the commands."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from docs.generate.cli import Entry, Option, program, walk
from docs.generate.markdown import code, fenced, prose, table


def overview(page: str = "") -> str:
    """A table of the commands, a line each, with links to the page that has them."""
    rows = ([_link(each, page), prose(each.summary)] for each in program().commands)
    return table(["command", "what it does"], rows)


def part() -> str:
    """Every command: how it is called, what it does, its options and examples."""
    return "\n\n".join(piece for each in walk(program()) for piece in _command(each))


def common_options() -> str:
    """A table of the options that every command has."""
    return _options(common())


@cache
def common() -> Sequence[Option]:
    """The options that every command has."""
    first, *others = (list(each.options) for each in walk(program()))
    return [each for each in first if all(each in other for other in others)]


def _title(entry: Entry) -> str:
    """The words by which a command is called, without the program's name."""
    return entry.name.partition(" ")[2] or entry.name


def _link(entry: Entry, page: str = "") -> str:
    title = _title(entry)
    return f"[{code(title)}]({page}#{title.replace(' ', '-')})"


def _command(entry: Entry) -> Iterator[str]:
    depth = max(2, len(entry.name.split()))
    yield f"{'#' * depth} {_title(entry)}"
    for text in entry.paragraphs:
        yield fenced(text, "text") if "\n" in text else prose(text)
    yield fenced(entry.usage, "text")
    if entry.commands and " " in entry.name:  # those of the program stand at the page's head
        below = ([_link(each), prose(each.summary)] for each in entry.commands)
        yield table(["command", "what it does"], below)
    own = [each for each in entry.options if each not in common()]
    if own:
        yield _options(own)
    if entry.examples:
        lines = "\n\n".join(f"# {each.effect}\n{each.words}" for each in entry.examples)
        yield f"Examples:\n\n<!-- not run: examples from the help -->\n{fenced(lines, 'sh')}"


def _options(options: Iterable[Option]) -> str:
    rows = [_option(each) for each in options]
    width = 3 if any(default for _, _, default in rows) else 2
    return table(["option", "what it does", "default"][:width], (row[:width] for row in rows))


def _option(option: Option) -> list[str]:
    variable = code(f"${option.variable}") if option.variable else ""
    default = prose(option.default)
    if option.variable and option.variable not in option.default:
        default = ", else ".join(filter(None, [variable, default]))
    names = " ".join(filter(None, (option.names, option.value)))
    return [code(names), prose(option.text), default]
