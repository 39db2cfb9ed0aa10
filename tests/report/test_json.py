import json
from dataclasses import replace
from pathlib import Path

from patcher.model import FilePlan, Nearest, Outcome, Pin, Plan, Site, State
from patcher.packs import DEFAULT, load_pack
from patcher.report.json import envelope, status, tree_members
from patcher.resources import __version__
from patcher.tree.files import Tree
from tests.commands import git

PACK = load_pack(DEFAULT)


def tree(place: Path) -> Tree:
    return Tree(str(place), place)


def test_an_envelope_is_one_line_that_starts_with_the_version() -> None:
    text = envelope(last=1, first=["two\nlines"])
    assert text == f'{{"effpatch": "{__version__}", "last": 1, "first": ["two\\nlines"]}}'


def test_a_plain_folder_has_no_commit(miniature: Path) -> None:
    assert tree_members(tree(miniature)) == {"root": str(miniature), "commit": None}


def test_a_tree_at_the_pin_of_all_packs_is_pinned(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD").strip()
    here = replace(PACK, name="here", upstream=Pin("small", "elsewhere", head))
    for packs, pinned in ([here], True), ([here, PACK], False), ([PACK], False):
        found = json.loads(status(tree(repository), Plan((), ()), packs))
        assert (found["commit"], found["pinned"]) == (head, pinned)
        assert found["packs"] == [pack.name for pack in packs]


def test_a_plain_folder_is_at_no_pin(miniature: Path) -> None:
    assert json.loads(status(tree(miniature), Plan((), ()), [PACK]))["pinned"] is False


def test_a_rule_has_its_outcome_and_more_members_follow(miniature: Path) -> None:
    outcome = Outcome(
        id="main-1",
        file="main.py",
        title="try",
        state=State.DRIFTED,
        expected=1,
        sites=(Site(3, 1, State.APPLIED),),
        wants="a place",
        nearest=Nearest(4, "text", "why", 3, 2, is_blocker=True, remedy="wait"),
    )
    plan = Plan((), (FilePlan("main.py", b"", b"", (outcome,)),))
    found = json.loads(status(tree(miniature), plan, [PACK], written=["main.py"]))
    assert found["rules"] == [
        {
            "id": "main-1",
            "file": "main.py",
            "title": "try",
            "state": "drifted",
            "expected": 1,
            "sites": [{"line": 3, "column": 1, "state": "applied"}],
            "nearest": {
                "line": 4,
                "text": "text",
                "why": "why",
                "column": 3,
                "width": 2,
                "is_blocker": True,
                "remedy": "wait",
            },
            "made_by": "",
        }
    ]
    assert list(found)[-2:] == ["summary", "written"]
