"""apply, then revert, is nothing: over trees that Hypothesis makes from the miniature."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands import run
from tests.rule_check import MINIATURE, PACKS

IDS = [id_ for pack in PACKS.values() for id_, _, _ in pack.entries()]
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda content: content,
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "BOM": lambda content: b"\xef\xbb\xbf" + content,
    "no newline at the end": lambda content: content.rstrip(b"\n"),
    "mixed line ends": lambda content: content.replace(b"\n", b"\r\n", 7),
    "Latin-1": lambda content: b"# -*- coding: latin-1 -*-\n# \xe9\n" + content,
    "form feeds": lambda content: content.replace(b"\n\n\n", b"\n\x0c\n\n"),
    "tabs": lambda content: re.sub(rb"(?m)^ +", lambda m: b"\t" * (len(m[0]) // 2), content),
    "code behind": lambda content: content + b"\n\ndef ours():\n  return 1\n",
}
SIZE = len(MINIATURE)
MODES = [0o644, 0o755, 0o600, 0o664]


def named(packs: list[str]) -> list[str]:
    return [part for pack in packs for part in ("--pack", pack)]


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    found = (file for file in root.rglob("*") if file.is_file() and ".git" not in file.parts)
    return {str(f.relative_to(root)): (f.stat().st_mode, f.read_bytes()) for f in found}


TREES = {
    "forms": st.lists(st.sampled_from(sorted(FORMS)), min_size=SIZE, max_size=SIZE),
    "modes": st.lists(st.sampled_from(MODES), min_size=SIZE, max_size=SIZE),
    "packs": st.lists(st.sampled_from(sorted(PACKS)), min_size=1, unique=True),
    "first": st.sets(st.sampled_from(IDS), max_size=5),
    "in_git": st.booleans(),
}
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(**TREES)
def test_there_and_back(
    forms: list[str], modes: list[int], packs: list[str], first: set[str], in_git: bool
) -> None:
    there_and_back(forms, modes, packs, first, in_git)


@pytest.mark.long
@settings(QUICK, max_examples=100)
@given(**TREES)
def test_there_and_back_often(
    forms: list[str], modes: list[int], packs: list[str], first: set[str], in_git: bool
) -> None:
    there_and_back(forms, modes, packs, first, in_git)


def there_and_back(
    forms: list[str], modes: list[int], packs: list[str], first: set[str], in_git: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for (path, content), form, mode in zip(MINIATURE.items(), forms, modes, strict=True):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(FORMS[form](content))
            (root / path).chmod(mode)
        if in_git:
            who = ("-c", "user.name=tester", "-c", "user.email=tester@localhost")
            for command in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "all")):
                subprocess.run(["git", "-C", name, *command], check=True, capture_output=True)
        before = files(root)
        some = [part for id_ in sorted(first) for part in ("--only", id_)]
        if some:
            run("apply", root, *some, *named(sorted(PACKS)), "--partial", "--allow-dirty")
        assert run("apply", root, *named(packs)).exit_code == 0
        assert files(root) != before
        assert run("revert", root).exit_code == 0
        assert files(root) == before
        if in_git:
            status = ["git", "-C", name, "status", "--porcelain"]
            assert subprocess.run(status, capture_output=True, check=True).stdout == b""
