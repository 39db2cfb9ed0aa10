"""SECURITY.md names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(?P<file>tests/[\w/]+\.py)?(?:::(?P<test>\w+))?`")


def test_every_test_that_it_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and "test_" in line]
    assert len(rows) > 20
    file = ""
    for row in rows:
        for named in NAMED.finditer(row):
            file = named["file"] or file
            code = (ROOT / file).read_text("utf-8")
            wanted = f"def {named['test']}(" if named["test"] else "def test_"
            assert wanted in code, named[0]
