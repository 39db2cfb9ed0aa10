"""Tensor rank: no tensor of the graph that a program builds has more dimensions than allowed."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from patcher.checks import graph
from patcher.checks.model import Finding, Measurement, Operation, Subject


def check(subject: Subject, *, max_rank: int) -> list[Finding] | None:
    """The operations of the graph that have a tensor of a higher rank, and how many there are.

    None where no program was run. An unknown rank is advice. Legacy variables are counted as well,
    for another check to judge.
    """
    find, summarize = partial(_findings, max_rank), partial(_summary, max_rank)
    return graph.findings(subject, find, summarize)


def _findings(max_rank: int, measured: Measurement, folder: PurePosixPath) -> Iterator[Finding]:
    for each in measured.found:
        if each.shape is None or len(each.shape) > max_rank:
            yield _finding(max_rank, each, folder)


def _finding(max_rank: int, operation: Operation, folder: PurePosixPath) -> Finding:
    shape, text = operation.shape, f"{operation.type} {operation.name} is "
    if shape is None:
        text += f"of unknown rank, or calls what is; expected {max_rank} at most"
    else:
        text += f"{list(shape)}, of rank {len(shape)}, expected {max_rank} at most"
    return Finding(str(folder / operation.file), operation.line, text, advice=shape is None)


def _summary(max_rank: int, measured: Measurement) -> str:
    shapes = [(each.type, each.shape) for each in measured.found]
    high = Counter(type_ for type_, shape in shapes if shape is not None and len(shape) > max_rank)
    text = f"{measured.operations} operations, {high.total()} of rank above {max_rank}"
    if high:
        types = ", ".join(f"{number} {type_}" for type_, number in high.most_common())
        text += f" ({types}; {measured.forwarded} Identity operations pass these tensors on)"
    text += f", {sum(shape is None for _, shape in shapes)} of unknown rank"
    return f"{text}, {len(measured.legacy)} legacy variables"
