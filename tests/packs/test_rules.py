"""Rules of a section file, each checked by what its kind declares."""

from pathlib import Path

import pytest

from patcher.edits.kinds import CallArgument, Statement
from patcher.errors import PackError
from patcher.model import Need, Section
from patcher.packs.rules import load_section
from patcher.packs.tables import read

HEAD = 'path = "src/app.py"\n\n[[rule]]\nitem = 3\ntitle = "try"\nwhy = "To try."\n'


def section(folder: Path, rule: str) -> Section:
    file = folder / "app.toml"
    file.write_text(HEAD + rule, "utf-8")
    return load_section(read(file), file.stem, "mine/", "src", {"pay": ("sum", "tip")})


def test_a_rule_has_the_keys_of_its_kind(tmp_path: Path) -> None:
    found = section(tmp_path, 'kind = "statement"\nfollows = "a = take(...)"\nafter = "b()"\n')
    (rule,) = found.rules
    assert rule.edit == Statement(follows="a = take(...)")
    assert (rule.item, rule.before, rule.after, rule.deviation) == (3, "", "b()", "")
    assert (found.heading, found.name, found.id_of(rule)) == ("app.py", "app", "mine/app-3")
    assert found.signatures == {"pay": ("sum", "tip")}


def test_a_rule_says_what_it_needs(tmp_path: Path) -> None:
    found = section(
        tmp_path,
        'kind = "statement"\nafter = "b()"\nneeds = [{ file = "src/till.py", binds = ["b"] }]\n'
        '[[rule]]\nitem = 4\ntitle = "try"\nwhy = "To."\nkind = "statement"\nafter = "c()"\n'
        '[[rule.needs]]\nfile = "src/till.py"\nwithin = "Till.pay"\nsets = ["a-b"]\n'
        'takes = ["tip"]\n[[rule.needs]]\nfile = "other.py"\nsets = ["a", "b"]\n',
    )
    assert [rule.needs for rule in found.rules] == [
        (Need("src/till.py", binds=("b",)),),
        (
            Need("src/till.py", "Till.pay", sets=("a-b",), takes=("tip",)),
            Need("other.py", sets=("a", "b")),
        ),
    ]


def test_a_rule_names_what_it_ignores(tmp_path: Path) -> None:
    codes = '["if a:", """\na = 1\nb = 2\n""", "# a"]'
    (rule,) = section(tmp_path, f'kind = "statement"\nafter = "b()"\nignores = {codes}\n').rules
    assert rule.ignores == ("if a:", "a = 1\nb = 2\n", "# a")
    assert "ignores" not in repr(rule)


@pytest.mark.parametrize(
    ("ignores", "sentence"),
    [
        pytest.param('"a"', "found 'a', expected a list of strings", id="a text"),
        pytest.param('["a", 1]', "found ['a', 1], expected a list of strings", id="a number"),
        pytest.param(
            '["a b"]',
            "not valid Python (invalid syntax); correct the code, or remove it",
            id="no code",
        ),
        pytest.param(
            '["a", " \\n"]', "no statement in it; correct the code, or remove it", id="nothing"
        ),
        pytest.param(
            f'["{"a" * 20_001}"]', "20,001 characters, expected at most 20,000", id="long"
        ),
    ],
)
def test_a_look_alike_has_to_be_code(ignores: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        section(tmp_path, f'kind = "statement"\nafter = "b()"\nignores = {ignores}\n')
    assert str(caught.value) == f"{tmp_path / 'app.toml'}: app-3: ignores: {sentence}"


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        pytest.param('file = "a.py", set = ["b"]', "set: unknown key, expected one of file, "
                     "within, of, sets, binds, takes; did you mean sets?", id="an unknown key"),
        pytest.param('sets = ["b"]', "file: missing key; add it", id="no file"),
        pytest.param('file = "../a.py", sets = ["b"]', "file: found '../a.py', expected a path "
                     "below the checkout's root", id="a file outside"),
        pytest.param('file = "a.py"', "sets: missing key, expected `sets`, `binds` or `takes`",
                     id="nothing needed"),
        pytest.param('file = "a.py", sets = "b"', "sets: found 'b', expected a list of strings",
                     id="a text"),
        pytest.param('file = "a.py", binds = ["b.c"]', "binds: `b.c` is not a name", id="no name"),
        pytest.param('file = "a.py", sets = ["b"], within = "1"', "within: `1` is not a name",
                     id="no name of a function"),
        pytest.param('file = "a.py", within = "f", takes = ["*b"]', "takes: `*b` is not a name",
                     id="no name of a parameter"),
        pytest.param('file = "a.py", takes = ["b"]', "within: missing key, expected the function",
                     id="parameters of nothing"),
        pytest.param('file = "a.py", within = "f", binds = ["b"]',
                     "within: found with `binds`, which is about the whole module", id="a place"),
        pytest.param('file = "a.py", binds = ["b"], of = "c"',
                     "of: found 'c', expected a variable, with `sets`", id="a variable of nothing"),
        pytest.param('file = "a.py", sets = ["b"], of = "c.d"',
                     "of: found 'c.d', expected a variable, with `sets`", id="no variable"),
    ],
)  # fmt: skip
def test_a_fault_of_a_need_is_said_with_its_key(tmp_path: Path, need: str, sentence: str) -> None:
    with pytest.raises(PackError) as caught:
        section(tmp_path, f'kind = "statement"\nafter = "b()"\nneeds = [{{ {need} }}]\n')
    assert f"app.toml: app-3: needs 1: {sentence}" in str(caught.value)


def test_a_section_may_have_no_rules(tmp_path: Path) -> None:
    (tmp_path / "app.toml").write_text('path = "app.py"\nheading = "The app"\n')
    found = load_section(read(tmp_path / "app.toml"), "app", "", "", {})
    assert (found.heading, found.rules) == ("The app", ())


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param('kind = "statement"\nafter = "a()"\n', id="an addition"),
        pytest.param('kind = "statement"\nbefore = "a()"\n', id="a removal"),
        pytest.param('kind = "comment_block"\nbefore = "# a"\n', id="a comment"),
        pytest.param('kind = "fragment"\nafter = "a=1,"\nfollows = "f("\n', id="part of a line"),
        pytest.param('kind = "fragment"\nbefore = "a: a line of prose."\n', id="prose"),
    ],
)
def test_a_kind_says_which_quotes_may_be_left_out(tmp_path: Path, rule: str) -> None:
    assert section(tmp_path, rule).rules


def test_a_name_may_be_dotted(tmp_path: Path) -> None:
    quotes = 'call = "shop.pay"\nwithin = "Shop.sell"\nbefore = "tip=1,"\nafter = "tip=2"\n'
    (rule,) = section(tmp_path, f'kind = "call_argument"\n{quotes}').rules
    assert rule.edit == CallArgument(call="shop.pay", within="Shop.sell")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        pytest.param('kind = "statement"\n', "before: missing key, expected `before`, `after` or",
                     id="no quote"),
        pytest.param('kind = "comment_block"\n', "before: missing key; add it",
                     id="no comment"),
        pytest.param('kind = "comment_block"\nbefore = "# a"\nafter = "# b"\n',
                     "after: unknown key, expected one of item,", id="another comment"),
        pytest.param('kind = "if_test"\nafter = "if a:"\n', "before: missing key; add it",
                     id="one quote of two"),
        pytest.param('kind = "statement"\nafter = "a()"\nfollows = "b c"\n',
                     "follows: not valid Python (", id="a key that is no code"),
        pytest.param('kind = "statement"\nafter = "a()"\nwithin = "run"\n',
                     "follows: missing key, expected the statement that the addition comes after",
                     id="no line in the function"),
        pytest.param('kind = "statement"\nafter = "a()"\nwithin = "a..b"\n',
                     "within: `a..b` is not a name", id="a key that is no name"),
        pytest.param('kind = "call_argument"\nbefore = "a=1"\nafter = "a=2"\n',
                     "call: missing key; add it", id="no key that the kind needs"),
        pytest.param('kind = "call_argument"\ncall = 1\nbefore = "a=1"\nafter = "a=2"\n',
                     "call: found 1, expected a string", id="a key of another type"),
        pytest.param('kind = "statement"\nafter = ""\n', "after: no statement in it", id="empty"),
        pytest.param('kind = "comment_block"\nbefore = ""\n', "before: no comment line in it",
                     id="an empty comment"),
        pytest.param('kind = "statement"\nafter = "a()"\nfollows = "b()\\nc()"\n',
                     "follows: `b()` is not one statement", id="two lines to follow"),
        pytest.param('kind = "fragment"\nafter = "a=1,"\n',
                     "follows: missing key, expected the statement that the addition comes after",
                     id="no place"),
        pytest.param('kind = "fragment"\nbefore = "a=1"\nafter = "a = 1,"\n',
                     "after: changes nothing but perhaps a comma at the end", id="the same"),
        pytest.param('kind = "fragment"\nbefore = "Some prose."\nafter = "  Some prose."\n',
                     "after: changes nothing", id="the same prose"),
        pytest.param('kind = "fragment"\nbefore = "):"\nafter = "a):"\n',
                     "before: no name, number or text in it", id="signs alone"),
        *(
            pytest.param(f'kind = "parameter_default"\nbefore = "{one}"\nafter = "{two}"\n',
                         f"after: changes the default of {names}, expected",
                         id=f"{one} {two}")
            for one, two, names in [
                ("def f(a=1):", "def f(a=1, **b):", "no parameter"),
                ("def f(a=1, *, b=1):", "def f(a=2, *, b=2):", "a and b"),
                ("def f(a=1):", "def f(b=1):", "a and b"),
                ("def f(a):", "def f(a=1):", "a"),
            ]
        ),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_key(tmp_path: Path, rule: str, sentence: str) -> None:
    with pytest.raises(PackError) as caught:
        section(tmp_path, rule)
    assert f"app.toml: app-3: {sentence}" in str(caught.value)
