"""Subjects for the checks: the miniature with chosen edits, and trees made up on the spot."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from patcher import engine
from patcher.checks.model import Finding, Subject
from patcher.checks.sources import Sources
from patcher.resources import VENDOR
from tests.rule_check import DOCUMENTED

ROOT, PROGRAM = "efficientdet", "efficientdet/main.py"
# What the documented edits' pack says of each check that it declares.
OPTIONS = {spec.check: spec.options for spec in DOCUMENTED.checks}
RUNTIME = {
    "TensorFlow/common/horovod_helpers.py": b"hvd = hvd_init = horovod_enabled = None",
    "TensorFlow/common/library_loader.py": b"def load_habana_module(): pass",
    "TensorFlow/common/tb_utils.py": b"ExamplesPerSecondEstimatorHook = write_hparams_v1 = None",
}
OTHER_RUNTIME = Sources({"TensorFlow/far.py": b""})


def subject_of(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Subject:
    """A tree that has the program's folder for its root, and the runtime."""
    new = Sources(after, ROOT)
    return Subject(Sources(before, ROOT, new), new, PROGRAM, Sources(RUNTIME))


def patched(root: Path, without: Iterable[str] = ()) -> Subject:
    """A tree on disk, and as the documented edits would leave it, some left out."""
    files = {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*.py"))
        if file.is_file()
    }
    chosen = {id_ for id_, _, _ in DOCUMENTED.entries()} - set(without)
    touched = {section.path: files[section.path] for section in DOCUMENTED.sections}
    plan = engine.plan_alone([DOCUMENTED], touched, chosen)
    return subject_of(files, files | {file.path: file.after for file in plan.files})


def miniature(*without: str) -> Subject:
    """The miniature before and after all edits but some."""
    return patched(VENDOR / "miniature", without)


def edited(subject: Subject, name: str, old: str, new: str) -> Subject:
    """The subject with one more edit, made by hand in a file of the program's folder."""
    path = f"efficientdet/{name}"
    text = subject.new.files[path].decode()
    assert text.count(old) == 1
    return with_files(subject, {path: text.replace(old, new).encode()})


def with_files(subject: Subject, files: Mapping[str, bytes]) -> Subject:
    """The subject with other files after the edits."""
    return replace(subject, new=Sources({**subject.new.files, **files}, ROOT))


def made_up(
    after: Mapping[str, str | bytes], before: Mapping[str, str | bytes] | None = None
) -> Subject:
    """A tree of the files given, by their paths below the program's folder.

    Args:
        after: The files after the edits.
        before: Those that differ before; None for an empty tree.
    """
    now = {f"efficientdet/{name}": _bytes(text) for name, text in after.items()}
    if before is None:
        return subject_of({}, now)
    then = {f"efficientdet/{name}": _bytes(text) for name, text in before.items()}
    return subject_of(now | then, now)


def line_of(subject: Subject, name: str, text: str) -> int:
    """The 1-based line of a file after the edits that holds a text, and no other does."""
    lines = subject.new.files[f"efficientdet/{name}"].decode().splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if text in line)
    return number


def checked(findings: list[Finding] | None) -> list[Finding]:
    """The findings of a check that had something to look at."""
    assert findings is not None
    return findings


def failures(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are no advice."""
    return [finding for finding in findings if not finding.advice]


def places(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """File, below the program's folder, and line of each finding."""
    return [(each.file.removeprefix("efficientdet/"), each.line) for each in findings]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else dedent(text).encode()
