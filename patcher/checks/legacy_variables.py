"""Legacy variables: the graph that a program builds has resource variables alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from patcher.checks import graph
from patcher.checks.model import Finding, LegacyVariable, Measurement, Subject


def check(subject: Subject) -> list[Finding] | None:
    """The lines that make legacy variables, and how many there are and operations that use them.

    None where no program was run.
    """
    return graph.findings(subject, _findings, _summary)


def _findings(measured: Measurement, folder: PurePosixPath) -> Iterator[Finding]:
    made = defaultdict[tuple[str, int], list[LegacyVariable]](list)
    for each in measured.legacy:
        made[each.file, each.line].append(each)
    for (file, line), variables in sorted(made.items()):
        yield Finding(str(folder / file), line, _text(variables))


def _text(variables: Sequence[LegacyVariable]) -> str:
    first = f"{variables[0].type} {variables[0].name}"
    if len(variables) == 1:
        return f"{first} is a legacy variable, expected a resource variable"
    more = len(variables) - 1
    return f"{first} and {more} more are legacy variables, expected resource variables"


def _summary(measured: Measurement) -> str:
    text = f"{measured.operations} operations, {len(measured.legacy)} legacy variables"
    types = Counter(each.type for each in measured.legacy) + Counter(measured.users)
    counts = ", ".join(f"{number} {type_}" for type_, number in types.most_common())
    return f"{text} ({counts})" if counts else text
