"""A review as SARIF 2.1.0: a result for each change, with the fix that makes it."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from patcher.model import State
from patcher.operations.changes import Hunk
from patcher.operations.review import Review, RuleReview
from patcher.report.json import document
from patcher.report.notices import Level, Notice, named, notices
from patcher.resources import __version__
from patcher.tree.files import Tree

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {State.PENDING: Level.WARNING, State.APPLIED: Level.NOTE}


def log(tree: Tree, review: Review) -> str:
    """A log with one run, on one line."""
    found = notices(review)
    checks = dict.fromkeys(each.about for each in found if not each.title)
    described = [*map(_described, review.rules), *map(_described_check, checks)]
    places = {each["id"]: index for index, each in enumerate(described)}
    run = {
        "tool": {
            "driver": {
                "name": "effpatch",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": described,
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, places, tree, review) for each in found],
    }
    return document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _described(each: RuleReview) -> dict[str, object]:
    rule = each.rule
    parts = [rule.why, f"Our choice: {rule.deviation}" if rule.deviation else ""]
    for label, code in (("Before", rule.before), ("After", rule.after)):
        if code:
            parts.append(f"{label}:\n\n{_indented(code)}")
    text = "\n\n".join(filter(None, parts))
    heading = f"{each.section.heading}, item {rule.item}"
    return {
        "id": each.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS.get(each.outcome.state, Level.ERROR)},
        "properties": {
            "state": each.outcome.state,
            "document": f"{heading}, line {each.line}" if each.line else heading,
            "whose": rule.whose,
        },
    }


def _described_check(name: str) -> dict[str, object]:
    text = f"What `effpatch verify` checks by the name {name.removeprefix('verify/')}."
    return {
        "id": name,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": text},
    }


def _indented(code: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in code.rstrip("\n").split("\n"))


def _result(
    notice: Notice, places: Mapping[object, int], tree: Tree, review: Review
) -> dict[str, object]:
    said = f"{notice.title}: {notice.text}" if notice.title else notice.text
    result: dict[str, object] = {
        "ruleId": notice.about,
        "ruleIndex": places[notice.about],
        "level": notice.level,
        "message": {"text": said},
    }
    if notice.file != ".":
        place = {"artifactLocation": _artifact(tree, notice.file), "region": _region(notice.lines)}
        result["locations"] = [{"physicalLocation": place}]
    if notice.hunk and notice.hunk.state is State.PENDING:
        result["fixes"] = [_fix(notice.hunk, tree, review)]
    return result


def _artifact(tree: Tree, path: str) -> dict[str, str]:
    uri = quote(named(tree, path), errors="surrogateescape")
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(lines: range) -> dict[str, int]:
    """The region of some lines; an empty one right before the line that follows."""
    if lines:
        return {"startLine": lines.start, "endLine": lines.stop - 1}
    start = lines.start
    return {"startLine": start, "startColumn": 1, "endLine": start, "endColumn": 1}


def _fix(hunk: Hunk, tree: Tree, review: Review) -> dict[str, object]:
    (change,) = (c for c in review.changes if (c.path, c.state) == (hunk.file, hunk.state))
    added = [line for line in hunk.lines if line.new]
    text = "".join(f"{line.text}\n" if line.is_ended else line.text for line in added)
    replacement = {
        "deletedRegion": _deleted(hunk, change.before),
        "insertedContent": {"text": text},
    }
    return {
        "description": {"text": f"Make the edit of {' and '.join(hunk.rules)}"},
        "artifactChanges": [
            {"artifactLocation": _artifact(tree, hunk.file), "replacements": [replacement]}
        ],
    }


def _deleted(hunk: Hunk, before: Sequence[str]) -> dict[str, int]:
    """The lines of a hunk before, with their ends; the last line of a file may have none."""
    start, stop = hunk.old.start + 1, hunk.old.stop + 1
    removed = [line for line in hunk.lines if line.old]
    if removed and not removed[-1].is_ended:
        return {
            "startLine": start,
            "startColumn": 1,
            "endLine": stop - 1,
            "endColumn": len(before[stop - 2]) + 1,
        }
    return {"startLine": start, "startColumn": 1, "endLine": stop, "endColumn": 1}
