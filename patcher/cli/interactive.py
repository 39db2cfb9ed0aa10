"""Choosing the edits to make, one by one, as `git add --patch` has one choose hunks."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import TextIOWrapper

from patcher.model import State
from patcher.operations import review
from patcher.operations.review import RuleReview
from patcher.operations.select import Selection
from patcher.report import by_rule
from patcher.report.diff import Style
from patcher.report.streams import say, write_exactly
from patcher.tree.files import Tree

_ANSWERS = {
    "y": "make this edit",
    "n": "leave it out",
    "a": "make this one and all that are left of this file",
    "d": "leave out this one and all that are left of this file",
    "e": "explain: the quotes, the place and what it needs",
    "q": "quit: leave out this one and all that are left",
    "?": "print this",
}


def chosen(tree: Tree, selection: Selection, *, partial: bool) -> tuple[Selection, bool] | None:
    """The selection, with those pending edits left out that the user does not want.

    Also whether it has others to make, or whether there was nothing to choose.

    Edits that stand on one that was left out are left out as well. The end of the input is `q`.
    Unless some may be made without others (`partial`), nothing is asked where a rule does not fit:
    None.

    Raises:
        TreeError: A file of the tree cannot be read or parsed.
    """
    plan = selection.inspect(tree, stepwise=True).plan
    if plan.unresolved and not partial:
        return None
    found = review.of_plan(tree, plan, selection.packs)
    pending = [each for each in found.rules if each.outcome.state is State.PENDING]
    left_out = _left_out(pending, by_rule.patches(plan, found))
    left_out |= {each.id for each in plan.outcomes if each.made_by in left_out}
    skipped = selection.skipped | frozenset(left_out)
    is_any = not pending or any(each.outcome.id not in left_out for each in pending)
    return replace(selection, ids=selection.ids - left_out, skipped=skipped), is_any


def _left_out(pending: Sequence[RuleReview], patches: Mapping[str, bytes]) -> set[str]:
    """Ids of the edits that the user does not want."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text is no answer
    left_out, answers = set[str](), dict[str, str]()
    for number, each in enumerate(pending, 1):
        needed = [each.section.id_of(rule) for rule in each.section.prerequisites(each.rule)]
        gone = left_out.intersection(needed)
        if gone and "*" not in answers:
            say(f"{each.id}: left out, as it rewrites what {' and '.join(sorted(gone))} makes")
        if gone:
            left_out.add(each.id)
            continue
        answer = answers.get("*") or answers.get(each.outcome.file)
        if not answer:
            _show(each, patches.get(each.id, b""))
            answer = _asked(each, f"({number}/{len(pending)})")
            if answer in "ad":
                answers[each.outcome.file] = "y" if answer == "a" else "n"
            elif answer == "q":
                answers["*"] = "n"
        if answer not in "ya":
            left_out.add(each.id)
    return left_out


def _show(each: RuleReview, content: bytes) -> None:
    write_exactly(by_rule.titled(each, content, Style.of_output()))


def _asked(each: RuleReview, count: str) -> str:
    """The answer of the user, one of those that decide."""
    while True:
        say(f"{count} Make the edit {each.id} [{','.join(_ANSWERS)}]? ", end="")
        line = sys.stdin.readline()
        answer = line.strip().lower()[:1] if line else "q"
        if not line:
            say("")
        if answer == "e":
            _explain(each)
        elif answer in _ANSWERS and answer != "?":
            return answer
        else:
            for key, meaning in _ANSWERS.items():
                say(f"{key} - {meaning}")


def _explain(each: RuleReview) -> None:
    from patcher.engine.safety import providers
    from patcher.report import text

    section, rule = each.section, each.rule
    rewritten = [
        f"{section.id_of(other)}, whose code it rewrites" for other in section.prerequisites(rule)
    ]
    brought = [
        f"{section.id_of(other)}, which brings in {names}"
        for other, names in providers(rule, section.rules)
    ]
    text.rule(each.id, section, rule, [*rewritten, *brought])
