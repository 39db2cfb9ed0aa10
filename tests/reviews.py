"""Reviews in their forms, and what they say applied to the files that they are of."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from patcher.report import review_json
from tests.commands import run

_SCHEMAS = {
    "json": Path(review_json.__file__).with_name("schemas") / "review.schema.json",
    "sarif": Path(__file__).with_name("report") / "sarif-schema-2.1.0.json",  # OASIS, as published
}


@cache
def _validator(form: str) -> Any:
    schema = json.loads(_SCHEMAS[form].read_text())
    return jsonschema.validators.validator_for(schema)(schema)


def printed(command: str, form: str, *arguments: str | Path) -> Any:
    """What a command prints in a form, which has to be valid, and the same again."""
    result = run(command, *arguments, "--format", form)
    assert run(command, *arguments, "--format", form).stdout == result.stdout
    value = json.loads(result.stdout)
    assert [error.message for error in _validator(form).iter_errors(value)] == []
    return value


def hunks(review: Mapping[str, Any], state: str = "pending") -> list[Any]:
    """All hunks of a review as JSON, each once, in the order of the files."""
    every = [hunk for rule in review["rules"] for hunk in rule["hunks"]] + review["unowned"]
    found = {json.dumps(hunk): hunk for hunk in every if hunk["state"] == state}
    return sorted(
        found.values(), key=lambda h: (h["file"], h["after"]["start"], -h["before"]["count"])
    )


def applied(found: Iterable[Mapping[str, Any]], tree: Path) -> dict[str, bytes]:
    """The files of a tree that hunks change, after these."""
    by_file = dict[str, list[Mapping[str, Any]]]()
    for hunk in found:
        by_file.setdefault(hunk["file"], []).append(hunk)
    return {path: _changed((tree / path).read_bytes(), each) for path, each in by_file.items()}


def _changed(content: bytes, found: Iterable[Mapping[str, Any]]) -> bytes:
    """A file after hunks, which have to be about it, and in the places that they say."""
    old, new, at = content.split(b"\n"), list[bytes](), 0
    last = old.pop()
    lines = [line + b"\n" for line in old] + ([last] if last else [])
    for hunk in found:
        start, count = hunk["before"]["start"] - 1, hunk["before"]["count"]
        assert at <= start
        new += lines[at:start]
        removed = [line for line in hunk["lines"] if line["old"]]
        assert [line["old"] for line in removed] == list(range(start + 1, start + count + 1))
        assert [_bytes(line) for line in removed] == lines[start : start + count]
        added = [line for line in hunk["lines"] if line["new"]]
        assert [line["new"] for line in added] == list(
            range(len(new) + 1, len(new) + 1 + len(added))
        )
        assert (hunk["after"]["start"], hunk["after"]["count"]) == (len(new) + 1, len(added))
        new += map(_bytes, added)
        at = start + count
    return b"".join([*new, *lines[at:]])


def _bytes(line: Mapping[str, Any]) -> bytes:
    text: str = line["text"]
    return (text + "\n" if line["ended"] else text).encode()


def fixed(log: Mapping[str, Any], tree: Path) -> dict[str, str]:
    """The files of a tree after all fixes of a SARIF log, each made once."""
    found = dict[str, dict[str, Mapping[str, Any]]]()
    for result in log["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                mine = found.setdefault(change["artifactLocation"]["uri"], {})
                mine |= {json.dumps(each): each for each in change["replacements"]}
    return {
        path: _replaced((tree / path).read_text(), each.values()) for path, each in found.items()
    }


def _replaced(text: str, replacements: Iterable[Mapping[str, Any]]) -> str:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def place(region: Mapping[str, int], side: str) -> int:
        return starts[region[f"{side}Line"] - 1] + region[f"{side}Column"] - 1

    made = sorted(
        (place(each["deletedRegion"], "start"), place(each["deletedRegion"], "end"), number, each)
        for number, each in enumerate(replacements)
    )
    for start, end, _, each in reversed(made):
        text = text[:start] + each["insertedContent"]["text"] + text[end:]
    return text
