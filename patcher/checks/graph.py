"""What the checks of a program's graph say where there is none, and of it as a whole."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from patcher.checks.model import Finding, Measurement, Subject


def findings(
    subject: Subject,
    find: Callable[[Measurement, PurePosixPath], Iterable[Finding]],
    summarize: Callable[[Measurement], str],
) -> list[Finding] | None:
    """What `find` finds in the graph of a tree's program, and as advice a summary of the graph.

    None where no program was run. `find` gets the program's folder as well. A graph that could not
    be built is a finding.
    """
    measured = subject.measurement
    if measured is None or not (measured.operations or measured.failure):
        return None
    if measured.failure:
        return [Finding(subject.program, 1, measured.failure)]
    found = find(measured, PurePosixPath(subject.program).parent)
    return [*found, Finding(subject.program, 1, summarize(measured), advice=True)]
