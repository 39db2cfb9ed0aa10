from dataclasses import replace

import pytest

from patcher.document import document
from patcher.document.coverage import Coverage, compare
from patcher.document.gaps import Verdict, failures
from patcher.document.unread import notices
from patcher.edits.kinds import FlagDefault, IfTest, ImportFrom, Statement
from patcher.model import Edit, Pack, Rule, Section
from tests.rule_check import DOCUMENTED, trial

ONE = Section(
    "one.py",
    "efficientdet/one.py",
    (
        Rule(
            item=1,
            title="ask whether it runs",
            before="if old:\n",
            after="if new:",
            edit=IfTest(within="main"),
            why="To go further.",
            whose="document",
        ),
        Rule(
            item=2,
            title="start it",
            before="",
            after="start()",
            edit=Statement(within="main", follows="ready = True"),
            why="Our own reason.",
            deviation="No place is named.",
        ),
    ),
)
TWO = Section(
    "__two__.py",
    "efficientdet/two.py",
    (
        Rule(
            item=1,
            title="do without",
            before="import old",
            after="",
            edit=ImportFrom(),
            why="Not needed.",
        ),
    ),
)
THREE = Section("three.py", "efficientdet/three.py", ONE.rules)
PACK = Pack("trial", (ONE, TWO, THREE))
ITEMS = """\
1.  Changed

    ```
    if old:
    ```

    to

    ```
    if new:
    ```

    To go
    further.

2.  Added

    ```
    start()
    ```
"""
DOCUMENT = f"""\
one.py
======

{ITEMS}
------

1.  Removed

    ```
    import old
    ```

three.py
========

{ITEMS}"""


def compared(text: str, pack: Pack = PACK) -> Coverage:
    return compare("changes.md", document.parse(text), pack)


def gaps(text: str, pack: Pack = PACK) -> list[tuple[Verdict, int, str, str]]:
    return [(gap.verdict, gap.line, gap.found, gap.wanted) for gap in compared(text, pack).gaps]


def edited(old: str, new: str) -> str:
    """The document with the first occurrence of a text replaced."""
    assert old in DOCUMENT
    return DOCUMENT.replace(old, new, 1)


def test_a_document_and_its_rules_agree() -> None:
    found = compared(DOCUMENT)
    assert found.gaps == ()
    ids = ["one-1", "one-2", "two-1", "three-1", "three-2"]
    assert [entry.id for entry in found.entries] == ids
    assert found.summary[Verdict.COVERED] == len(found.entries) == 5


def test_the_indent_that_a_quote_has_in_its_file_is_no_difference() -> None:
    deep = "1.  Changed\n\n    ```diff\n    -        if old:\n    +        if new:\n    ```\n\n"
    plain = ITEMS[: ITEMS.index("    To go")]
    assert gaps(edited(plain, deep)) == []
    other = deep.replace("if new:", "if newer:")
    assert [gap[2:] for gap in gaps(edited(plain, other))] == [
        ("the quote `after` of one-1 has `if newer:`", "`if new:`")
    ]


def test_an_empty_line_around_a_quote_is_no_difference() -> None:
    diff = "1.  Changed\n\n    ```diff\n     \n    -if old:\n    +if new:\n     \n    ```\n\n"
    assert gaps(edited(ITEMS[: ITEMS.index("    To go")], diff)) == []


def test_a_part_without_numbers_or_a_file_counts_if_the_pack_has_its_heading() -> None:
    section = replace(ONE, heading="Summary")
    text = "# two.py\n\n1. Removed `import old`\n\n# Summary\n\nChanged `if old:` to `if new:`\n"
    pack = Pack("trial", (replace(TWO, heading="two.py"), replace(section, rules=ONE.rules[:1])))
    assert [gap[2] for gap in gaps(text, pack)] == [
        "the reason for Summary-1 is said to be the document's, which gives none"
    ]


def test_a_document_without_numbers_is_compared_by_order() -> None:
    bullets = DOCUMENT.replace("1.  ", "*   ").replace("2.  ", "*   ")
    assert gaps(bullets.replace("one.py\n", "*   Added HPU support\n\none.py\n", 1)) == []
    missing = bullets.replace("import old", "import new")
    assert [found for _, _, found, _ in gaps(missing)] == [
        "the quote `before` of two-1 has `import new`"
    ]


def test_a_missing_heading_is_known_by_its_position() -> None:
    line = DOCUMENT.splitlines().index("------") + 1
    assert compared(DOCUMENT).recognised == {"__two__.py": line}
    assert compared(edited("------", "# __two__.py")).recognised == {}


def test_a_part_without_heading_stands_for_no_section_that_is_elsewhere() -> None:
    text = DOCUMENT + "\n------\n\n1.  Removed\n\n    ```\n    import old\n    ```\n"
    assert gaps(text)[-1][2] == "item 1 under no heading has no rule"
    twice = text.replace("------", "# __two__.py", 1)
    assert [found for _, _, found, _ in gaps(twice)] == ["item 1 under no heading has no rule"]


def test_edits_of_files_that_are_not_python_are_left_out() -> None:
    text = f"{DOCUMENT}\n# requirements.txt\n\n1. Changed `a==1` to `a==2`\n"
    assert gaps(text) == []
    assert [*notices(text, document.parse(text))] == [
        "line 57: the edits of requirements.txt are left out, as rules edit Python only"
    ]


def test_sections_below_one_heading_that_names_no_file() -> None:
    sections = [replace(s, heading="Changes", name=s.heading[:-3]) for s in (ONE, TWO)]
    items = "1. Removed `import old`\n2. Changed `if old:` to `if new:`\n\n   To go further.\n\n"
    text = f"# Changes\n\n{items}3. Added `start()`\n4. Removed `import that`\n"
    found = compared(text, Pack("trial", tuple(sections)))
    assert [(each.id, each.line) for each in found.entries] == [
        ("one-1", 4),
        ("one-2", 8),
        ("", 9),
        ("__two__-1", 3),
    ]
    assert [gap.found for gap in found.gaps] == ["item 4 under Changes has no rule"]


def test_sections_below_one_heading_in_the_headings_of_their_files() -> None:
    sections = [replace(s, heading="Changes", name=s.heading[:-3]) for s in (ONE, TWO)]
    two = "## Changes\n\n1. Removed\n\n    ```\n    import old\n    ```\n\n"
    text = f"# two.py\n\n{two}# one.py\n\n## Changes\n\n{ITEMS}"
    assert gaps(text, Pack("trial", tuple(sections))) == []


def test_a_rule_without_a_number_in_the_document_comes_after_the_others() -> None:
    stray = replace(ONE.rules[1], item=3, after="more()")
    section = replace(ONE, rules=(ONE.rules[0], stray, ONE.rules[1]))
    first, second = ITEMS[: ITEMS.index("2. ")], ITEMS[ITEMS.index("2. ") :]
    text = f"# one.py\n\n{first}- Added `more()`\n\n{second}"
    assert gaps(text, Pack("trial", (section,))) == []


@pytest.mark.parametrize("after", ["start()\ngo()", "go()\nstart()"])
def test_a_rule_may_quote_the_statement_next_to_what_is_added(after: str) -> None:
    """At the head of a block there is nothing to follow."""
    wide = replace(ONE.rules[1], before="go()", after=after, edit=Statement(within="main"))
    text = f"# one.py\n\n{ITEMS}"
    assert gaps(text, Pack("trial", (replace(ONE, rules=(ONE.rules[0], wide)),))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("go()", "go()\nstart()"), ("other()", "start()\nother()"), ("go()", "start()\ngo()")],
)
def test_but_the_one_that_the_document_names(before: str, after: str) -> None:
    items = ITEMS.replace("2.  Added\n", "2.  Added before `go()`\n")
    wide = replace(ONE.rules[1], before=before, after=after, edit=Statement(within="main"))
    found = gaps(f"# one.py\n\n{items}", Pack("trial", (replace(ONE, rules=(ONE.rules[0], wide)),)))
    assert (found == []) == (after == "start()\ngo()")


@pytest.mark.parametrize("after", ["start()\nstop()", "stop()\ngo()", "start()\ngo()\ngo()"])
def test_but_nothing_else(after: str) -> None:
    other = replace(ONE.rules[1], before="go()", after=after, edit=Statement(within="main"))
    text = f"# one.py\n\n{ITEMS}"
    assert gaps(text, Pack("trial", (replace(ONE, rules=(ONE.rules[0], other)),))) != []


@pytest.mark.parametrize(
    ("before", "after"), [("Before:", "After:"), ("Old", "New"), ("Was", "Is now")]
)
def test_labels_above_code_are_no_verbs(before: str, after: str) -> None:
    labels = ITEMS.replace("Changed", before, 1).replace("    to\n", f"    {after}\n", 1)
    assert gaps(DOCUMENT.replace(ITEMS, labels)) == []


@pytest.mark.parametrize(
    ("old", "new", "gap"),
    [
        pytest.param(
            "if old",
            "if odd",
            (Verdict.DIFFERS, 4, "the quote `before` of one-1 has `if odd:`", "`if old:`"),
            id="before",
        ),
        pytest.param(
            "if new",
            "if  new",
            (Verdict.DIFFERS, 4, "the quote `after` of one-1 has `if  new:`", "`if new:`"),
            id="after",
        ),
        pytest.param(
            "start()",
            "start()\n    end()",
            (Verdict.DIFFERS, 19, "the quote `after` of one-2 has `end()`", "nothing"),
            id="longer-quote",
        ),
        pytest.param(
            "    ```\n    start()\n    ```\n",
            "",
            (Verdict.DIFFERS, 19, "the quote `after` of one-2 has nothing", "`start()`"),
            id="no-quote",
        ),
        pytest.param(
            "Changed",
            "Removed",
            (Verdict.DIFFERS, 4, "the verb of one-1 has `Removed`", "`Changed`"),
            id="verb",
        ),
        pytest.param(
            "further",
            "farther",
            (Verdict.DIFFERS, 4, "the reason for one-1 has `To go farther.`", "`To go further.`"),
            id="reason",
        ),
        pytest.param(
            ITEMS[ITEMS.index("2. ") :],
            "",
            (Verdict.MISSING, 0, "one-2 has no item", "item 2 under one.py"),
            id="item-removed",
        ),
        pytest.param(
            "------\n",
            "3.  Added\n\n    ```\n    more()\n    ```\n\n------\n",
            (Verdict.EXTRA, 25, "item 3 under one.py has no rule", "a rule for each item"),
            id="item-added",
        ),
        pytest.param(
            "------\n",
            "2.  Added\n\n    ```\n    start()\n    ```\n\n------\n",
            (Verdict.EXTRA, 25, "item 2 under one.py has no rule", "a rule for each item"),
            id="item-twice",
        ),
        pytest.param(
            "------\n",
            "```\nmore()\n```\n\n------\n",
            (
                *(Verdict.EXTRA, 25, "a quote outside any item under one.py has no rule"),
                "a rule for each item",
            ),
            id="quote-outside",
        ),
    ],
)
def test_a_gap_is_reported(old: str, new: str, gap: tuple[Verdict, int, str, str]) -> None:
    assert gaps(edited(old, new)) == [gap]


def test_a_reason_that_is_said_to_be_the_documents_is_there() -> None:
    without = edited("    To go\n    further.\n", "")
    found = [("the reason for one-1 is said to be the document's, which gives none", "ours")]
    assert [(gap.found, gap.wanted) for gap in compared(without).gaps] == found


def test_a_renumbered_item_is_missing_and_extra() -> None:
    found = compared(edited("2.  Added", "3.  Added"))
    assert [(gap.verdict, gap.line) for gap in found.gaps] == [
        (Verdict.MISSING, 0),
        (Verdict.EXTRA, 19),
    ]


def test_numbers_out_of_order_are_a_gap_even_if_the_quotes_agree() -> None:
    twins = Section("one.py", "one.py", (ONE.rules[0], replace(ONE.rules[0], item=2)))
    first = ITEMS[: ITEMS.index("2. ")]
    second = first.replace("1. ", "2. ")
    assert gaps(f"# one.py\n\n{first}{second}", Pack("trial", (twins,))) == []
    ((verdict, line, found, _),) = gaps(f"# one.py\n\n{second}{first}", Pack("trial", (twins,)))
    assert (verdict, line) == (Verdict.DIFFERS, 3)
    assert found == "one-2 stands above an item of a lower number"


def test_a_heading_without_rules_and_rules_without_a_heading() -> None:
    found = compared(edited("three.py", "tree.py"))
    assert [(entry.heading, entry.verdict) for entry in found.entries[3:]] == [
        ("three.py", Verdict.MISSING),
        ("three.py", Verdict.MISSING),
        ("tree.py", Verdict.EXTRA),
        ("tree.py", Verdict.EXTRA),
    ]


def test_a_removed_heading_is_a_gap() -> None:
    found = {gap.verdict for gap in compared(edited("three.py\n========\n", "")).gaps}
    assert {Verdict.MISSING, Verdict.EXTRA} <= found


@pytest.mark.parametrize(
    ("before", "after", "edit", "found"),
    [
        pytest.param(
            "DEFINE_bool('a', True, 'b')",
            "DEFINE_bool('a', False, 'c')",
            FlagDefault(),
            "trial-1 makes `DEFINE_bool('a', False, 'b')` of its own quote `before`",
            id="does-something-else",
        ),
        pytest.param(
            "",
            "a = 1",
            Statement(follows="a = 2"),
            "trial-1 is drifted on its own quote `before`",
            id="does-not-fit",
        ),
        pytest.param(
            "",
            "b = 1\nb = 2",
            Statement(follows="a()"),
            "trial-1 is drifted on its own quote `after`",
            id="does-not-know-its-result",
        ),
        pytest.param(
            "if a:",
            "if a b:",
            IfTest(within=""),
            "the quote `after` of trial-1 is not Python",
            id="no-python",
        ),
    ],
)
def test_a_rule_that_contradicts_its_quotes_is_a_gap(
    before: str, after: str, edit: Edit, found: str
) -> None:
    check = trial(before, after, edit)
    (gap,) = failures(check.section, check.rule, 7)
    assert (gap.verdict, gap.line) == (Verdict.FAILS, 7)
    assert found in gap.found


@pytest.mark.parametrize("section", DOCUMENTED.sections, ids=lambda section: section.heading)
def test_every_rule_makes_its_quote_after_of_its_quote_before(section: Section) -> None:
    assert [gap for rule in section.rules for gap in failures(section, rule, 0)] == []
