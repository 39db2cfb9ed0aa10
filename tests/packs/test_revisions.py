"""Packs that revise another: what they leave out is as there, and what cannot be is said."""

import json
from pathlib import Path

import jsonschema
import pytest

from patcher.errors import PackError
from patcher.model import CheckSpec, Pack
from patcher.packs import load_folder, load_pack
from patcher.packs.schema import schemas
from patcher.packs.tables import read
from tests.packs.test_loading import MORE, PACK, pack
from tests.rule_check import REVISIONS

BASE = """\
path = "src/app.py"

[[rule]]
item = 1
title = "ask for the switch"
kind = "if_test"
within = "run"
why = "It may be off."
before = "if ready:"
after = "if ready and switched_on():"
deviation = "The document names no switch."

[[rule]]
item = 2
title = "do without os"
kind = "import_module"
why = "Nothing uses it."
before = "import os"

[[rule]]
item = 3
title = "wait longer"
kind = "call_argument"
within = "run"
call = "wait"
why = "Ten seconds are not enough."
before = "timeout=10"
after = "timeout=60"
"""
NEXT = 'name = "next"\ntitle = "Ours, once more"\nrevises = "mine"\n'
SECOND = "[[rule]]\nitem = 2\n"


def revision(folder: Path, *sections: str, settings: str = NEXT, name: str = "next") -> Path:
    """A pack beside that of `pack`; its first section is `app`, the second `more`."""
    place = folder / name
    place.mkdir()
    (place / "pack.toml").write_text(settings)
    for stem, text in zip(("app", "more"), sections, strict=False):
        (place / f"{stem}.toml").write_text(text)
    return place


def loaded(folder: Path, *sections: str, settings: str = NEXT) -> Pack:
    if not (folder / "mine").is_dir():
        pack(folder, BASE, PACK)
    return load_folder(revision(folder, *sections, settings=settings))


def titles(found: Pack) -> dict[str, str]:
    return {id_: rule.title for id_, _, rule in found.entries()}


def test_a_revision_that_says_nothing_has_all_of_its_base(tmp_path: Path) -> None:
    base = load_folder(pack(tmp_path, BASE, PACK + MORE.partition("[runtime]")[0]))
    found = loaded(tmp_path)
    assert (found.name, found.title, found.revises) == ("next", "Ours, once more", ("mine",))
    assert [*titles(found)] == ["next/app-1", "next/app-2", "next/app-3"]
    assert [s.rules for s in found.sections] == [s.rules for s in base.sections]
    assert found.sections[0].signatures == base.sections[0].signatures
    assert (found.upstream, found.checks) == (base.upstream, base.checks)
    assert found.needed_with == base.needed_with


def test_a_rule_says_what_differs_and_no_more(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[[rule]]\nitem = 1\nafter = "if on():"\ndeviation = ""\n')
    _, section, rule = next(found.entries())
    assert (rule.title, rule.before, rule.after) == ("ask for the switch", "if ready:", "if on():")
    assert (rule.edit.within, rule.deviation, section.path) == ("run", "", "src/app.py")
    assert len(titles(found)) == 3


def test_a_rule_keeps_the_look_alikes_of_its_base_unless_it_has_others(tmp_path: Path) -> None:
    text = BASE.replace(
        'why = "Nothing uses it."', 'why = "Nothing."\nignores = ["import os.path"]'
    )
    pack(tmp_path, text, PACK)
    for name, more, codes in (
        ("same", "", ("import os.path",)),
        ("more", 'ignores = ["import posix"]\n', ("import posix",)),
        ("none", "ignores = []\n", ()),
    ):
        settings = NEXT.replace("next", name)
        folder = revision(tmp_path, f"{SECOND}{more}", settings=settings, name=name)
        assert load_folder(folder).sections[0].rules[1].ignores == codes


def test_a_rule_may_become_one_of_another_kind(tmp_path: Path) -> None:
    text = '[[rule]]\nitem = 3\nkind = "statement"\ncall = ""\nbefore = "a()"\nafter = "b()"\n'
    *_, (_, _, rule) = loaded(tmp_path, text).entries()
    assert (rule.edit.kind, rule.edit.within, rule.before) == ("statement", "run", "a()")


def test_items_are_dropped_and_numbered_anew(tmp_path: Path) -> None:
    found = loaded(tmp_path, "items = [3, 1]\n")
    assert titles(found) == {"next/app-1": "wait longer", "next/app-2": "ask for the switch"}


def test_an_item_may_be_new_and_stand_anywhere(tmp_path: Path) -> None:
    new = 'title = "t"\nkind = "statement"\nwhy = "w"\nafter = "a()"\n'
    found = loaded(tmp_path, f"items = [1, 0, 3]\n{SECOND}{new}[[rule]]\nitem = 9\n{new}")
    assert [*titles(found).values()] == ["ask for the switch", "t", "wait longer", "t"]
    assert [rule.item for _, _, rule in found.entries()] == [1, 2, 3, 9]


def test_sections_are_dropped_added_and_moved(tmp_path: Path) -> None:
    more = BASE.replace("src/app.py", "src/more.py")
    found = loaded(
        tmp_path, 'path = "app.py"\n', more, settings=f'{NEXT}sections = ["more", "app"]'
    )
    assert [section.path for section in found.sections] == ["src/more.py", "app.py"]
    folder = tmp_path / "less"
    folder.mkdir()
    assert loaded(folder, settings=f"{NEXT}sections = []").sections == ()


def test_a_check_takes_the_place_of_that_of_its_label(tmp_path: Path) -> None:
    pack(tmp_path, BASE, PACK + MORE.partition("[runtime]")[0])
    check = '[[check]]\ncheck = "tensor_rank"\nmax_rank = 9\n'
    found = loaded(tmp_path, settings=f'{NEXT}{check}label = "the ranks"\n{check}')
    assert found.checks == (
        CheckSpec("tensor_rank", "the ranks", {"max_rank": 9}),
        CheckSpec("settings", "settings"),
        CheckSpec("tensor_rank", "tensor_rank", {"max_rank": 9}),
    )


def test_a_revision_may_be_revised(tmp_path: Path) -> None:
    pack(tmp_path, BASE, PACK)
    revision(tmp_path, "items = [2, 1]\n")
    settings = NEXT.replace("next", "last").replace("mine", "next")
    found = load_folder(revision(tmp_path, "items = [2]\n", settings=settings, name="last"))
    assert (titles(found), found.revises) == (
        {"last/app-1": "ask for the switch"},
        ("next", "mine"),
    )


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        pytest.param("items = [1, 4]", "app.toml: items: no item 4 in the base, expected one of "
                     "1, 2, 3, or 0", id="an item that the base lacks"),
        pytest.param("items = [1, 1]", "app.toml: items: 1 is listed twice", id="an item twice"),
        pytest.param("items = [true]", "items: found [True], expected a list of numbers",
                     id="no numbers"),
        pytest.param("items = [1, 0]", "app.toml: items: 0 for item 2, which has no rule",
                     id="a new item without a rule"),
        pytest.param(f"{SECOND}{SECOND}", "app.toml: item: two rules of item 2", id="a rule twice"),
        pytest.param("[[rule]]\nitem = 4", "app.toml: app-4: kind: missing key", id="no base"),
        pytest.param("[[rule]]\ntitle = 't'", "app.toml: rule 1: item: missing key", id="no item"),
        pytest.param(f"{SECOND}wy = 'w'", "app.toml: app-2: wy: unknown key", id="unknown key"),
        pytest.param(f"{SECOND}before = 'import'", "app.toml: app-2: before: not valid",
                     id="no quote"),
        pytest.param("more = 1", "app.toml: more: unknown key, expected one of heading, path, i",
                     id="unknown key of the section"),
        pytest.param(f"{SECOND}undocumented = true", "app-2: deviation: missing key, expected why, "
                     "with `undocumented`", id="no reason"),
        pytest.param(f"{SECOND}instead_of = 'a()'\ndeviation = 'b'\nundocumented = true",
                     "app-2: instead_of: found with `undocumented`", id="a quote of no item"),
        pytest.param(f"{SECOND}instead_of = 'a()'", "app-2: deviation: missing key, expected why, "
                     "with `instead_of`", id="no reason for another quote"),
    ],
)  # fmt: skip
def test_a_fault_of_a_section_is_said(section: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        loaded(tmp_path, f"{section}\n")
    assert str(caught.value).startswith(str(tmp_path / "next" / "app.toml"))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        pytest.param(NEXT.replace("mine", "gone"), "revises: no pack `gone`, expected one of ",
                     id="no base"),
        pytest.param(NEXT.replace("mine", "documentd"), "; did you mean documented?", id="a slip"),
        pytest.param(NEXT.replace("mine", "../mine"), "revises: found '../mine', expected letters",
                     id="a path"),
        pytest.param(NEXT.replace("mine", "next"), "revises: `next`, which revises this pack",
                     id="itself"),
        pytest.param(f'{NEXT}sections = ["app", "none"]', "sections: no file none.toml, expected "
                     "one for each section that the base lacks", id="no such section"),
        pytest.param(f'{NEXT}sections = ["app", "app"]', "`app` is listed twice", id="twice"),
        pytest.param('revises = "mine"\n', "title: missing key", id="no title"),
    ],
)  # fmt: skip
def test_a_fault_of_a_revision_is_said(settings: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        loaded(tmp_path, settings=settings)
    assert str(caught.value).startswith(str(tmp_path / "next" / "pack.toml"))
    assert sentence in str(caught.value)


def test_a_section_that_the_base_lacks_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="sections: lacks `more` although"):
        loaded(tmp_path, "items = [1]\n", BASE)


def test_a_fault_of_the_base_is_the_bases(tmp_path: Path) -> None:
    pack(tmp_path, BASE.replace("why =", "wy =", 1), PACK)
    with pytest.raises(PackError, match=r"mine/app\.toml: app-1: wy: unknown key"):
        loaded(tmp_path, "items = [2]\n")


def test_packs_that_revise_each_other_are_said(tmp_path: Path) -> None:
    pack(tmp_path, BASE, f"{PACK}".replace("name =", 'revises = "next"\nname ='))
    with pytest.raises(
        PackError, match=r"mine/pack\.toml: revises: `next`, which revises this pack"
    ):
        loaded(tmp_path)


def test_a_long_row_of_revisions_is_refused(tmp_path: Path) -> None:
    pack(tmp_path, BASE, PACK)
    for number, base in enumerate(["mine", *(f"r{n}" for n in range(11))]):
        settings = f'title = "t"\nrevises = "{base}"\n'
        last = revision(tmp_path, settings=settings, name=f"r{number}")
    with pytest.raises(PackError, match="revises: more than 10 packs in a row, expected fewer"):
        load_folder(last)


def test_a_pack_that_revises_none_has_no_items(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"app\.toml: items: unknown key"):
        load_folder(pack(tmp_path, f"items = [1]\n{BASE}", PACK))


def test_a_shipped_base_comes_before_a_folder_of_its_name(tmp_path: Path) -> None:
    pack(tmp_path).rename(tmp_path / "documented")
    found = load_folder(revision(tmp_path, settings=NEXT.replace("mine", "documented")))
    assert len(titles(found)) == len([*load_pack("documented").entries()])


@pytest.mark.parametrize(
    ("name", "text", "valid"),
    [
        pytest.param("pack", NEXT, True, id="a revision"),
        pytest.param("pack", PACK.replace("sections", "# "), False, id="no sections"),
        pytest.param("pack", NEXT.replace("revises", "# "), False, id="neither"),
        pytest.param("revision", f'items = [2, 0]\n{SECOND}after = "a()"', True, id="a section"),
        pytest.param("revision", "items = ['2']", False, id="no numbers"),
        pytest.param("revision", "[[rule]]\nafter = 'a()'", False, id="no item"),
        pytest.param("revision", f"{SECOND}kind = 'none'", False, id="no kind"),
        pytest.param("section", f"items = [1]\n{BASE}", False, id="items of no revision"),
    ],
)
def test_the_schemas_know_revisions(name: str, text: str, valid: bool, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text)
    schema = json.loads(schemas()[f"{name}.schema.json"])
    values = read(tmp_path / "a.toml").values
    assert jsonschema.Draft202012Validator(schema).is_valid(values) == valid


@pytest.mark.parametrize("name", REVISIONS)
def test_shipped_revisions_say_nothing_twice(name: str) -> None:
    """No value of a rule is that which the base has."""
    found = REVISIONS[name]
    base = {s.path: s for s in load_pack(found.revises[0]).sections}
    folder = Path(__file__).parents[2] / "rules" / name
    for section in found.sections:
        file = folder / f"{section.name}.toml"
        table = read(file).values if file.is_file() else {}
        for stated in table.get("rule", []):
            items = table.get("items") or range(1, 100)
            number = items[stated["item"] - 1]
            rule = next(r for r in base[section.path].rules if r.item == number)
            assert not {k for k, v in stated.items() if k != "item" and v == getattr(rule, k, None)}
