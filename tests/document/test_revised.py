"""The later revisions of the document, against the packs that follow them.

They are in the vendor's repository, whose clone EFFPATCH_REFERENCES names.
"""

import re
from pathlib import Path

import pytest

from tests.commands import run
from tests.references import file_of
from tests.rule_check import REVISIONS

DOCUMENT = "TensorFlow/computer_vision/efficientdet/CHANGES.md"
RELEASES = {
    "documented_1_1": ["1.1.0", "1.2.0", "1.3.0"],
    "documented_1_4": ["1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0", "1.9.0"],
}


@pytest.mark.parametrize(
    ("pack", "release"), [(pack, each) for pack in RELEASES for each in RELEASES[pack]]
)
def test_a_revision_is_covered(pack: str, release: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    file.write_text(file_of(release, DOCUMENT), "utf-8")
    result = run("coverage", "--doc", file, "--pack", pack)
    assert (result.exit_code, result.stderr) == (0, "")
    rules = [rule for _, _, rule in REVISIONS[pack].entries()]
    deviating = sum(rule.stated is not None for rule in rules)
    more = f", {deviating} deviates" if deviating else ""
    assert result.stdout.endswith(
        f"\n{file}: {len(rules) - deviating} of {len(rules)} covered{more}\n"
    )
    items = re.findall(r"^\d+\. +(?:Changed|Added|Removed)$", file.read_text("utf-8"), re.MULTILINE)
    assert len(items) == sum(rule.stated != "" for rule in rules)


def test_every_revision_is_of_some_release() -> None:
    assert RELEASES.keys() == REVISIONS.keys()
