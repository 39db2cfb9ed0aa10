"""The later revisions of the document, against the packs that follow them.

They are in the vendor's repository, whose clone EFFPATCH_REFERENCES names.
"""

import os
import re
from pathlib import Path

import pytest

from tests.commands import git, run
from tests.rule_check import REVISIONS

DOCUMENT = "TensorFlow/computer_vision/efficientdet/CHANGES.md"
RELEASES = {
    "documented_1_1": ["1.1.0", "1.2.0", "1.3.0"],
    "documented_1_4": ["1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0", "1.9.0"],
}


def text_of(release: str) -> str:
    folder = os.environ.get("EFFPATCH_REFERENCES")
    if not folder:
        pytest.skip("EFFPATCH_REFERENCES names no clone of HabanaAI/Model-References")
    names = (release, f"origin/{release}")
    known = git(Path(folder), "branch", "--all", "--format=%(refname:lstrip=2)").split()
    name = next((each for each in known if each.removeprefix("remotes/") in names), None)
    if not name:
        pytest.skip(f"{folder} has no branch {release}")
    return git(Path(folder), "show", f"{name}:{DOCUMENT}")


@pytest.mark.parametrize(
    ("pack", "release"), [(pack, each) for pack in RELEASES for each in RELEASES[pack]]
)
def test_a_revision_is_covered(pack: str, release: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    file.write_text(text_of(release), "utf-8")
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
