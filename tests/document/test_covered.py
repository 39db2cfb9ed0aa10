"""The document itself, and every way of changing it."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from patcher.document import document
from patcher.document.coverage import item_lines
from patcher.document.gaps import differences
from tests.commands import run
from tests.counts import RULES
from tests.rule_check import DOCUMENTED

Outcome = Callable[[str], tuple[int, dict[str, str]]]
QUOTE = re.compile(r"^    ``` \{.*?\}\n(.*?)^    ```$", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"^(\d+)\. +(Changed|Added|Removed)$", re.MULTILINE)
VERBS = {"Changed": "Added", "Added": "Removed", "Removed": "Changed"}


@pytest.fixture(scope="module")
def text(documented: Path) -> str:
    return documented.read_text("utf-8")


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """The exit code for a text as the document, and the verdict on each edit that has a gap."""

    def reported(text: str) -> tuple[int, dict[str, str]]:
        copy = tmp_path / "copy.md"
        copy.write_text(text, "utf-8")
        result = run("coverage", "--doc", copy, "--json")
        edits = json.loads(result.stdout)["edits"]
        bad = [edit for edit in edits if edit["gaps"]]
        names = {edit["id"] or f"{edit['heading']}, {edit['number']}": edit for edit in bad}
        assert len(result.stderr.splitlines()) == sum(len(edit["gaps"]) for edit in bad)
        return result.exit_code, {name: edit["verdict"] for name, edit in names.items()}

    return reported


def changed(text: str, start: int, end: int) -> str:
    """The text with the last character of the word between two offsets replaced."""
    other = "0" if text[end - 1] != "0" else "1"
    return f"{text[: end - 1]}{other}{text[end:]}"


def ids() -> list[str]:
    return [id_ for id_, _, _ in DOCUMENTED.entries()]


def owners(text: str) -> list[tuple[int, str]]:
    """Where each item starts, and its rule's id."""
    starts = [match.start() for match in ITEM.finditer(text)]
    return list(zip(starts, ids(), strict=True))


def owner(text: str, offset: int) -> str:
    return next(id_ for start, id_ in reversed(owners(text)) if start <= offset)


def test_the_document_is_covered(documented: Path) -> None:
    result = run("coverage", "--doc", documented)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(f"\n{documented}: {RULES} of {RULES} covered\n")
    missing = r"^__init__\.py \(heading missing; known by its position, line \d+\)$"
    assert re.search(missing, result.stdout, re.MULTILINE)


def test_a_word_changed_in_any_quote_is_a_gap(text: str, outcome: Outcome) -> None:
    quotes = list(QUOTE.finditer(text))
    assert len(quotes) == 30 * 2 + 7 + 5
    for quote in quotes:
        words = list(re.finditer(r"\w+", quote[1]))
        word = words[len(words) // 2]
        start = quote.start(1)
        found = outcome(changed(text, start + word.start(), start + word.end()))
        assert found == (5, {owner(text, start): "differs"}), quote[1]


def test_every_single_word_of_every_quote_counts(text: str) -> None:
    rules = {id_: rule for id_, _, rule in DOCUMENTED.entries()}
    for quote in QUOTE.finditer(text):
        id_ = owner(text, quote.start())
        place = ids().index(id_)
        for word in re.finditer(r"\w+", quote[1]):
            start = quote.start(1)
            copy = changed(text, start + word.start(), start + word.end())
            parts = document.parse(copy)
            item = [each for part in parts for each in part.items][place]
            assert len(list(differences(id_, rules[id_], item, 0))) == 1, (id_, word[0])


def test_any_item_removed_is_a_gap(text: str, outcome: Outcome) -> None:
    starts = owners(text)
    for start, id_ in starts:
        rest = re.compile(r"^(?=\d+\. |[\w\\]+\.py\n=|-{20,}$)", re.MULTILINE)
        following = rest.search(text, start + 1)
        copy = text[:start] + (text[following.start() :] if following else "")
        assert outcome(copy) == (5, {id_: "missing"})


def test_any_item_with_another_number_is_a_gap(text: str, outcome: Outcome) -> None:
    for match in ITEM.finditer(text):
        id_ = owner(text, match.start())
        copy = f"{text[: match.start()]}99{text[match.end(1) :]}"
        code, verdicts = outcome(copy)
        (other,) = verdicts.keys() - {id_}
        assert (code, verdicts) == (5, {id_: "missing", other: "extra"})
        assert other.endswith(", 99")


def test_any_two_items_that_swap_numbers_are_gaps(text: str, outcome: Outcome) -> None:
    matches = list(ITEM.finditer(text))
    for one, two in pairwise(matches):
        if int(two[1]) == int(one[1]) + 1:
            middle = text[one.end(1) : two.start()]
            copy = f"{text[: one.start()]}{two[1]}{middle}{one[1]}{text[two.end(1) :]}"
            code, verdicts = outcome(copy)
            assert code == 5
            assert set(verdicts) <= {owner(text, one.start()), owner(text, two.start())}


def test_any_verb_swapped_is_a_gap(text: str, outcome: Outcome) -> None:
    for match in ITEM.finditer(text):
        copy = f"{text[: match.start(2)]}{VERBS[match[2]]}{text[match.end(2) :]}"
        assert outcome(copy) == (5, {owner(text, match.start()): "differs"})


def test_any_heading_removed_is_a_gap(text: str, outcome: Outcome) -> None:
    headings = list(re.finditer(r"^[\w\\]+\.py\n=+\n", text, re.MULTILINE))
    assert len(headings) == 8
    for heading in headings:
        code, verdicts = outcome(text[: heading.start()] + text[heading.end() :])
        assert code == 5
        assert {"missing", "extra"} <= set(verdicts.values())
    rule = re.search(r"^-{20,}\n", text, re.MULTILINE)
    assert rule
    code, verdicts = outcome(text[: rule.start()] + text[rule.end() :])
    assert (code, verdicts) == (5, {"init-1": "missing", "hooks.py, 1": "extra"})


def test_a_changed_reason_is_a_gap(text: str, outcome: Outcome) -> None:
    found = outcome(text.replace("For HPU support.", "For GPU support."))
    assert found == (5, {"main-2": "differs"})


def test_an_additional_item_is_a_gap(text: str, outcome: Outcome) -> None:
    more = "\n\n2.  Added\n\n    ```\n    import more\n    ```\n"
    assert outcome(text + more) == (5, {"utils.py, 2": "extra"})


def test_rules_say_whose_their_reasons_are(documented: Path) -> None:
    """Where the document explains an item, the reason is its own."""
    parts = document.read(documented)
    lines = item_lines(parts, DOCUMENTED)
    explained = {item.line for part in parts for item in part.items if item.prose}
    for id_, _, rule in DOCUMENTED.entries():
        assert (rule.whose == "document") is (lines[id_] in explained), id_
