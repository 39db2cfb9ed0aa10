"""The pin with any one site changed: never a wrong edit, and never one left out in silence."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engine.judgement import judgement
from tests.engine.mutants import RULES, mutants
from tests.rule_check import DOCUMENTED

every_file = pytest.mark.parametrize("path", [section.path for section in DOCUMENTED.sections])
# One mutant of so many: all of them take many minutes.
every = pytest.mark.parametrize(
    "step",
    [9, pytest.param(3, marks=pytest.mark.long), pytest.param(1, marks=pytest.mark.extended)],
)


@pytest.fixture(scope="session")
def files(pristine: Path) -> Mapping[str, bytes]:
    """The code of the pin."""
    found = sorted((pristine / "efficientdet").rglob("*.py"))
    return {file.relative_to(pristine).as_posix(): file.read_bytes() for file in found}


@every_file
def test_every_rule_has_mutants_of_every_kind(files: Mapping[str, bytes], path: str) -> None:
    found = mutants(files, path)
    for id_, (section, _) in RULES.items():
        if section.path == path:
            done = " ".join(each.what for each in found if id_ in each.rules)
            for what in ("deleted", "if False", "moved to a new function", "_x"):
                assert what in done, (id_, what)


@every
@every_file
def test_a_change_of_one_site_gives_no_wrong_edit(
    files: Mapping[str, bytes], path: str, step: int
) -> None:
    tried = mutants(files, path)[::step]
    wrong = {str(mutant): faults for mutant in tried if (faults := judgement(files, mutant))}
    assert not wrong, "\n".join(f"{what}: {'; '.join(said)}" for what, said in wrong.items())
