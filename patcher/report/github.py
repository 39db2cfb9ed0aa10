"""A review as annotations: the commands by which a step of a workflow tells GitHub of lines."""

from patcher.errors.visible import visible
from patcher.operations.review import Review
from patcher.report.notices import Level, Notice, named, notices
from patcher.tree.files import Tree

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_VALUE = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def commands(tree: Tree, review: Review) -> str:
    """A line for each notice."""
    return "\n".join(_command(tree, each) for each in notices(review))


def _command(tree: Tree, notice: Notice) -> str:
    values = {
        "file": named(tree, notice.file),
        "line": notice.lines.start,
        "endLine": max(notice.lines.stop - 1, notice.lines.start),
        "title": f"{notice.about}: {notice.title}" if notice.title else notice.about,
    }
    said = ",".join(f"{name}={_escaped(value, _IN_VALUE)}" for name, value in values.items())
    return f"::{_COMMANDS[notice.level]} {said}::{_escaped(notice.text, _IN_TEXT)}"


def _escaped(value: object, signs: dict[int, str]) -> str:
    return visible(str(value), keep="\n").translate(signs)
