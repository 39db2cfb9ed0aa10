"""Tensor rank: no tensor of the graph that a program builds has more dimensions than allowed."""

from collections import Counter
from pathlib import PurePosixPath

from patcher.checks.model import Finding, Measurement, Operation, Subject


def check(subject: Subject, *, max_rank: int) -> list[Finding] | None:
    """The operations of the graph that have a tensor of a higher rank, and how many there are.

    None where no program was run. An unknown rank is advice.
    """
    measured = subject.measurement
    if measured is None or not (measured.operations or measured.failure):
        return None
    if measured.failure:
        return [Finding(subject.program, 1, measured.failure)]
    folder = PurePosixPath(subject.program).parent
    found = [_finding(each, folder, max_rank) for each in measured.found]
    return [*found, Finding(subject.program, 1, _summary(measured, max_rank), advice=True)]


def _finding(operation: Operation, folder: PurePosixPath, max_rank: int) -> Finding:
    shape, text = operation.shape, f"{operation.type} {operation.name} is "
    if shape is None:
        text += f"of unknown rank, or calls what is; expected {max_rank} at most"
    else:
        text += f"{list(shape)}, of rank {len(shape)}, expected {max_rank} at most"
    return Finding(str(folder / operation.file), operation.line, text, advice=shape is None)


def _summary(measured: Measurement, max_rank: int) -> str:
    high = Counter(each.type for each in measured.found if each.shape is not None)
    text = f"{measured.operations} operations, {high.total()} of rank above {max_rank}"
    if high:
        types = ", ".join(f"{number} {type_}" for type_, number in high.most_common())
        text += f" ({types}; {measured.forwarded} Identity hand on what these make)"
    return f"{text}, {len(measured.found) - high.total()} of unknown rank"
