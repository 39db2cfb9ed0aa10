"""The objects that several commands print."""

from collections.abc import Mapping

from patcher.model import State
from patcher.report.schemas.pieces import (
    Schema,
    flag,
    list_of,
    number,
    object_of,
    one_of,
    or_null,
    shared,
    text,
)

STATES = [str(state) for state in State]
FILE = "The path below the tree's root; `.` for the tree as a whole."
ADVICE = "Whether the finding is only advice; one that is not fails its check."
HOLDS = "Whether the check passes; `null` if there was nothing to look at or to try."
NAME = text("The label of the check.")
NOTE = text("How much the check looked at, if it says so; otherwise empty.")

_RULE: Mapping[str, Schema] = {
    "id": text("The rule's id."),
    "file": text("The file that it changes, below the pin's root folder."),
    "title": text("What it does, in a few words."),
    "state": one_of(STATES, "The state of the rule in the tree."),
    "expected": number("The number of places that the rule owns."),
    "sites": list_of(
        object_of(
            {
                "line": number("The line, 1-based.", 1),
                "column": number("The column, 1-based.", 1),
                "state": one_of(STATES, "The state of the rule at this place."),
            }
        ),
        "The places found.",
    ),
    "nearest": or_null(
        object_of(
            {
                "line": number("The line, 1-based.", 1),
                "text": text("The line."),
                "why": text("What differs, or what blocks the edit."),
                "column": number("The first character that differs, 1-based.", 1),
                "width": number("The number of characters that differ."),
                "is_blocker": flag(
                    "Whether the code is as before the edit, but the edit cannot be made."
                ),
                "remedy": text("What to do about it; empty if editing the line helps."),
            },
            "For a rule that does not fit, what comes closest, or what blocks it.",
        )
    ),
    "made_by": text(
        "For a rule that is applied only because a pending rule of another pack makes its edit, "
        "that rule's id; otherwise empty."
    ),
}
_REVIEWED: Mapping[str, Schema] = {
    **_RULE,
    "kind": text("The edit kind."),
    "verb": one_of(["Changed", "Added", "Removed"], "What the edit does to the code."),
    "document": object_of(
        {
            "heading": text("The heading of the rule's section."),
            "item": number("The number of the rule's item below it."),
            "line": or_null(number("The item's line in the document that `--doc` names.", 1)),
        },
        "Where the document states the edit.",
    ),
    "why": text("The reason for the edit."),
    "whose": one_of(["document", "ours"], "Whose reason `why` is."),
    "deviation": or_null(
        text("What the pack chooses where the document has an error or says nothing.")
    ),
    "before": or_null(text("The quote of the code before the edit.")),
    "after": or_null(text("The quote of the code after the edit.")),
    "hunks": list_of(
        shared("hunk"), "What the rule changes. A change by several rules is listed under each."
    ),
    "findings": list_of(
        object_of(
            {
                "check": NAME,
                "file": text(FILE),
                "line": number("The line; 0 if there is none."),
                "text": text("What was found, and what was expected."),
                "advice": flag(ADVICE),
            }
        ),
        "What checks say about the lines that the rule made.",
    ),
}
# What several commands print.
SHARED: Mapping[str, Schema] = {
    "rule": object_of(_RULE, "A rule and its state in the tree."),
    "reviewed_rule": object_of(_REVIEWED, "A rule, its state in the tree, and what it changes."),
    "hunk": object_of(
        {
            "file": text("The path below the tree's root."),
            "state": one_of(["pending", "applied"], "Whether the change would be made, or was."),
            "rules": list_of(text(), "All rules that it belongs to, in the packs' order."),
            "before": shared("side", "Its lines in the file before."),
            "after": shared("side", "Its lines in the file after."),
            "lines": list_of(shared("line"), "The lines removed, then the lines added."),
        },
        "A run of lines that change together.",
    ),
    "side": object_of(
        {
            "start": number(
                "The number of the first line, 1-based; with a count of 0, of the line that "
                "follows.",
                1,
            ),
            "count": number("The number of lines."),
        },
        "Lines of a file.",
    ),
    "line": object_of(
        {
            "old": or_null(number("Its number before; `null` for a line that is added.", 1)),
            "new": or_null(number("Its number after; `null` for a line that is removed.", 1)),
            "text": text("The line without its end."),
            "ended": flag("Whether a line end follows; the last line of a file may have none."),
            "rules": list_of(text(), "The rules that removed or made the line."),
        },
        "A line that is removed or added.",
    ),
    "check": object_of(
        {
            "name": NAME,
            "holds": or_null(flag(HOLDS)),
            "note": NOTE,
            "findings": list_of(shared("finding"), "What it found."),
        },
        "The result of a check.",
    ),
    "finding": object_of(
        {
            "file": text(FILE),
            "line": number("The line, 1-based; 0 if there is none."),
            "text": text("What was found, and what was expected."),
            "advice": flag(ADVICE),
        },
        "One thing that a check found.",
    ),
    "difference": object_of(
        {
            "file": text("The path below the tree's root."),
            "line": number("The line in the other port, 1-based."),
            "text": text("What the port has there, and in place of what."),
        },
        "A place where another port differs.",
    ),
}
