from dataclasses import replace

import pytest

from patcher.edits.kinds import Statement
from patcher.engine.explain import Explanation
from patcher.model import Nearest, Outcome, Rule, Section, Site, State
from patcher.report import text

RULE = Rule(
    item=1,
    title="try it",
    before="old()",
    after="new()",
    edit=Statement(within="main", follows=""),
    why="For a reason.",
)
SECTION = Section("main.py", "src/main.py", (RULE,))


def outcome(state: State, sites: int = 0, nearest: Nearest | None = None) -> Outcome:
    found = tuple(Site(line + 1, 1, State.PENDING) for line in range(sites))
    return Outcome("main-1", "src/main.py", "try it", state, 1, found, "`old()` in `main`", nearest)


@pytest.mark.parametrize(
    ("found", "decision"),
    [
        pytest.param(
            outcome(State.PENDING, 1),
            "every place is as before the edit, so it can be made",
            id="pending",
        ),
        pytest.param(outcome(State.APPLIED), "there is nothing left to remove", id="removed"),
        pytest.param(
            outcome(State.APPLIED, 1),
            "every place is as after the edit, or as a later rule leaves it",
            id="applied",
        ),
        pytest.param(
            outcome(State.AMBIGUOUS, 2),
            "2 places could be meant, and effpatch does not guess",
            id="ambiguous",
        ),
        pytest.param(
            outcome(State.PARTIAL, 2),
            "2 places, some as before the edit, others as after it or missing",
            id="partial",
        ),
        pytest.param(
            outcome(State.ABSENT, nearest=Nearest(1, "", "`old` is nowhere")),
            "`old` is nowhere",
            id="absent",
        ),
        pytest.param(
            outcome(State.DRIFTED, nearest=Nearest(2, "old()", "needs `x`", is_blocker=True)),
            "the place is as before the edit, but blocked: needs `x`",
            id="blocked",
        ),
        pytest.param(
            outcome(State.DRIFTED),
            "no place is as before the edit, and none is as after it",
            id="drifted",
        ),
    ],
)
def test_an_explanation_says_why_a_rule_is_in_its_state(
    found: Outcome, decision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sites = tuple(Nearest(site.line, "old()", "pending") for site in found.sites)
    text.explanation(SECTION, RULE, Explanation(found, sites, ()))
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        f"main-1: try it  {found.state}",
        "looked in   src/main.py, in main",
        "looked for  `old()` in `main`, 1 in all",
        f"decided     {decision}",
    ]
    assert lines.count("    old()") == len(sites)


@pytest.mark.parametrize(("is_blocker", "label"), [(False, "came close"), (True, "blocked")])
def test_an_explanation_shows_what_came_close(
    is_blocker: bool, label: str, capsys: pytest.CaptureFixture[str]
) -> None:
    near = (Nearest(7, "    odd()", "found `odd`, expected `old`", is_blocker=is_blocker),)
    text.explanation(SECTION, RULE, Explanation(outcome(State.DRIFTED), (), near))
    shown = capsys.readouterr().out
    assert shown.endswith(f"\n\n{label}, line 7: found `odd`, expected `old`\n    odd()\n")


def test_a_page_of_a_rule_leaves_out_what_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    text.rule("main-1", SECTION, RULE)
    assert capsys.readouterr().out == (
        "main-1: try it\n"
        "file      src/main.py\n"
        "document  main.py, item 1 (changed)\n"
        "kind      statement\n"
        "place     in main\n"
        "why       For a reason.\n"
        "\n"
        "before\n"
        "    old()\n"
        "\n"
        "after\n"
        "    new()\n"
    )


def test_a_page_of_a_rule_shows_its_look_alikes(capsys: pytest.CaptureFixture[str]) -> None:
    each = replace(RULE, ignores=("older()", "if old:\n    old(1)\n"))
    text.rule("main-1", SECTION, each)
    shown = "\n\nleft alone\n    older()\n\nleft alone\n    if old:\n        old(1)\n"
    assert capsys.readouterr().out.endswith(shown)


def test_counts_of_lines_and_their_totals(capsys: pytest.CaptureFixture[str]) -> None:
    text.changes({"one.py": (2, 10), "two.py": (1, 0)}, colours=False)
    assert capsys.readouterr().out == (
        "file    added  removed\n"
        "one.py     +2      -10\n"
        "two.py     +1       -0\n"
        "\n"
        "2 files, 3 lines added, 10 removed\n"
    )
    text.changes({}, colours=False)
    assert capsys.readouterr().out.endswith("\n0 files, 0 lines added, 0 removed\n")
