"""`effpatch new`: a pack drafted from a document, as a folder that other commands take."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from patcher.drafting.pins import drafted_pin
from patcher.model import Pack, Rule
from patcher.packs.loading import load_folder
from tests.commands import contents, git, process, run
from tests.rule_check import DOCUMENTED, PIN

TOOLS = """\
    RATES = {"de": 119}


    def rate(country):
        return RATES.get(country, 100)
    """
APP = """\
    import os
    from tools import rate


    def total(prices, country=None):
        if country is not None:
            return sum(prices) * rate(country)
        return sum(prices)
    """
CHANGES = """\
    # Taxes for the shop

    ## app.py

    1.  Removed

        ```
        import os
        ```

        Nothing uses it.

    2.  Changed

        ```
        if country is not None:
        ```
        to
        ```
        if country:
        ```

    3.  Added

        ```
        print(prices)
        ```
    """
NO_PLACE = "the document names no place for what is added"
QUOTED = """\
# {name}

1.  Changed

    ```
    {before}
    ```
    to
    ```
    {after}
    ```
"""


@pytest.fixture(autouse=True)
def leavings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is left behind in the folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [*folder.iterdir()] == []


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def shop(place: Path) -> Path:
    """A repository with one commit, and next to it the document `changes.md`."""
    (place / "changes.md").write_text(dedent(CHANGES))
    return repository(place / "shop", {"src/app.py": APP, "src/tools.py": TOOLS})


def repository(root: Path, files: Mapping[str, str]) -> Path:
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch", "main", "--template=")
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(root, files)
    return root


def commit(root: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "more")
    return head(root)


def head(root: Path) -> str:
    return git(root, "rev-parse", "HEAD").strip()


def quoting(place: Path, name: str, before: str = "a = 1", after: str = "a = 2") -> Path:
    """A document with one edit of a file."""
    document = place / "one.md"
    document.write_text(QUOTED.format(name=name, before=before, after=after))
    return document


def refused(place: Path, *arguments: str | Path) -> str:
    """What a command says that fails with exit code 4, and leaves all as it was."""
    before = contents(place)
    result = run("new", "pack", *arguments)
    assert (result.exit_code, result.stdout) == (4, "")
    assert contents(place) == before
    assert not (place / "pack").exists()
    assert len(result.stderr.splitlines()) == 1
    return result.stderr.rstrip("\n")


def test_the_folder_and_the_table(shop: Path, place: Path) -> None:
    result = run("new", "taxes", "--doc", "changes.md", "--upstream", shop)
    assert result.exit_code == 0
    then = "then run `effpatch test ./taxes`"
    assert result.stdout == dedent(f"""\
        rule                   found        line edit, or why there is no rule
        src/app.py
          taxes/app-1          unique          5 remove `import os`
          taxes/app-2          unique         13 change the test `country is not None` to `country`
          taxes/app-3          unresolved     23 add `print(prices)`: {NO_PLACE}

        taxes: 3 edits, 2 unique, 1 unresolved
        commit {head(shop)}: its files hold 2 of 2 quotes
        complete the unresolved rules and write the reasons in taxes, {then}
        """)
    made = contents(place / "taxes")
    assert sorted(made) == ["app.toml", "changes.md", "pack.toml"]
    assert made["changes.md"].decode() == dedent(CHANGES)
    assert f'repository = "{shop}"\ncommit = "{head(shop)}"\n' in made["pack.toml"].decode()
    assert (
        made["app.toml"]
        .decode()
        .endswith(
            dedent("""
        # line 23 of the document: unresolved
        # the document names no place for what is added
        # [[rule]]
        # item = 3
        # title = "add `print(prices)`"
        # kind = ""
        # within = ""
        # why = "TODO: say what the edit does for the user."
        # after = "print(prices)"
        """)
        )
    )


def test_the_pack_is_one_for_the_other_commands(shop: Path, place: Path) -> None:
    run("new", "taxes", "--doc", "changes.md", "--upstream", "shop")
    pack = load_folder(place / "taxes")
    assert (pack.name, pack.title) == ("taxes", "Taxes for the shop")
    assert [section.id_of(r) for section in pack.sections for r in section.rules] == [
        "taxes/app-1",
        "taxes/app-2",
    ]
    result = run("test", "taxes")
    assert result.exit_code == 5
    (said,) = (line for line in result.stderr.splitlines() if line.startswith("changes.md"))
    assert said.startswith("changes.md:23: coverage: item 3 under app.py has no rule, expected")
    result = run("apply", "--pack", "taxes", shop)
    assert result.exit_code == 0, result.stderr
    edited = dedent(APP).replace("import os\n", "").replace("country is not None", "country")
    assert (shop / "src/app.py").read_text() == edited


def test_a_completed_rule_is_read(shop: Path, place: Path) -> None:
    run("new", "taxes", "--doc", "changes.md", "--upstream", "shop")
    head_, _, left = (place / "taxes/app.toml").read_text().rpartition("# [[rule]]\n")
    rule = "[[rule]]\n" + "".join(f"{line[2:]}\n" for line in left.splitlines())
    rule = rule.replace('kind = ""', 'kind = "statement"\nfollows = "if country is not None: ..."')
    (place / "taxes/app.toml").write_text(head_ + rule.replace('within = ""', 'within = "total"'))
    assert len([*load_folder(place / "taxes").entries()]) == 3


def test_the_commit_whose_files_hold_most_quotes_and_its_ties(shop: Path, place: Path) -> None:
    first = head(shop)
    second = commit(shop, {"src/app.py": f"{APP}# More.\n"})
    commit(shop, {"src/app.py": "    import os\n"})
    result = run("new", "taxes", "--doc", "changes.md", "--upstream", shop)
    *_, chosen, ties, _ = result.stdout.splitlines()
    assert chosen == f"commit {second}: its files hold 2 of 2 quotes"
    another = "to choose another commit, pass --upstream URL@COMMIT"
    assert ties == f"{first[:12]} holds as many; {another}"


def test_the_commit_that_is_named(shop: Path, place: Path) -> None:
    first = head(shop)
    commit(shop, {"src/app.py": "import os\n"})
    result = run("new", "taxes", "--doc", "changes.md", "--upstream", f"shop@{first.upper()}")
    assert result.exit_code == 0
    assert "\ncommit " not in result.stdout
    assert load_folder(place / "taxes").upstream == replace(
        load_folder(place / "taxes").upstream or PIN, repository=str(shop), commit=first
    )
    wrong = f"shop@{'0' * 40}"
    said = refused(place, "--doc", "changes.md", "--upstream", wrong)
    assert said == f"shop: no commit {'0' * 40} there; correct the address or the commit"


def test_a_commit_that_is_cut(shop: Path, place: Path) -> None:
    result = run("new", "pack", "--doc", "changes.md", "--upstream", f"shop@{head(shop)[:7]}")
    assert result.exit_code == 2
    assert f"'{head(shop)[:7]}' is not a full commit id (40 hex digits)" in result.stderr
    assert not (place / "pack").exists()


def test_a_folder_that_is_there(shop: Path, place: Path) -> None:
    (place / "taxes").mkdir()
    (place / "taxes/mine.txt").write_text("mine")
    result = run("new", "taxes", "--doc", "changes.md", "--upstream", "shop")
    wanted = "is there already, expected a new folder; name another folder, or remove this one"
    assert (result.exit_code, result.stdout, result.stderr) == (4, "", f"taxes: {wanted}\n")
    assert contents(place / "taxes") == {"mine.txt": b"mine"}


def test_documents_that_are_none(shop: Path, place: Path) -> None:
    (place / "none.md").write_text("Nothing to see.\n")
    upstream = ("--upstream", "shop")
    assert refused(place, "--doc", "none.md", *upstream).startswith("none.md: no edit, expected")
    said = refused(place, "--doc", "nowhere.md", *upstream)
    assert said.startswith("nowhere.md: cannot be read (no such file or directory), expected")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("nowhere", "'nowhere' does not appear to be a git", id="no folder"),
        pytest.param("plain", "does not appear to be a git repository", id="no repository"),
        pytest.param("empty", "couldn't find remote ref HEAD", id="no commit"),
        pytest.param("file:///nowhere", "'/nowhere' does not appear to be", id="no such URL"),
        pytest.param("--option", "strange pathname '--option' blocked", id="like an option"),
        pytest.param("ext::sh -c true", "transport 'ext' not allowed", id="a program"),
    ],
)
def test_addresses_that_cannot_be_fetched(address: str, said: str, shop: Path, place: Path) -> None:
    (place / "plain").mkdir()
    git(place, "init", "--quiet", "empty")
    found = refused(place, "--doc", "changes.md", f"--upstream={address}")
    assert found.startswith(f"{address}: git failed: ")
    assert said in found
    assert found.endswith("; fix that and run again")


@pytest.mark.parametrize(
    ("files", "name", "paths"),
    [
        pytest.param({"a.py": "a = 1\n"}, "Notes", ["a.py"], id="a heading that names no file"),
        pytest.param(
            {"x/a.py": "a = 1\n", "y/a.py": "b = 1\n"},
            "a.py",
            ["x/a.py"],
            id="two files of one name, one with the quote",
        ),
        pytest.param(
            {"x/a.py": "a = 1\n", "y/a.py": "a = 1\n"},
            "a.py",
            [],
            id="two files of one name, both with the quote",
        ),
        pytest.param({"a.py": "a = 1\nb = (\n"}, "a.py", [], id="a file that is not Python"),
        pytest.param({"a.py": "a = 1\n"}, "b.py", [], id="a file that is not there"),
    ],
)
def test_what_a_heading_means(
    files: Mapping[str, str], name: str, paths: list[str], place: Path
) -> None:
    repository(place / "origin", files)
    result = run("new", "pack", "--doc", quoting(place, name), "--upstream", "origin")
    assert result.exit_code == 0
    left = "1 unique" if paths else "1 unresolved"
    assert f"\npack: 1 edit, {left}\n" in result.stdout
    made = load_folder(place / "pack")
    assert [section.path for section in made.sections if section.rules] == paths


def test_files_of_one_name_have_sections_of_their_own(place: Path) -> None:
    names = ["x/a.py", "y/a.py", "pack.py"]
    repository(place / "origin", dict.fromkeys(names, "a = 1\n"))
    one = QUOTED.format(name="{}", before="a = 1", after="a = 2")
    headings = [*names, "z/b.py", "w/b.py"]
    (place / "one.md").write_text("\n".join(map(one.format, headings)))
    result = run("new", "pack", "--doc", "one.md", "--upstream", "origin")
    assert "\npack: 5 edits, 3 unique, 2 unresolved\n" in result.stdout
    made = load_folder(place / "pack")
    assert [(s.name, s.path) for s in made.sections] == [
        ("x_a", "x/a.py"),
        ("y_a", "y/a.py"),
        ("pack_2", "pack.py"),
    ]
    left = contents(place / "pack")["b.toml.unplaced"].decode()
    assert left.startswith("# No file of the upstream was found for these edits. ")
    assert 'heading = "z/b.py"' in left
    assert "b_2.toml.unplaced" in contents(place / "pack")


def test_ctrl_c_leaves_nothing(shop: Path, place: Path) -> None:
    program = dedent("""
        import os, signal, sys
        from patcher import __main__ as entry
        from patcher.tree import history
        read = history.History.read
        def interrupted(*arguments):
            os.kill(os.getpid(), signal.SIGINT)
            return read(*arguments)
        history.History.read = interrupted
        entry.main()
        """)
    words = ["new", "pack", "--doc", "changes.md", "--upstream", "shop"]
    done = process(sys.executable, "-c", program, *words, cwd=place)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.endswith("interrupted\n")
    assert "Traceback" not in done.stderr
    assert not (place / "pack").exists()


@pytest.fixture
def pin(pristine: Path) -> str:
    return f"{pristine}@{PIN.commit}"


def test_the_document_of_the_shipped_pack(
    pin: str, pristine: Path, documented: Path, place: Path
) -> None:
    run("new", "mine", "--doc", documented, "--upstream", pin)
    same, others = equal_rules(load_folder(place / "mine"), DOCUMENTED)
    assert (same >= 37, others) == (True, [])

    port = shutil.copytree(pristine, place / "port", symlinks=True)
    run("apply", port)
    run("new", "ported", "--doc", documented, "--upstream", pin, "--port", port)
    made = load_folder(place / "ported")
    same, others = equal_rules(made, DOCUMENTED)
    number = len([*made.entries()])
    assert number == len([*DOCUMENTED.entries()])
    assert same >= 40, others
    tree = shutil.copytree(pristine, place / "tree", symlinks=True)
    run("apply", "--pack", "ported", tree)
    assert contents(tree) == contents(port) != contents(pristine)


def comparable(rule: Rule) -> tuple[object, ...]:
    """What a document and a trial can tell of a rule."""
    return (rule.item, rule.edit, rule.before.rstrip("\n"), rule.after.rstrip("\n"))


def equal_rules(made: Pack, shipped: Pack) -> tuple[int, list[str]]:
    """How many rules two packs have in common, and the ids of others in the first."""
    theirs = {(s.path, comparable(rule)) for s in shipped.sections for rule in s.rules}
    ours = {s.id_of(rule): (s.path, comparable(rule)) for s in made.sections for rule in s.rules}
    return sum(each in theirs for each in ours.values()), [
        id_ for id_, each in ours.items() if each not in theirs
    ]


STATED = """\
# tools.py

1.  Changed

    ```
    RATES = {{"de": 119}}
    ```
    to
    ```
    RATES = {{"de": 116}}
    ```

    Less for a while.

    ```toml
    title = "lower the tax"
    kind = "statement"
    within = "{within}"
    ```
"""


@pytest.mark.parametrize(
    ("heading", "within", "mark", "why"),
    [
        ("tools.py", "", "unique", "as the document says"),
        ("tools.py", "rate", "unresolved", "the rule does not fit there: drifted"),
        ("till.py", "", "unresolved", "the heading names no file of the upstream"),
    ],
)
def test_a_rule_that_the_document_has_itself(
    shop: Path, place: Path, heading: str, within: str, mark: str, why: str
) -> None:
    (place / "one.md").write_text(STATED.format(within=within).replace("tools.py", heading))
    result = run("new", "pack", "--doc", "one.md", "--upstream", "shop")
    assert result.exit_code == 0
    assert f"1 edit, 1 {mark}" in result.stdout
    file = next(f for f in (place / "pack").iterdir() if f.name.startswith(heading[:-3]))
    text = file.read_text()
    assert why in text
    assert ('\nkind = "statement"' in text) == (mark == "unique")
    assert '# kind = "statement"' in text or mark == "unique"


def test_a_port_that_is_no_python(shop: Path, place: Path) -> None:
    (place / "port").mkdir()
    (place / "port" / "app.py").write_text("def total(\n")
    result = run("new", "pack", "--doc", "changes.md", "--upstream", "shop", "--port", "port")
    assert result.exit_code == 0
    assert "the port's src/app.py:1 is not valid Python" in " ".join(result.stdout.split())
    assert "3 edits, 3 unresolved" in result.stdout


def test_a_link_in_a_port_is_not_followed(shop: Path, place: Path) -> None:
    (place / "port").mkdir()
    (place / "port" / "app.py").symlink_to("/dev/zero")
    result = run("new", "pack", "--doc", "changes.md", "--upstream", "shop", "--port", "port")
    assert "3 edits, 2 unique, 1 unresolved" in result.stdout


def test_credentials_are_neither_shown_nor_kept() -> None:
    pin = drafted_pin("https://me:secret@example.org/shop.git", "0" * 40, "")
    assert (pin.repository, pin.name) == ("https://example.org/shop.git", "shop")


def test_credentials_are_not_in_what_is_said(place: Path) -> None:
    (place / "changes.md").write_text(dedent(CHANGES))
    address = "http://me:secret@127.0.0.1:9/shop"
    result = run("new", "pack", "--doc", "changes.md", "--upstream", address)
    assert result.exit_code == 4
    assert "127.0.0.1" in result.stderr
    assert "secret" not in result.output


def test_a_document_that_is_called_like_a_file_of_the_pack(shop: Path, place: Path) -> None:
    (place / "changes.md").rename(place / "pack.toml")
    result = run("new", "made", "--doc", "pack.toml", "--upstream", "shop")
    assert result.exit_code == 0
    pack = load_folder(place / "made")
    assert pack.document
    assert pack.document.name == "pack.toml.md"


def test_an_edit_that_waits_for_another_says_so(place: Path) -> None:
    repository(place / "shop", {"app.py": "import os\n\nos.exit()\n"})
    (place / "one.md").write_text("# app.py\n\n1.  Removed\n\n    ```\n    import os\n    ```\n")
    made = run("new", "pack", "--doc", "one.md", "--upstream", "shop")
    assert made.exit_code == 0
    said = "not made yet: `os` is still used in this file"
    assert f"remove `import os`: {said}\n" in made.stdout
    assert said in (place / "pack/app.toml").read_text()


TWO = {"src/one.py": "import os\nwait(limit=1)\n", "src/two.py": "import os\nwait(limit=1)\n"}
SAID = "* In `two.py`, changed `limit=1` to `limit=2`\n* Removed `import os` in `one.py`\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"# Changes\n\n{SAID}", id="in sentences"),
        pytest.param(
            "# Changes\n\n* `two.py`\n  * Changed `limit=1` to `limit=2`\n* `one.py`\n"
            "  * Removed `import os`\n",
            id="in entries around them",
        ),
        pytest.param(
            "# Changes\n\n**two.py**\n\n* Changed `limit=1` to `limit=2`\n\n**one.py:**\n\n"
            "* Removed `import os`\n",
            id="in lines above lists",
        ),
    ],
)
def test_the_file_that_the_text_names_is_edited(text: str, place: Path) -> None:
    """Both files have the code of both edits."""
    repository(place / "pair", TWO)
    (place / "one.md").write_text(text)
    result = run("new", "pack", "--doc", "one.md", "--upstream", "pair")
    assert "2 edits, 2 unique" in result.stdout, result.stdout
    found = {
        section.path: rule.after.strip()
        for _, section, rule in load_folder(place / "pack").entries()
    }
    assert found == {"src/two.py": "limit=2", "src/one.py": ""}
    covered = run("coverage", "--doc", "one.md", "--pack", "./pack")
    assert covered.stdout.endswith("2 of 2 covered\n"), covered.stderr


@pytest.mark.parametrize(
    ("heading", "unique", "why"),
    [
        ("one.py", 1, "the text names two.py, and the heading one.py"),
        ("one.py and three.py", 2, ""),
    ],
)
def test_the_heading_and_the_text_may_name_different_files(
    heading: str, unique: int, why: str, place: Path
) -> None:
    repository(place / "pair", TWO)
    (place / "one.md").write_text(f"# {heading}\n\n{SAID}")
    result = run("new", "pack", "--doc", "one.md", "--upstream", "pair")
    assert f"{unique} unique" in result.stdout
    assert why in result.stdout


def test_a_heading_without_a_file_is_not_that_of_the_file_that_is_left(place: Path) -> None:
    """Both files have the code, and one of them has a heading of its own."""
    repository(place / "pair", TWO)
    text = "# one.py\n\n* Removed `import os`\n\n# All\n\n* Changed `limit=1` to `limit=2`\n"
    (place / "one.md").write_text(text)
    result = run("new", "pack", "--doc", "one.md", "--upstream", "pair")
    assert "2 edits, 1 unique, 1 unresolved" in result.stdout


def test_edits_of_toml_are_no_keys_of_rules(place: Path) -> None:
    repository(place / "pair", TWO)
    fences = "```toml\nlimit = 1\n```\nto\n```toml\nlimit = 2\n```\n"
    text = f"# one.py\n\n* Removed `import os`\n\n# settings.toml\n\nChanged\n{fences}"
    (place / "one.md").write_text(text)
    result = run("new", "pack", "--doc", "one.md", "--upstream", "pair")
    assert (result.exit_code, "2 edits, 1 unique, 1 unr" in result.stdout) == (0, True), (
        result.stdout
    )
    assert "settings.toml is not a Python file" in result.stdout


def test_edits_alike_are_told_apart_by_the_call_that_the_text_names(place: Path) -> None:
    repository(place / "pair", {"src/one.py": "a.get(limit=1)\na.put(limit=1)\n"})
    said = "{}. Changed `limit=1` to `limit={}` in the call of `{}`.\n"
    (place / "one.md").write_text(
        "# one.py\n\n" + said.format(1, 2, "put") + said.format(2, 3, "get")
    )
    assert run("new", "pack", "--doc", "one.md", "--upstream", "pair").exit_code == 0
    rules = [rule for *_, rule in load_folder(place / "pack").entries()]
    assert [(rule.after.strip(), getattr(rule.edit, "call", "")) for rule in rules] == [
        ("limit=2", "a.put"),
        ("limit=3", "a.get"),
    ]
