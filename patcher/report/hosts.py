"""What was found on the hosts of a run."""

from collections.abc import Iterator

from patcher.report.rows import Row, print_rows
from patcher.training.preflight import Report


def table(found: Report) -> None:
    """Print a row for each host, and one for each reason why it cannot be used."""
    number = len(found.inspections)
    fit = sum(not each.faults for each in found.inspections)
    hosts = f"{number} host{'s' * (number > 1)}"
    summary = f"{hosts}: {'ready' if fit == number else f'{number - fit} cannot be used'}"
    print_rows(("host", "", "slots", ""), _rows(found), summary)


def _rows(found: Report) -> Iterator[Row]:
    for each in found.inspections:
        name, slots = each.host.name, str(each.host.slots or "-")
        if not each.faults:
            yield name, ("ready", "green"), slots, each.summary
        for fault in each.faults:
            yield name, ("unfit", "yellow"), slots, str(fault)
