import json
from pathlib import Path
from textwrap import indent

import pytest

from patcher.model import Pack
from patcher.packs import DEFAULT, load_pack
from tests.commands import run
from tests.counts import RULES


def test_each_gap_is_a_line(tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    file.write_text("# main.py\n\n1.  Removed\n\n    ```\n    import old\n    ```\n", "utf-8")
    result = run("coverage", "--doc", file)
    assert result.exit_code == 5
    totals = f"0 of {RULES} covered, 1 differs, {RULES - 1} missing"
    assert result.stdout.endswith(f"\n{file}: {totals}\n")
    sentences = result.stderr.splitlines()
    step = "correct whichever is wrong, the document or the rule"
    verb = f"{file}:3: the verb of main-1 has `Removed`, expected `Changed`; {step}"
    step = "add the item to the document, or remove the rule"
    missing = f"{file}: utils-1 has no item, expected item 1 under utils.py; {step}"
    other = "if it is the document of another pack, name that with --pack"
    assert sentences.pop(0) == f"{file}: no item of it matches a rule of {DEFAULT}; {other}"
    assert (len(sentences), sentences[-1]) == (RULES - 1 + 3, missing)
    assert verb in sentences


def test_gaps_as_json(tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    file.write_text("# more.py\n\n1.  Removed\n\n    ```\n    import old\n    ```\n", "utf-8")
    result = run("coverage", "--doc", file, "--json")
    assert (result.exit_code, len(result.stderr.splitlines())) == (5, RULES + 2)
    found = json.loads(result.stdout)
    assert list(found) == ["effpatch", "document", "pack", "edits", "recognised", "summary"]
    assert (found["document"], found["pack"], found["recognised"]) == (str(file), DEFAULT, {})
    right, wrong = {"covered": 0, "deviates": 0}, {"differs": 0, "extra": 1, "fails": 0}
    assert found["summary"] == {**right, "missing": RULES, **wrong}
    edit = found["edits"][-1]
    assert list(edit) == ["id", "heading", "number", "line", "title", "gaps", "verdict"]
    assert edit["id"] is None
    gap = {"found": "item 1 under more.py has no rule", "wanted": "a rule for each item"}
    assert edit["gaps"] == [gap]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(None, "cannot be read (no such file or directory)", id="not-there"),
        pytest.param(b"\xff", "cannot be read (not UTF-8 at byte 0)", id="not-utf-8"),
        pytest.param(b"", "no edit, expected list items or paragraphs", id="empty"),
    ],
)
def test_a_file_that_is_no_document(content: bytes | None, found: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    if content is not None:
        file.write_bytes(content)
    result = run("coverage", "--doc", file)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"{file}: {found}")
    assert result.stderr.count("\n") == 1


def test_the_document_must_be_named() -> None:
    result = run("coverage")
    assert (result.exit_code, "Missing option '--doc'" in result.stderr) == (2, True)


def written(pack: Pack) -> str:
    """A document that says what the rules of a pack say."""
    lines = []
    for section in pack.sections:
        lines.append(f"# {section.heading}\n")
        for rule in section.rules:
            quotes = (quote.rstrip() for quote in (rule.before, rule.after) if quote)
            blocks = "\nto\n\n".join(f"```\n{quote}\n```\n" for quote in quotes)
            lines += [f"{rule.item}.  {rule.verb}\n", indent(f"{blocks}\n{rule.why}\n", "    ")]
    return "\n".join(lines)


def test_a_document_of_another_pack(tmp_path: Path) -> None:
    pack = load_pack("supplement")
    file = tmp_path / "changes.md"
    file.write_text(written(pack), "utf-8")
    result = run("coverage", "--doc", file, "--pack", "supplement")
    rules = len(list(pack.entries()))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(f"\n{file}: {rules} of {rules} covered\n")
    (rule, *_) = (rule for _, _, rule in pack.entries() if rule.after)
    changed = written(pack).replace(rule.why, "For another reason.")
    file.write_text(changed, "utf-8")
    result = run("--pack", "supplement", "coverage", "--doc", file)
    assert (result.exit_code, result.stderr.count("\n")) == (5, 1)
    assert "`For another reason.`" in result.stderr


def test_what_is_not_read_as_an_edit_is_told(tmp_path: Path) -> None:
    pack = load_pack("supplement")
    file = tmp_path / "changes.md"
    text = written(pack) + "\n# tail.py\n\nSomebody removed `a=1` and added `b=2`.\n"
    file.write_text(text, "utf-8")
    line = len(text.splitlines())
    result = run("coverage", "--doc", file, "--pack", "supplement")
    said = f'{file}: line {line} says "removed", but was not read as an edit\n'
    assert (result.exit_code, result.stderr) == (0, said)


def test_two_packs_are_too_many(tmp_path: Path) -> None:
    result = run("coverage", "--doc", tmp_path, "--pack", DEFAULT, "--pack", "supplement")
    assert result.exit_code == 2
    assert "a document is checked against one pack" in result.stderr
