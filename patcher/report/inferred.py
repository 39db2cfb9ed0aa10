"""How much of a hand-made port the rules of a drafted pack make, for people and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from patcher.drafting.from_port.inferred import FileResult, Hunk, Inferred
from patcher.report import count
from patcher.report.json import envelope
from patcher.report.rows import Row, print_rows
from patcher.report.steps import Line, bar

_MOST = 8  # ranges of lines of a file that are shown


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Show on a terminal which file is worked on; the function given is told of each."""
    from rich.progress import BarColumn, MofNCompleteColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), Line("{task.description}"), TimeElapsedColumn())
    with bar(*columns) as shown:
        task = shown.add_task("", total=None)

        def tell(path: str, total: int) -> None:
            done = shown.tasks[0].completed
            step = 1 if shown.tasks[0].total and done < total - 1 else 0
            shown.update(task, description=path, total=total, advance=step)

        yield tell


def table(found: Inferred) -> None:
    """Print a row per file, what no rule expresses, and the totals."""
    rows = [_row(file) for file in found.files]
    if left := [*_left(found)]:
        rows += _listed("not expressed", left)
    if groups := _groups(found):
        rows += _listed("the same edit", groups)
    print_rows(("file", "lines", "rules", "kinds"), rows, _summary(found))


def _listed(title: str, lines: Sequence[str]) -> list[Row]:
    rows: list[Row] = [[(title, "bold")]]
    rows += [[f"  {line}"] for line in lines]
    return rows


def as_json(found: Inferred, pack: str) -> str:
    """The same as one object, on one line."""
    return envelope(
        pack=pack,
        files=[
            {
                "path": file.path,
                "rules": len(file.rules),
                "kinds": dict(_kinds(file)),
                "changed": file.changed,
                "expressed": file.changed - file.missing,
                "layout": file.is_layout,
                "left": [
                    {"line": hunk.lines.start, "removed": hunk.removed, "added": hunk.added}
                    for hunk in file.left
                ],
                "unreadable": file.why or None,
            }
            for file in found.files
        ],
        others=[{"path": each.path, "what": each.what} for each in found.port.others],
        whole=found.is_whole,
    )


def _row(file: FileResult) -> Row:
    colour = "green" if not file.left else "yellow"
    kinds = ", ".join(f"{n} {kind}" for kind, n in _kinds(file).most_common())
    made = f"{file.changed - file.missing}/{file.changed}"
    return file.path, (made, colour), str(len(file.rules)), kinds or file.why


def _kinds(file: FileResult) -> Counter[str]:
    return Counter(rule.edit.kind for rule in file.rules)


def _left(found: Inferred) -> Iterator[str]:
    for file in found.files:
        if file.why:
            yield f"{file.path}: {file.why}"
        elif file.left:
            layout = "; only comments, blank lines and indents" if file.is_layout else ""
            yield f"{file.path}: {_ranges(file.left)}{layout}"
    for each in found.port.others:
        yield f"{each.path}: {each.what}"


def _ranges(hunks: Sequence[Hunk]) -> str:
    """Such as `lines 3-5, 9 (2 left above)`; of the new file."""
    texts = [_range(hunk) for hunk in hunks[:_MOST]]
    more = len(hunks) - len(texts)
    return ", ".join([f"line {texts[0]}", *texts[1:], *([f"and {more} more"] if more else [])])


def _range(hunk: Hunk) -> str:
    first, last = hunk.lines.start, hunk.lines.stop - 1
    if not hunk.lines:
        return f"{first} ({hunk.removed} to be removed above it)"
    return str(first) if first == last else f"{first}-{last}"


def _groups(found: Inferred) -> list[str]:
    """The rules that are equal to others, with those."""
    groups, prefix = dict[str, list[str]](), f"{found.drafted.name}/"
    for name, section in zip(found.drafted.names(), found.drafted.sections, strict=True):
        for draft in section.drafts:
            if draft.found:
                first = draft.found.removeprefix("as ")
                group = groups.setdefault(first, [f"{prefix}{first}"])
                group.append(f"{prefix}{name}-{draft.rule.item}")
    return [", ".join(ids) for ids in groups.values()]


def _summary(found: Inferred) -> str:
    rules = sum(len(file.rules) for file in found.files)
    changed = sum(file.changed for file in found.files)
    missing = sum(file.missing for file in found.files)
    made = f"{changed - missing} of {changed} changed lines"
    others = f", {count(len(found.port.others), 'other difference')}" if found.port.others else ""
    return f"{count(rules, 'rule')} for {made} in {count(len(found.files), 'file')}{others}"
