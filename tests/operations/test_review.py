"""The hunks of all rules are the change, in every form in which it is printed."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests import reviews, small
from tests.commands import contents, git, run

EVERY_PACK = ("--pack", "documented", "--pack", "supplement", "--pack", "tensorflow_2_15")


@pytest.fixture(params=["miniature", "pin", "all packs", "mixed"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """A repository and the options that name packs; some edits may be made already."""
    packs = EVERY_PACK if request.param == "all packs" else ()
    if request.param == "pin":
        pristine = request.getfixturevalue("pristine")
        return shutil.copytree(pristine, tmp_path / "automl", symlinks=True), packs
    tree: Path = request.getfixturevalue("repository")
    if request.param == "mixed":
        made = run("apply", tree, "--only", "hooks-2", "--only", "hooks-4")
        assert "made 2 edits in 1 file" in made.stdout
    return tree, packs


def test_hunks_are_the_diff(case: tuple[Path, tuple[str, ...]]) -> None:
    tree, packs = case
    plain = run("diff", tree, *packs).stdout
    found = reviews.hunks(reviews.printed("diff", "json", tree, *packs))
    assert all(hunk["rules"] for hunk in found)
    signs = ("-" if line["old"] else "+" for hunk in found for line in hunk["lines"])
    texts = (line["text"] for hunk in found for line in hunk["lines"])
    lines = [each for each in plain.split("\n") if each[:1] in ("+", "-")]
    wanted = Counter(each for each in lines if each[:4] not in ("+++ ", "--- "))
    assert Counter(f"{sign}{text}" for sign, text in zip(signs, texts, strict=True)) == wanted
    made = reviews.applied(found, tree)
    run("apply", tree, *packs, "--allow-dirty")
    assert made == {path: (tree / path).read_bytes() for path in made}
    assert set(made) == set(git(tree, "diff", "--name-only").split())


def test_patches_by_rule_make_the_tree_one_by_one(
    case: tuple[Path, tuple[str, ...]], tmp_path: Path
) -> None:
    tree, packs = case
    other = shutil.copytree(tree, tmp_path / "other", symlinks=True)
    series = run("diff", tree, *packs, "--by-rule").stdout
    titled = [part for part in ("\n" + series).split("\n# ")[1:] if part]
    pending = [
        rule["id"]
        for rule in reviews.printed("diff", "json", tree, *packs)["rules"]
        if rule["state"] == "pending"
    ]
    shown = [part.partition(":")[0] for part in titled]
    assert set(shown) == set(pending)
    order = [
        line.split()[0] for line in run("rules", *packs).stdout.split("\n") if line[:2] == "  "
    ]
    assert shown == sorted(shown, key=order.index)
    for part in titled:
        command = ["git", "-C", str(other), "apply"]
        subprocess.run(command, input=f"{part}\n".encode(), check=True)
    run("apply", tree, *packs, "--allow-dirty")
    assert contents(other) == contents(tree)


def test_numbers_by_rule_are_those_of_both_trees(repository: Path) -> None:
    """A hunk starts at a line that has these numbers before all edits and after all of them."""
    before = {
        p: (repository / p).read_text().split("\n") for p in contents(repository) if p[-3:] == ".py"
    }
    series = run("diff", repository, "--by-rule").stdout
    run("apply", repository)
    path, seen = "", 0
    for line, following in zip(series.split("\n"), series.split("\n")[1:], strict=False):
        if line.startswith("+++ b/"):
            path = line[6:]
        elif line.startswith("@@ ") and following.startswith(" "):
            old, new = (int(each[1:].partition(",")[0]) for each in line.split()[1:3])
            after = (repository / path).read_text().split("\n")
            for lines, number in ((before[path], old), (after, new)):
                if lines.count(following[1:]) == 1:
                    seen += 1
                    assert following[1:] == lines[number - 1]
    assert seen > 50


def test_sarif_points_at_lines_that_rules_change(case: tuple[Path, tuple[str, ...]]) -> None:
    tree, packs = case
    found = {rule["id"]: rule for rule in reviews.printed("diff", "json", tree, *packs)["rules"]}
    log = reviews.printed("diff", "sarif", tree, *packs)
    described = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        region, rule = place["region"], found[result["ruleId"]]
        sides = [(h["file"], h["before"]["start"], h["before"]["count"]) for h in rule["hunks"]]
        size = 0 if "startColumn" in region else region["endLine"] - region["startLine"] + 1
        assert (place["artifactLocation"]["uri"], region["startLine"], size) in sides
    made = reviews.fixed(log, tree)
    run("apply", tree, *packs, "--allow-dirty")
    assert made == {path: (tree / path).read_text() for path in made}
    assert all(each["help"]["text"] and each["shortDescription"]["text"] for each in described)


def test_a_line_of_two_rules_is_with_both(repository: Path) -> None:
    """det_model_fn-7 rewrites what det_model_fn-4 leaves."""
    review = reviews.printed("diff", "json", repository)
    both = ["det_model_fn-4", "det_model_fn-7"]
    four, seven = (next(r for r in review["rules"] if r["id"] == id_) for id_ in both)
    shared = [hunk for hunk in four["hunks"] if hunk in seven["hunks"]]
    assert [hunk["rules"] for hunk in shared] == [both]
    assert any(line["rules"] == both for line in shared[0]["lines"])


def test_a_patched_tree_shows_what_was_changed(repository: Path) -> None:
    before = reviews.hunks(reviews.printed("diff", "json", repository))
    run("apply", repository)
    review = reviews.printed("review", "json", repository)
    found = reviews.hunks(review, "applied")
    assert [{**hunk, "state": "pending"} for hunk in found] == before
    assert reviews.hunks(review) == review["unowned"] == []
    assert {check["name"] for check in review["checks"]} >= {"edits", "attribution", "names"}


def test_what_is_edited_by_hand_belongs_to_no_rule(repository: Path) -> None:
    run("apply", repository)
    main = repository / "efficientdet/main.py"
    main.write_text(main.read_text() + "EXTRA = 1\n")
    review = reviews.printed("review", "json", repository)
    (hunk,) = review["unowned"]
    assert [line["text"] for line in hunk["lines"]] == ["EXTRA = 1"]
    (check,) = (each for each in review["checks"] if each["name"] == "attribution")
    assert check["holds"] is False


def test_what_is_made_of_a_rules_line_belongs_to_no_rule(tmp_path: Path) -> None:
    """Nor do lines that were added right next to it."""
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    run("apply", tree, *pack)
    (tree / "src/app.py").write_text("MORE = 1\nA = evil()\nB = 2\nREST = 1\n")
    review = reviews.printed("review", "json", tree, *pack)
    texts = [line["text"] for hunk in review["unowned"] for line in hunk["lines"]]
    assert texts == ["MORE = 1", "A = evil()", "REST = 1"]
    found = reviews.applied(reviews.hunks(review, "applied"), _before(tree, tmp_path / "before"))
    assert found["src/app.py"] == (tree / "src/app.py").read_bytes()


def test_an_edit_by_hand_of_the_only_file_is_shown(tmp_path: Path) -> None:
    """Although no rule counts as applied any more."""
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    run("apply", tree, *pack, *small.SOME[:2])
    (tree / "src/app.py").write_text("A = evil()\nB = 1\n")
    review = reviews.printed("review", "json", tree, *pack)
    assert [line["text"] for line in review["unowned"][0]["lines"]] == ["A = evil()"]


def _before(tree: Path, place: Path) -> Path:
    git(tree, "worktree", "add", "--quiet", str(place))
    return place


def test_equal_lines_do_not_mislead_a_patch(tmp_path: Path) -> None:
    """A hunk has as much context as tells its place from others, at the start of a file too."""
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    section = tmp_path / "pack" / "app.toml"
    section.write_text(
        'path = "src/app.py"\n[[rule]]\nitem = 1\ntitle = "t"\nkind = "statement"\nwhy = "w"\n'
        'before = "u = 0"\n[[rule]]\nitem = 2\ntitle = "t"\nkind = "import_module"\nwhy = "w"\n'
        'after = "import k"\n'
    )
    (tree / "src/app.py").write_text("u = 0\n" + "x = 1\n" * 4 + "y = 2\n")
    series = run("diff", tree, *pack, "--by-rule").stdout_bytes
    for number, command in enumerate((["git", "apply"], ["patch", "-p1", "--quiet"])):
        other = shutil.copytree(tree, tmp_path / str(number))
        subprocess.run(command, cwd=other, input=series, check=True)
        text = (other / "src/app.py").read_text()
        assert text == "import k\n" + "x = 1\n" * 4 + "y = 2\n"


def test_errors_come_first(repository: Path) -> None:
    run("apply", repository, "--only", "hooks-2", "--only", "hooks-4")
    main = repository / "efficientdet/main.py"
    main.write_text(main.read_text().replace("'use_tpu', True", "'use_tpu', 1"))
    lines = run("review", repository, "--format", "github").stdout.split("\n")[:-1]
    levels = [line.split()[0] for line in lines]
    assert list(dict.fromkeys(levels)) == ["::error", "::warning", "::notice"]


def test_files_are_named_from_where_reviewers_see_them(
    miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the top of the repository, or GitHub's workspace, which may hold more than that."""
    top = miniature.rename(miniature.with_name("outer")) / "vendor" / "automl"
    shutil.copytree(top.parents[1] / "efficientdet", top / "efficientdet")
    small.commit(top.parents[1])
    found = run("diff", top, "--only", "utils-1", "--format", "github").stdout
    assert found.startswith("::warning file=vendor/automl/efficientdet/utils.py,")
    log = reviews.printed("diff", "sarif", top, "--only", "utils-1")
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    fixed = result["fixes"][0]["artifactChanges"][0]["artifactLocation"]
    assert (
        place
        == fixed
        == {
            "uri": "vendor/automl/efficientdet/utils.py",
            "uriBaseId": "%SRCROOT%",
        }
    )
    monkeypatch.setenv("GITHUB_WORKSPACE", str(top.parents[2]))
    found = run("diff", top, "--only", "utils-1", "--format", "github").stdout
    assert found.startswith("::warning file=outer/vendor/automl/efficientdet/utils.py,")


def test_what_is_added_behind_the_last_line_is_marked_at_it(tmp_path: Path) -> None:
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    (tmp_path / "pack" / "app.toml").write_text(
        'path = "src/app.py"\n[[rule]]\nitem = 1\ntitle = "t"\nkind = "statement"\nwhy = "w"\n'
        'follows = "B = 1"\nafter = "D = 1"\n'
    )
    log = reviews.printed("diff", "sarif", tree, *pack, "--only", "small/app-1")
    (result,) = log["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1}
    assert reviews.fixed(log, tree) == {"src/app.py": "A = 1\nB = 1\nD = 1\n"}
    assert ",line=2,endLine=2," in run("diff", tree, *pack, "--format", "github").stdout


def test_a_fix_of_a_last_line_without_an_end(tmp_path: Path) -> None:
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    (tree / "src/app.py").write_text("A = 1\nB = 1")
    log = reviews.printed("diff", "sarif", tree, *pack)
    assert reviews.fixed(log, tree)["src/app.py"] == "A = 2\nB = 2"


def test_a_file_in_another_encoding_is_read_in_it(tmp_path: Path) -> None:
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    text = "# coding: latin-1\nA = 1  # \xe4\nB = 1\n"
    (tree / "src/app.py").write_bytes(text.encode("latin-1"))
    review = reviews.printed("diff", "json", tree, *pack)
    (line, _) = review["rules"][0]["hunks"][0]["lines"]
    assert line["text"] == "A = 1  # \xe4"


def test_a_file_that_cannot_be_read_bars_the_checks_alone(repository: Path) -> None:
    with (repository / "large.py").open("wb") as file:
        file.truncate(100_000_000)
    review = reviews.printed("diff", "json", repository)
    (check,) = review["checks"]
    assert (check["name"], check["holds"]) == ("checks", None)
    assert check["note"].startswith("large.py: cannot be read (")
    assert "checks: not checked, large.py: cannot be read" in run("review", repository).stdout
    assert "# main-11" in run("diff", repository, "--color=always").stdout


def test_findings_are_with_the_rules_whose_lines_they_are_about(repository: Path) -> None:
    run("apply", repository)
    main = repository / "efficientdet/main.py"
    main.write_text(main.read_text().replace("import os\n", "", 1))
    review = reviews.printed("review", "json", repository)
    findings = [each for check in review["checks"] for each in check["findings"]]
    assert findings
    assert all(f in findings for r in review["rules"] for f in _plain(r["findings"]))
    broken = [rule for rule in review["rules"] if not all(f["advice"] for f in rule["findings"])]
    assert {rule["file"] for rule in broken} == {"efficientdet/main.py"}


def _plain(findings: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: value for key, value in each.items() if key != "check"} for each in findings]


def test_a_tree_whose_past_is_not_known_shows_where_its_edits_are(miniature: Path) -> None:
    """As a clone of the last commit alone."""
    run("apply", miniature)
    other = shutil.copytree(miniature, miniature.with_name("clone"))
    result = run("review", other, "--format", "github")
    assert "no version from before the edits" in result.stderr
    assert result.stdout.startswith("::notice file=")
    assert result.stdout.count("::notice ") > 35
    page = run("review", other)
    assert "What the tree was before its edits is not known" in page.stdout


def test_the_document_names_lines(repository: Path, documented: Path) -> None:
    review = reviews.printed("diff", "json", repository, "--doc", documented)
    text = documented.read_text().split("\n")
    for rule in review["rules"]:
        place = rule["document"]
        assert text[place["line"] - 1].startswith(f"{place['item']}.")


def test_a_pack_can_have_its_document_with_it(tmp_path: Path) -> None:
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree")
    table = tmp_path / "pack" / "pack.toml"
    table.write_text('document = "changes.md"\n' + table.read_text())
    items = "\n\n".join(f"{n}.  Changed\n\n    `{n}`" for n in (1, 2))
    (tmp_path / "pack" / "changes.md").write_text(f"app.py\n======\n\n{items}\n")
    review = reviews.printed("diff", "json", tree, *pack)
    lines = {rule["id"]: rule["document"]["line"] for rule in review["rules"]}
    assert lines == {"small/app-1": 4, "small/app-2": 8, "small/tools-1": None}


def test_without_a_document_there_are_no_lines(repository: Path) -> None:
    review = reviews.printed("diff", "json", repository)
    assert {rule["document"]["line"] for rule in review["rules"]} == {None}
    assert {rule["whose"] for rule in review["rules"]} == {"document", "ours"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("A = 1\nB = 1", "A = 2\nB = 2", id="no line end"),
        pytest.param("A = 1\r\nB = 1\r\n", "A = 2\r\nB = 2\r\n", id="carriage returns"),
        pytest.param("B = 1\n\n\n\nA = 1\n", "B = 2\n\n\n\nA = 2\n", id="blank lines"),
        pytest.param("A = 1\n\f\nB = 1\n", "A = 2\n\f\nB = 2\n", id="a form feed"),
        pytest.param("\ufeffA = 1\nB = 1\n", "\ufeffA = 2\nB = 2\n", id="a byte order mark"),
    ],
)
def test_odd_files(before: str, after: str, tmp_path: Path) -> None:
    pack, tree = small.pack(tmp_path / "pack"), small.tree(tmp_path / "tree", under_git=True)
    (tree / "src/app.py").write_bytes(before.encode())
    found = reviews.hunks(reviews.printed("diff", "json", tree, *pack))
    assert reviews.applied(found, tree)["src/app.py"].decode() == after
    other = shutil.copytree(tree, tmp_path / "other")
    patch = run("diff", tree, *pack, "--by-rule").stdout_bytes
    subprocess.run(["git", "-C", str(other), "apply"], input=patch, check=True)
    assert (other / "src/app.py").read_bytes().decode() == after
