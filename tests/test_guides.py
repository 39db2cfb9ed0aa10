"""Guides to be followed literally: the page's commands, run in order, print what it shows."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.commands import INSTALLED, process

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def section(page: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def steps(text: str) -> Iterator[tuple[str, str]]:
    """The commands of each block `sh`, and what the block `text` behind it shows."""
    fences = _FENCE.findall(text)
    for (language, commands), (follows, shown) in zip(fences, [*fences[1:], ("", "")], strict=True):
        if language == "sh":
            yield commands, shown if follows == "text" else ""


def test_a_hand_made_port_becomes_a_pack(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "vendor" / "miniature", tmp_path / "vendor" / "miniature")
    environment = {**os.environ, "PATH": f"{INSTALLED.parent}{os.pathsep}{os.environ['PATH']}"}
    found = [*steps(section("guides/pack-from-port.md", "From a hand-made port to a pack"))]
    assert sum(bool(shown) for _, shown in found) > 4
    for commands, shown in found:
        commands, shown = (
            each.replace("/tmp/guide", str(tmp_path / "guide")) for each in (commands, shown)
        )
        result = process("bash", "-ec", commands, cwd=tmp_path, env=environment)
        assert result.returncode == 0, f"{commands}{result.stdout}{result.stderr}"
        assert result.stdout == shown, commands
    assert [each.name for each in tmp_path.iterdir()] == ["vendor"]
