from pathlib import Path
from textwrap import dedent

import pytest

from patcher.document import document
from patcher.document.document import Item, Part
from patcher.errors import PatchError

CHANGED = """\
1.  Changed

    ``` {.sourceCode .python}
    if old:
      go()
    ```

    to

    ``` {.sourceCode .python}
    if new:
      go()
    ```

    To go
    further.
"""


def parts(text: str) -> list[Part]:
    return document.parse(dedent(text))


def item(text: str) -> Item:
    ((only,),) = (part.items for part in parts(text))
    return only


def test_an_item_has_number_line_verb_quotes_and_prose() -> None:
    before, after = "if old:\n  go()\n", "if new:\n  go()\n"
    assert item(CHANGED) == Item(1, 1, "Changed", before, after, "To go further.")


def test_what_is_added_has_no_before_and_what_is_removed_no_after() -> None:
    added = item("1.  Added\n\n    ```\n    new()\n    ```\n")
    assert (added.before, added.after) == ("", "new()\n")
    removed = item("1.  Removed\n\n    ```\n    old()\n    ```\n")
    assert (removed.before, removed.after) == ("old()\n", "")


def test_a_wrong_verb_leaves_the_quotes_in_their_places() -> None:
    for verb in ("Added", "Removed"):
        read = item(CHANGED.replace("Changed", verb))
        assert (read.verb, read.before[:6], read.after[:6]) == (verb, "if old", "if new")


def test_a_first_line_without_a_known_verb_is_a_reason() -> None:
    read = item(CHANGED.replace("Changed", "Fixed the test:"))
    assert (read.verb, read.before[:6], read.after[:6]) == ("Changed", "if old", "if new")
    assert read.prose == "Fixed the test. To go further."


@pytest.mark.parametrize("marker", ["7. ", "7.  ", "16.  ", "116.   ", "16) "])
def test_code_belongs_to_its_item_however_wide_the_number(marker: str) -> None:
    read = item(CHANGED.replace("1.  ", marker))
    number = int(marker.rstrip(".) "))
    assert (read.number, read.after, read.prose) == (number, "if new:\n  go()\n", "To go further.")


def test_the_number_is_the_written_one() -> None:
    text = "# one.py\n\n" + CHANGED + "\n" + CHANGED.replace("1. ", "5. ") + "\n" + CHANGED
    assert [each.number for each in parts(text)[0].items] == [1, 5, 1]


def test_headings_and_horizontal_rules_open_parts() -> None:
    text = f"one\\_\\_two.py\n===\n\n{CHANGED}\n---\n\n{CHANGED}\n# __init__.py\n\n{CHANGED}"
    assert [part.heading for part in parts(text)] == ["one__two.py", "", "__init__.py"]


def test_what_edits_nothing_is_not_an_item() -> None:
    front = "---\ntitle: Changes\n---\n\n1.  Added HPU support\n2.  Added metrics\n\n"
    intro = "Run it:\n\n```sh\nrun\n```\n\n"
    assert [part.heading for part in parts(f"{front}{intro}# one.py\n\n{CHANGED}")] == ["one.py"]


def test_a_verb_alone_is_still_an_item() -> None:
    assert item("1.  Changed\n") == Item(1, 1, "Changed", "", "", "")


def test_a_quote_outside_any_item_is_an_item_without_number() -> None:
    (part,) = parts(CHANGED + "\n```\nlost()\n```\n")
    assert part.items[1] == Item(None, 18, "", "lost()\n", "", "")


def test_a_nested_item_is_found() -> None:
    nested = "".join(f"    {line}" for line in CHANGED.splitlines(keepends=True))
    (part,) = parts(f"{CHANGED}\n{nested}")
    assert [each.after for each in part.items] == ["if new:\n  go()\n"] * 2


def test_a_heading_inside_an_item_opens_no_part() -> None:
    text = "# one.py\n\n1.  # Added\n\n17.  Added\n\n    ```\n    new()\n    ```\n"
    (part,) = parts(text)
    assert [(each.verb, each.after) for each in part.items] == [("Added", ""), ("Added", "new()\n")]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf%b", b"%b\n"], ids=["bom", "plain"])
def test_a_file_is_read_whatever_its_line_ends(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    file.write_bytes(content % CHANGED.replace("\n", "\r\n").encode())
    (part,) = document.read(file)
    assert part.items[0].after == "if new:\n  go()\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(None, r"cannot be read \(no such file or directory\)", id="not-there"),
        pytest.param(b"1.  Changed \xff", r"cannot be read \(not UTF-8 at byte 12\)", id="bytes"),
    ],
)
def test_a_file_that_is_not_a_document(content: bytes | None, found: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    if content is not None:
        file.write_bytes(content)
    step = "expected a Markdown file in UTF-8; name the document with --doc$"
    with pytest.raises(PatchError, match=f"changes.md: {found}, {step}"):
        document.read(file)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("# Notes\n\n1.  Buy\n\n```\ncode\n```\n", id="notes"),
    ],
)
def test_a_document_without_an_edit(content: str, tmp_path: Path) -> None:
    step = r"docs/reference/document-format\.md lists the forms that are read"
    with pytest.raises(PatchError, match=f"no edit, expected list items or paragraphs .*; {step}$"):
        document.parts_of(content, tmp_path / "changes.md")


def test_a_folder_is_not_a_document(tmp_path: Path) -> None:
    with pytest.raises(PatchError, match="not a regular file"):
        document.read(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("#" * 4_000_001, r"cannot be read \(larger than 4,000,000", id="bytes"),
        pytest.param("a\n" * 60_000, "60,001 lines, expected at most 50,000", id="lines"),
        pytest.param("[" * 200_000, "200,000 characters in a paragraph", id="brackets"),
        pytest.param("![a](" * 40_000, "200,000 characters in a paragraph", id="pictures"),
        pytest.param(("[a](b)" * 1000 + "\n\n") * 100, "600,000 characters outside", id="links"),
    ],
)
def test_a_document_that_would_take_minutes_is_refused(
    content: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "changes.md"
    file.write_text(f"{content}\n")
    with pytest.raises(PatchError, match=f"changes.md: {said}"):
        document.read(file)


def test_a_long_document_of_code_is_read(tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    code = "    x = [1]\n" * 40_000
    file.write_text(f"1.  Added\n\n    ```\n{code}    ```\n")
    (part,) = document.read(file)
    assert part.items[0].after.count("\n") == 40_000
