"""A module that is imported whole."""

import pytest

from patcher.edits.kinds import ImportFrom, ImportModule
from patcher.model import State
from tests.rule_check import RuleCheck, trial

GONE = trial("import shop.till as till", "", ImportModule())
MOVE = trial("import shop.till as till", "import bank.till as till", ImportModule())
ADD = trial("", "import shop.till as till", ImportModule())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import shop.till as till  # why\na()\n", "import bank.till as till  # why\na()\n"),
        ("import a, shop.till as till\n", "import a, bank.till as till\n"),
    ],
)
def test_imports_another_module(before: str, after: str) -> None:
    MOVE.changes(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# why\nimport shop.till as till\na()\n", "# why\na()\n"),
        ("import shop.till as till, a\n", "import a\n"),
    ],
)
def test_removes_a_module(before: str, after: str) -> None:
    GONE.changes(before, after)


SLEEP = trial("import time", "from time import sleep, time", ImportModule())
PATH = trial("from os import path", "import os.path as path", ImportFrom())


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        (SLEEP, "# why\nimport time  # x\n", "# why\nfrom time import sleep, time  # x\n"),
        (SLEEP, "import os, time\n", "import os\nfrom time import sleep, time\n"),
        (PATH, "# why\nfrom os import path  # x\n", "# why\nimport os.path as path  # x\n"),
        (PATH, "from os import sep, path\n", "from os import sep\nimport os.path as path\n"),
        (PATH, "from os import (\n    path,\n)\n", "import os.path as path\n"),
    ],
)
def test_an_import_of_the_other_form(check: RuleCheck, before: str, after: str) -> None:
    check.changes(before, after)


def test_adds_a_module() -> None:
    ADD.changes("import a\n\nb()\n", "import a\nimport shop.till as till\n\nb()\n")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(
            "import shop.till",
            "found `shop.till`, expected `shop.till as till`",
            id="without its alias",
        ),
        pytest.param("from shop import till", "expected `import shop.till as till`", id="from"),
    ],
)
def test_leaves_what_is_like_it_alone(line: str, why: str) -> None:
    MOVE.drifts(f"{line}\n", line=1, why=why)


def test_a_module_that_is_still_used_is_not_removed() -> None:
    why = "`till` is still used in this file"
    GONE.drifts("import shop.till as till\ntill.pay()\n", line=1, why=why)
    assert GONE.outcome("a.till\n").state is State.APPLIED
