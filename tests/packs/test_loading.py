"""Packs from their folders: what is wrong is said with file, rule and key, and nothing runs."""

from pathlib import Path
from textwrap import dedent

import pytest

from patcher.edits.kinds import IfTest
from patcher.errors import PackError
from patcher.model import CheckSpec, Pack, Runtime
from patcher.packs import load_folder, load_pack
from patcher.packs.loading import require_one_name

PACK = """\
name = "mine"
title = "Ours"
sections = ["app"]

[upstream]
repository = "https://example.org/app.git"
commit = "0123456789012345678901234567890123456789"
root = "src"
"""
RULE = """\
[[rule]]
item = 1
title = "ask for the switch"
kind = "if_test"
within = "run"
why = "It may be off."
before = "if ready:"
after = "if ready and switched_on():"
"""
SECTION = f'path = "src/app.py"\n\n{RULE}'


def pack(folder: Path, section: str = SECTION, settings: str = PACK) -> Path:
    place = folder / "mine"
    place.mkdir()
    (place / "pack.toml").write_text(dedent(settings), "utf-8")
    (place / "app.toml").write_text(dedent(section), "utf-8")
    return place


def test_a_folder_is_a_pack(tmp_path: Path) -> None:
    found = load_folder(pack(tmp_path))
    ((id_, section, rule),) = found.entries()
    assert (found.name, found.title, id_, section.path) == (
        "mine",
        "Ours",
        "mine/app-1",
        "src/app.py",
    )
    assert rule.edit == IfTest(within="run")
    assert found.upstream
    assert (found.upstream.name, found.upstream.root) == ("app", "src")
    assert (section.heading, found.checks, found.runtime) == ("app.py", (), None)


def test_a_pack_that_was_edited_is_read_again(tmp_path: Path) -> None:
    place = pack(tmp_path)
    assert load_folder(place) is load_folder(place)
    (place / "app.toml").write_text(SECTION.replace("ask for", "look at"), "utf-8")
    ((_, _, rule),) = load_folder(place).entries()
    assert rule.title == "look at the switch"


def test_so_is_one_whose_base_was_edited(tmp_path: Path) -> None:
    base, revision = pack(tmp_path), tmp_path / "revised"
    revision.mkdir()
    (revision / "pack.toml").write_text('title = "Later"\nrevises = "mine"\n', "utf-8")
    assert [rule.item for _, _, rule in load_folder(revision).entries()] == [1]
    (base / "app.toml").write_text(f"{SECTION}\n{RULE.replace('item = 1', 'item = 2')}", "utf-8")
    assert [rule.item for _, _, rule in load_folder(revision).entries()] == [1, 2]


def test_a_folder_of_the_same_name_elsewhere_is_another_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pack(tmp_path / name, settings=PACK.replace("Ours", name))
        monkeypatch.chdir(tmp_path / name)
        assert load_pack("./mine").title == name


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            'why = "It', 'wy = "It', "app-1: wy: unknown key, expected one of", id="unknown key"
        ),
        pytest.param(
            'within = "run"', 'call = "run"', "app-1: call: unknown key", id="key of another kind"
        ),
        pytest.param('why = "It may be off."\n', "", "app-1: why: missing key", id="missing key"),
        pytest.param("item = 1\n", "", "rule 1: item: missing key", id="no item"),
        pytest.param("item = 1", "item = true", "item: found True, expected", id="no number"),
        pytest.param("item = 1", 'item = "1"', "item: found '1', expected a number", id="text"),
        pytest.param("if_test", "if_tset", "app-1: kind: no edit kind `if_tset`", id="kind"),
        pytest.param(
            'after = "if ready and switched_on():"\n', "", "app-1: after: missing key", id="quote"
        ),
        pytest.param("if ready:", "if ready ready:", "before: not valid Python", id="syntax"),
        pytest.param(
            "if ready:",
            "ready()",
            "before: `ready()` is not one `if` statement",
            id="not an if",
        ),
        pytest.param('"run"', '"run()"', "app-1: within: `run()` is not a name", id="no name"),
        pytest.param('path = "src', 'path = "../src', "path: found '../src", id="outside"),
        pytest.param('path = "src', 'path = ".git', "app.toml: path: found '.git", id="git's own"),
        pytest.param("[[rule]]", "[rule]", "app.toml: rule: found", id="a table"),
        pytest.param("[[rule]]", "[[rule]", "app.toml: not valid TOML", id="no TOML"),
        pytest.param("[[rule]]", f"{RULE}\n[[rule]]", "two rules `mine/app-1`", id="twice"),
    ],
)
def test_a_fault_of_a_rule_is_said(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in SECTION
    place = pack(tmp_path, SECTION.replace(old, new, 1))
    with pytest.raises(PackError) as caught:
        load_folder(place)
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith(str(place / "app.toml"))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param('title = "Ours"\n', "", "title: missing key", id="missing key"),
        pytest.param(
            "title =", 'document = "a.md"\ntitle =', "document: no file a.md", id="no document"
        ),
        pytest.param(
            "title =", 'document = "../a.md"\ntitle =', "document: found '../a.md'", id="elsewhere"
        ),
        pytest.param("title", "titel", "titel: unknown key", id="unknown key"),
        pytest.param('["app"]', '["app", "more"]', "sections: no file more.toml", id="no file"),
        pytest.param('["app"]', "[]", "sections: lacks `app`", id="a file that is not named"),
        pytest.param('["app"]', '["app", "app"]', "sections: `app` is listed twice", id="twice"),
        pytest.param('["app"]', '"app"', "sections: found 'app', expected a list", id="no list"),
        pytest.param('"0123456789', '"', "upstream: commit: found", id="a short commit"),
        pytest.param("root =", "rot =", "upstream: rot: unknown key", id="key of the pin"),
        pytest.param('"src"', '"/src"', "upstream: root: found '/src'", id="an absolute root"),
        pytest.param('"mine"', '"a/b"', "name: found 'a/b'", id="a name with a slash"),
        pytest.param("[upstream]", "[x]", "x: unknown key, expected one of name", id="no upstream"),
        pytest.param(
            "[upstream]",
            '[runtime]\nfolder = "none"\npackages = ["gone"]\n\n[upstream]',
            "runtime: folder: no folder none with gone/ in it",
            id="no runtime",
        ),
    ],
)
def test_a_fault_of_a_pack_is_said(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in PACK
    place = pack(tmp_path, settings=PACK.replace(old, new, 1))
    with pytest.raises(PackError, match=r"pack\.toml: ") as caught:
        load_folder(place)
    assert sentence in str(caught.value)


MORE = """
[[check]]
check = "tensor_rank"
label = "the ranks"
max_rank = 4

[[check]]
check = "settings"

[signatures]
"shop.pay" = ["sum", "tip"]

[needed_with]
numpy = ">=2"

[runtime]
folder = "lib"
packages = ["common"]
"""


def test_a_pack_may_ask_for_more(tmp_path: Path) -> None:
    place = pack(tmp_path, settings=PACK + MORE)
    (place / "lib" / "common").mkdir(parents=True)
    found = load_folder(place)
    assert found.checks == (
        CheckSpec("tensor_rank", "the ranks", {"max_rank": 4}),
        CheckSpec("settings", "settings"),
    )
    assert found.runtime == Runtime(place / "lib", ("common",))
    assert found.needed_with == {"numpy": ">=2"}
    assert found.sections[0].signatures == {"shop.pay": ("sum", "tip")}


def test_packs_of_one_name_are_not_used_together() -> None:
    one, other = Pack("one", ()), Pack("other", ())
    require_one_name([one, other])
    with pytest.raises(PackError, match=r"^one: two packs of this name"):
        require_one_name([one, other, one])


def test_nothing_of_a_pack_runs(tmp_path: Path) -> None:
    place = pack(tmp_path, SECTION.replace("if ready:", "if print('ran'):"))
    (place / "__init__.py").write_text("raise SystemExit('ran')")
    (place / "conftest.py").write_text("raise SystemExit('ran')")
    assert load_folder(place).name == "mine"


def test_a_folder_without_a_pack_is_said(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack\.toml: cannot be read \(no such file"):
        load_folder(tmp_path)


def test_a_pack_knows_by_which_try_its_modules_import_a_name() -> None:
    attempts = load_pack("documented").sections[0].attempts
    assert {name for name in attempts if "hvd" in name} == {
        "horovod_estimator.hvd",
        "horovod_estimator.hooks.hvd",
        "horovod_estimator.utis.hvd",
    }
    assert all(quote.startswith("try:\n") for quote in attempts.values())


def test_a_pack_of_thousands_of_sections_is_refused_unread(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(3000)]
    place = pack(tmp_path, settings=PACK.replace('["app"]', str(names)))
    with pytest.raises(PackError, match="sections: 3,000 sections, expected at most 200"):
        load_folder(place)


def test_a_pack_with_thousands_of_stray_files_is_refused(tmp_path: Path) -> None:
    place = pack(tmp_path)
    for number in range(3000):
        (place / f"s{number:04}.toml").touch()
    with pytest.raises(PackError, match="sections: lacks `s0000` although"):
        load_folder(place)


def test_sections_have_a_size_in_all(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(5)]
    place = pack(tmp_path, settings=PACK.replace('["app"]', str(["app", *names])))
    for name in names:
        (place / f"{name}.toml").write_text("#" * 900_000)
    with pytest.raises(PackError, match=r"sections: 4,500,\d+ bytes in all, expected at most 4,0"):
        load_folder(place)


def test_a_pack_has_so_many_rules(tmp_path: Path) -> None:
    rules = "".join(RULE.replace("item = 1", f"item = {number}") for number in range(2001))
    place = pack(tmp_path, f'path = "src/app.py"\n\n{rules}')
    with pytest.raises(PackError, match="sections: 2,001 rules in all, expected at most 2,000"):
        load_folder(place)


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("x = a" + ".a" * 9000, id="attributes"),
        pytest.param("x = a" + " or a" * 3000, id="a row of tests"),
        pytest.param("x = " + "-" * 9000 + "1", id="signs"),
        pytest.param(f"x = {'[' * 90}{']' * 90}\n" * 90, id="brackets"),
    ],
)
def test_a_quote_that_cannot_be_parsed_soon_is_said(quote: str, tmp_path: Path) -> None:
    rule = RULE.replace('"if_test"', '"statement"').replace('"if ready:"', f'''"""{quote}"""''')
    with pytest.raises(PackError, match=r"before: nested too deeply, or too long"):
        load_folder(pack(tmp_path, f'path = "src/app.py"\n\n{rule}'))
