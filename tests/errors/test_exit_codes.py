"""Every exit code is in the table that help, manual pages and reference show."""

from collections.abc import Iterator

from patcher import errors
from patcher.errors.exit_codes import EXIT_CODES
from tests.commands import run


def families(family: type[errors.PatchError]) -> Iterator[type[errors.PatchError]]:
    yield family
    for each in family.__subclasses__():
        yield from families(each)


def test_each_family_of_errors_ends_with_a_known_code() -> None:
    assert {each.exit_code for each in families(errors.PatchError)} <= {e.code for e in EXIT_CODES}


def test_the_help_says_the_same() -> None:
    said = "; ".join(f"{each.code} {each.means}" for each in EXIT_CODES)
    assert f"Exit codes: {said}." in " ".join(run("--help").stdout.split())
