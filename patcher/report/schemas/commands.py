"""What each command prints with `--json`: every member, its type and what it means."""

from collections.abc import Mapping

from patcher.document.gaps import Verdict
from patcher.report.schemas.pieces import (
    Schema,
    flag,
    list_of,
    map_of,
    number,
    object_of,
    one_of,
    or_null,
    shared,
    text,
)
from patcher.report.schemas.shared import ADVICE, HOLDS, NAME, NOTE, STATES
from patcher.training.part_schemas import parts

_ALL_HOLD = flag("Whether no check failed.")
_EFFPATCH = {"effpatch": text("The version of effpatch.")}
_TREE = {
    **_EFFPATCH,
    "root": text("The tree's root, resolved."),
    "commit": or_null(text("The commit that is checked out; `null` if there is none.")),
}
_STATUS: Mapping[str, Schema] = {
    **_TREE,
    "pinned": flag("Whether `commit` is the commit of the packs' pin."),
    "packs": list_of(text(), "The names of the packs."),
    "rules": list_of(shared("rule"), "Every rule, in the packs' order."),
    "summary": object_of(
        {state: number() for state in STATES}, "How many rules are in each state."
    ),
}
SCHEMAS: Mapping[str, Schema] = {
    "status": object_of(_STATUS),
    "apply": object_of(
        {
            **_STATUS,
            "written": list_of(text(), "The paths that were written, below the tree's root."),
        }
    ),
    "review": object_of(
        {
            **_STATUS,
            "rules": list_of(shared("reviewed_rule"), "Every rule, in the packs' order."),
            "unowned": list_of(shared("hunk"), "Changes that no rule made."),
            "checks": list_of(
                shared("check"),
                "The checks of `verify`, on the tree with all edits. While edits are pending, "
                "`edits` and `attribution` are not checked.",
            ),
            "diff": text("The whole change as a patch; of `diff` only."),
        },
        optional=["diff"],
    ),
    "verify": object_of(
        {
            **_TREE,
            "packs": list_of(text(), "The packs that were applied, or are named."),
            "changed": map_of(
                number(),
                "The number of lines that each rule added and removed. A line that two rules "
                "rewrote counts twice.",
            ),
            "edits": object_of(
                {
                    "total": number("The number of rules of these packs."),
                    "missing": list_of(text(), "The rules whose edits are not in the tree now."),
                    "left_out": list_of(text(), "The missing rules that were left out on purpose."),
                },
                "Which edits the tree has.",
            ),
            "checks": list_of(shared("check"), "The checks, in the order in which they were made."),
            "holds": _ALL_HOLD,
        }
    ),
    "against": object_of(
        {
            **_EFFPATCH,
            "root": text("The root of the other port, resolved."),
            "done": list_of(text(), "The rules that the other port has as well."),
            "missing": list_of(text(), "The rules that it lacks."),
            "differently": map_of(
                list_of(shared("difference")),
                "The rules that it has in another form, by id.",
            ),
            "undocumented": list_of(shared("difference"), "Changes that no rule makes."),
            "same": flag("Whether nothing differs."),
        }
    ),
    "coverage": object_of(
        {
            **_EFFPATCH,
            "document": text("The document's name."),
            "pack": text("The pack's name."),
            "edits": list_of(
                object_of(
                    {
                        "id": or_null(text("The rule's id; `null` for an item without a rule.")),
                        "heading": text("The heading above the item."),
                        "number": or_null(
                            number("The item's number; `null` for a quote outside any item.")
                        ),
                        "line": or_null(
                            number("The line in the document; `null` for a rule without an item.")
                        ),
                        "title": text("The rule's title, or the first words of the item."),
                        "gaps": list_of(
                            object_of(
                                {
                                    "found": text("What was found."),
                                    "wanted": text("What was expected."),
                                }
                            ),
                            "What is wrong.",
                        ),
                        "verdict": one_of(map(str, Verdict), "How the item and the rule compare."),
                    }
                ),
                "Every edit, of the document and of the pack.",
            ),
            "recognised": map_of(
                number(minimum=1),
                "The headings that the document lacks although it has their parts, with the line "
                "where each part starts.",
            ),
            "summary": object_of(
                {str(each): number() for each in Verdict}, "How many edits have each verdict."
            ),
        }
    ),
    "test": object_of(
        {
            **_EFFPATCH,
            "pack": text("The pack's name."),
            "commit": or_null(text("The pin's commit; `null` if the pack names none.")),
            "before": list_of(text(), "The packs that `--with` named."),
            "rules": list_of(text(), "The ids of the pack's rules."),
            "checks": list_of(
                object_of(
                    {
                        "name": NAME,
                        "holds": or_null(flag(HOLDS)),
                        "note": NOTE,
                        "findings": list_of(
                            object_of(
                                {
                                    "place": text(
                                        "The place: a rule, a file of the upstream with or "
                                        "without its line, or the document."
                                    ),
                                    "text": text("What was found, and what was expected."),
                                    "advice": flag(ADVICE),
                                }
                            ),
                            "What it found.",
                        ),
                    }
                ),
                "The checks, in the order in which they were made.",
            ),
            "to_be_written": list_of(text(), "The rules whose reasons are still to be written."),
            "holds": _ALL_HOLD,
        }
    ),
    "infer": object_of(
        {
            **_EFFPATCH,
            "pack": text("The folder of the new pack."),
            "files": list_of(
                object_of(
                    {
                        "path": text("The path below the tree's root."),
                        "rules": number("The number of rules for this file."),
                        "kinds": map_of(number(), "The number of rules of each edit kind."),
                        "changed": number("The number of changed lines, added and removed."),
                        "expressed": number("How many of these lines the rules make."),
                        "layout": flag(
                            "Whether all that is left is comments, blank lines and indents."
                        ),
                        "left": list_of(
                            object_of(
                                {
                                    "line": number("The first line in the new file, 1-based."),
                                    "removed": number("The number of lines removed."),
                                    "added": number("The number of lines added."),
                                }
                            ),
                            "What no rule makes.",
                        ),
                        "unreadable": or_null(
                            text("Why the file cannot be read as Python; otherwise `null`.")
                        ),
                    }
                ),
                "The Python files that differ.",
            ),
            "others": list_of(
                object_of({"path": text("The path."), "what": text("What differs.")}),
                "Other differences: files that are not Python, and those added or removed.",
            ),
            "whole": flag("Whether the rules make the whole port."),
        }
    ),
    "stack": object_of(
        {
            **_EFFPATCH,
            "executable": text("The Python of the stack."),
            **parts(),
            "ready": flag("Whether training can run, if only on CPUs."),
        }
    ),
}
