"""Edits that a sentence tells, and those that are told in a way that is not understood."""

from pathlib import Path

import pytest

from patcher.document import document, unread
from patcher.document.document import Item

HEAD = "# send.py\n\n"
DOCUMENTS = Path(__file__).parents[1] / "drafting" / "from_document" / "documents"


def items(text: str) -> list[Item]:
    return [item for part in document.parse(HEAD + text) for item in part.items]


def notices(text: str) -> list[str]:
    return [*unread.notices(HEAD + text, document.parse(HEAD + text))]


@pytest.mark.parametrize(
    "sentence",
    [
        "The number of tries was changed from `tries=3` to `tries=5`",
        "`tries` of `Mailer.send` is changed from `tries=3` to `tries=5`.",
        "In `Mailer.send`, changed `tries=3` to `tries=5` in the call of `self.dial`",
        "Hosts are slow. Replaced `tries=3` with `tries=5`.",
        "We know that `tries=3` was replaced by `tries=5`",
        "`tries=3` was changed to `tries=5`",
        "Bumped `tries=3` to `tries=5`",
        "Swapped out `tries=3` for `tries=5`",
        "`tries=3` was bumped to `tries=5`",
    ],
)
@pytest.mark.parametrize("mark", ["", "* ", "1. ", "a) "])
def test_a_sentence_that_changes_code(mark: str, sentence: str) -> None:
    (read,) = items(f"{mark}{sentence}\n")
    assert (read.verb, read.before, read.after) == ("Changed", "tries=3\n", "tries=5\n")
    assert not notices(f"{mark}{sentence}\n")


def test_a_reason_in_front_of_the_verb() -> None:
    (read,) = items("* Hosts are slow. Really. Replaced `tries=3` with `tries=5`, for now.\n")
    assert read.prose == "Hosts are slow. Really. for now."
    (read,) = items("1. In `send`, changed `tries=3` to `tries=5` in the call of `self.dial`.\n")
    assert read.prose == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Removed the import `import os`\n\n   Nothing uses it.", "Nothing uses it."),
        ("Removed `import os`. Nothing uses it.", "Nothing uses it."),
        ("Removed `import os` from the file, as nothing uses it.", "as nothing uses it."),
        ("Nothing uses it. Removed `import os`", "Nothing uses it."),
        ("Added the parameter `tries=3` to `dial` for slow hosts", "for slow hosts"),
        ("Added `tries=3` to the call of `dial`.\n   Hosts are slow.", "Hosts are slow."),
        ("Changed `tries=3` to `tries=5`\n\n   Hosts are slow.", "Hosts are slow."),
        ("Added `import random` after `import time`", ""),
    ],
)
def test_a_reason_has_no_words_of_the_edit(text: str, reason: str) -> None:
    (read,) = items(f"1. {text}\n")
    assert read.has_code
    assert read.prose == reason


@pytest.mark.parametrize(
    "text",
    [
        "We did not change `a=1` to `a=2`, which is fast.",
        "Never removed `import os`",
        "`a=1` should be changed to `a=2` some day",
        "`a=1` wasn't changed to `a=2`",
        "TODO: change `a=1` to `a=2`",
        "~~Removed `import os`.~~ It is used.",
        "**Don't** change `a=1` to `a=2`",
        "It is *not* true that we changed `a=1` to `a=2`",
        "We planned to change `a=1` to `a=2`",
        "Reverted: changed `a=1` to `a=2`",
        "Users can change `a=1` to `a=2` themselves",
        "Instead of changing `a=1` to `a=2`, we changed nothing",
        "It would be a mistake to change `a=1` to `a=2`",
        "Somebody asked whether we changed `a=1` to `a=2`",
        "Release 1.9 changed `a=1` to `a=2`",
        "If you need it, change `a=1` to `a=2`",
        "We refrained from changing `a=1` to `a=2`",
        "[ ] Changed `a=1` to `a=2`",
    ],
)
def test_what_was_not_done_is_no_edit(text: str) -> None:
    read, last = items(f"1. {text}\n2. It was not used, so we removed `import re`.\n")
    assert (read.has_code, last.before) == (False, "import re\n")


@pytest.mark.parametrize(
    "no", ["have not changed", "did **not** change", "refrained from changing"]
)
def test_a_negation_above_an_edit_is_none(no: str) -> None:
    (read,) = items(f"We {no} `a=1` to `a=9`.\n\nChanged `b=1` to `b=2`.\n")
    assert (read.before, read.after) == ("b=1\n", "b=2\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Changed `a=1` to `a=2`. The same for `go`.", "the same"),
        ("Changed `a=1` to `a=2`; likewise in `go`.", "likewise"),
        ("Changed `a=1` to `a=2`, and the other `a=1` is dropped.", "dropped"),
        ("Changed `a=1` to `a=2`. Ditto in `go`.", "ditto"),
    ],
)
def test_another_edit_of_the_same_code_is_told(text: str, said: str) -> None:
    assert notices(f"1. {text}\n") == [
        f'line 3: the reason says "{said}", but no edit was read from that'
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Changed `a=1` to `a=2`. Because nobody used it, `b=1` was removed.", "`b=1`"),
        ("Changed `a=1` to `a=2`.\n\n`E` now derives from `O` instead of `X`.", "`O` and `X`"),
    ],
)
def test_code_of_another_edit_is_told(text: str, codes: str) -> None:
    (told,) = notices(f"1. {text}\n")
    assert told.endswith(f": not read as part of an edit: {codes}")


@pytest.mark.parametrize(
    "text",
    [
        "We raised `a=1` to `a=2`. Then we changed `b=1` to `b=2`.",
        "`a=1` became `a=2`. And `b=1` became `b=2`.",
    ],
)
def test_a_second_pair_in_a_sentence_is_told(text: str) -> None:
    assert len(notices(f"* {text}\n")) == 1


def test_every_row_of_a_table_that_names_files() -> None:
    table = "| a.py | Changed `a=1` to `a=2` |\n| b.py | Changed `b=1` to `b=2` |\n"
    assert [read.file for read in items(f"| file | edit |\n|---|---|\n{table}")] == ["a.py", "b.py"]


def test_a_diff_may_name_its_file() -> None:
    diff = "--- a/src/b.py\n+++ b/src/b.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"
    (read,) = items(f"# a.py\n\nChanged\n\n```diff\n{diff}```\n")
    assert (read.file, read.before, read.after) == ("src/b.py", "a = 1\n", "a = 2\n")


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("In `b.py`, changed `a=1` to `a=2`", "b.py"),
        ("`src/b.py`: removed `import os`", "src/b.py"),
        ("Added `go(1)` to `b.py`. It is as in `c.py`.", "b.py"),
        ("Removed `import os`, which is used in `c.py`", ""),
        ("Removed `import os` from `b.py` and `c.py`", "b.py and c.py"),
        ("Removed `import os` from `b.py`", "b.py"),
        ("Removed `import os` in `b.py` and in `c.py`", "b.py and c.py"),
        ("Removed `import os` in `b.py`, `d.py` and `c.py`", "b.py and c.py and d.py"),
        ("`import os` -> `import re` in `b.py` as well as `c.py`", "b.py and c.py"),
        ("Removed `import os`, as in `c.py`", ""),
        ("Changed `open('a.txt')` to `self.h`", ""),
        ("Replaced `go(1)` with `go(2)` in `b.py`", "b.py"),
    ],
)
def test_the_file_that_a_sentence_names(text: str, file: str) -> None:
    (read,) = items(f"# a.py\n\n1. {text}\n")
    assert (read.has_code, read.file) == (True, file)


@pytest.mark.parametrize("verb", ["Changed", "Changed:", "**Changed:**", "Replaced the code:"])
@pytest.mark.parametrize("mark", ["", "* ", "1. "])
def test_a_verb_behind_the_reason_is_none_of_it(mark: str, verb: str) -> None:
    code = "```\nold()\n```\nto\n```\nnew()\n```\n"
    (read,) = items(f"{mark}Hosts are slow. They wait. {verb}\n{code}")
    assert (read.verb, read.before, read.after) == ("Changed", "old()\n", "new()\n")
    assert read.prose == "Hosts are slow. They wait."


@pytest.mark.parametrize("between", ["is now", "became", "->", "→", "has become"])
@pytest.mark.parametrize("mark", ["", "* ", "1. "])
def test_what_code_is_now(mark: str, between: str) -> None:
    (read,) = items(f"{mark}`tries=3` {between} `tries=5`\n")
    assert (read.verb, read.before, read.after) == ("Changed", "tries=3\n", "tries=5\n")


@pytest.mark.parametrize(
    ("sentence", "before", "after"),
    [
        ("Added `import random` after `import time`", "", "import random\n"),
        ("Added `tries=3` to the call of `dial`", "", "tries=3\n"),
        ("Removed `go()` from `Mailer.send`", "go()\n", ""),
        ("Added `go()` and `come()`", "", ""),
    ],
)
def test_names_behind_code_are_its_place(sentence: str, before: str, after: str) -> None:
    (read,) = items(f"* {sentence}\n")
    assert (read.before, read.after) == (before, after)


def test_each_row_of_a_table_is_read() -> None:
    table = """\
| what | why |
|---|---|
| Hosts are slow | `dial()` |
| Changed `a=1` to `a=2` | Hosts are slow. |
| Removed | `go()` |
| Changed | `b=1` | `b=2` |
| Changed `retries` | from `1` to `3` |
"""
    changed, removed, cells, unread = items(table)
    assert (changed.line, changed.before, changed.after) == (6, "a=1\n", "a=2\n")
    assert changed.prose == "Hosts are slow."
    assert (removed.before, cells.before, cells.after) == ("go()\n", "b=1\n", "b=2\n")
    assert (unread.line, unread.has_code) == (9, False)
    assert notices(table) == [
        "line 5: not read as part of an edit: `dial()`",
        'line 9 says "changed", but was not read as an edit',
    ]


def test_columns_for_the_code_before_and_afterwards() -> None:
    table = """| File | Function | Was | Is now | Why |
|------|:--------:|-----|--------|-----|
| a.py | `go` | `a \\| 1` | `a \\| 2` | Hosts are slow. |
| | - | `b=1` | *(removed)* | |
| b.py | | - | `import os` | |
| b.py | | `c=1` | (unchanged) | |
"""
    changed, removed, added = items(table)
    assert (changed.before, changed.after, changed.prose) == (
        "a | 1\n",
        "a | 2\n",
        "Hosts are slow.",
    )
    assert (changed.file, changed.scope) == ("a.py", ("go",))
    assert (removed.before, removed.after, removed.file) == ("b=1\n", "", "a.py")
    assert (added.before, added.after, added.file) == ("", "import os\n", "b.py")
    assert notices(table) == ["line 8: not read as part of an edit: `c=1`"]


def test_columns_without_marks_of_code_hold_what_can_be_nothing_else() -> None:
    table = "| Original | Modified |\n|---|---|\n| RETRIES = 3 | RETRIES = 5 |\n| 0.31 | 0.33 |\n"
    (changed,) = items(table)
    assert (changed.before, changed.after) == ("RETRIES = 3\n", "RETRIES = 5\n")


def test_what_is_not_understood_is_told_and_is_no_reason_of_another() -> None:
    text = (
        "Somebody removed `a = 1` and added `b = 2`.\n\nChanged\n```\nold()\n```\nto\n```\nx\n```\n"
    )
    unread, changed = items(text)
    assert (unread.line, unread.has_code, changed.prose) == (3, False, "")
    assert notices(text) == ['line 3 says "removed", but was not read as an edit']


@pytest.mark.parametrize(
    "sentence",
    [
        "Cranked `a = 1` to `a = 2`.",
        "Use `a.error` rather than `a.warning`.",
        "Set `a = 2` (was `a = 1`).",
    ],
)
def test_code_of_a_list_entry_without_a_known_verb_is_told(sentence: str) -> None:
    """`new` has a row for each, so that it says nothing more."""
    text = f"* {sentence}\n* Removed `b = 1`.\n"
    (line,) = notices(text)
    assert line.startswith("line 3: not read as part of an edit: `a")
    parts = document.parse(HEAD + text)
    assert [*unread.notices(HEAD + text, parts, with_rows=False)] == []


def test_a_second_edit_without_code_is_told() -> None:
    text = "1. In `go()`, `a = 1` became `a = 2`. The docstring of `Till` was updated too.\n"
    said = 'line 3: the reason says "updated", but no edit was read from that'
    assert notices(text) == [said]
    for other in ("should have been updated too", "is also updated by it", "is updated too late"):
        assert notices(text.replace("was updated too", other)) == []
    assert notices(text.replace(" was updated too", " says why")) == []


def test_a_second_edit_in_an_item_is_told() -> None:
    text = "1. Changed `a=1` to `a=2`. Also changed `b=1` to `b=2`.\n"
    assert notices(text) == ["line 3: not read as part of an edit: `b=1` and `b=2`"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The scripts were changed for one device.", id="an-introduction"),
        pytest.param("These files were changed in `mail`:", id="which-leads-to-a-list"),
        pytest.param("`Mailer` was changed a lot.", id="a-name"),
        pytest.param("The hosts changed.\nSee `run(1)`.", id="code-in-another-sentence"),
    ],
)
def test_what_is_no_edit(text: str) -> None:
    (read,) = items(f"{text}\n\n* Changed `a=1` to `a=2`\n")
    assert (read.line, read.prose) == (3 + text.count("\n") + 2, "")
    assert not notices(f"{text}\n\n* Changed `a=1` to `a=2`\n")


@pytest.mark.parametrize("below", ["Because `b=1` was removed.", "This was changed from `b=1`."])
def test_a_reason_below_code_is_no_edit(below: str) -> None:
    for edit in ("Changed `a=1` to `a=2`", "Added\n```\ngo()\n```"):
        (read, last) = items(f"{edit}\n\n{below}\n\nRemoved `come()`\n")
        assert read.prose == below.replace("`", "")
        assert last.before == "come()\n"


def test_a_verb_above_code_is_no_second_edit() -> None:
    text = "Changed the norm in:\n```\na()\n```\nto\n```\nb()\n```\nbecause `f(1)` is gone.\n"
    assert not notices(text)


def test_an_edit_that_introduces_a_list_is_read() -> None:
    read = items("* Changed `a=1` to `a=2`:\n  * Hosts are slow\n")
    assert (read[0].before, read[0].after) == ("a=1\n", "a=2\n")


@pytest.mark.parametrize("name", ["cut.md", "places.md", "prose.md", "wrapped.md"])
def test_documents_that_are_understood(name: str) -> None:
    text = document.text_of(DOCUMENTS / name)
    assert not [*unread.notices(text, document.parse(text))]
