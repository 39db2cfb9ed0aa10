"""The table of the exit codes."""

from docs.generate.markdown import prose, table
from patcher.errors.exit_codes import EXIT_CODES


def part() -> str:
    """A row for each exit code."""
    rows = ([str(each.code), prose(each.means), prose(each.example)] for each in EXIT_CODES)
    return table(["code", "means", "for example"], rows)
