"""A review as JSON: every rule with what it changes; the schema is `schemas/review.schema.json`."""

from collections.abc import Mapping

from patcher.model import Plan
from patcher.operations.changes import Hunk
from patcher.operations.review import Review, RuleReview
from patcher.report import json, verification
from patcher.tree.files import Tree


def as_json(tree: Tree, plan: Plan, review: Review, **more: object) -> str:
    """One object, on one line: the members of `status --json`, and more of each rule."""
    return json.status(
        tree,
        plan,
        review.packs,
        {each.id: _rule(each) for each in review.rules},
        unowned=[_hunk(hunk) for hunk in review.hunks if not hunk.rules],
        checks=[*map(verification.check, review.results)],
        **more,
    )


def _rule(each: RuleReview) -> dict[str, object]:
    rule = each.rule
    return {
        "kind": rule.edit.kind,
        "verb": rule.verb,
        "document": {
            "heading": each.section.heading,
            "item": rule.item,
            "line": each.line or None,
        },
        "why": rule.why,
        "whose": rule.whose,
        "deviation": rule.deviation or None,
        "before": rule.before or None,
        "after": rule.after or None,
        "hunks": [_hunk(hunk) for hunk in each.hunks],
        "findings": [
            {"check": label, **verification.members(finding)} for label, finding in each.findings
        ],
    }


def _hunk(hunk: Hunk) -> Mapping[str, object]:
    """A hunk; `start` is the number of its first line, 1-based, or of the line that follows."""
    return {
        "file": hunk.file,
        "state": hunk.state,
        "rules": hunk.rules,
        "before": _side(hunk.old),
        "after": _side(hunk.new),
        "lines": [
            {
                "old": line.old or None,
                "new": line.new or None,
                "text": line.text,
                "ended": line.is_ended,
                "rules": line.rules,
            }
            for line in hunk.lines
        ],
    }


def _side(indices: range) -> Mapping[str, int]:
    return {"start": indices.start + 1, "count": len(indices)}
