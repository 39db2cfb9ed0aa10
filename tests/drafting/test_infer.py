"""A pack from a hand-made port."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.document.document import Item, Part
from patcher.document.gaps import failure
from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.drafting.from_port.infer import infer
from patcher.drafting.from_port.inferred import Inferred
from patcher.drafting.from_port.port import Other, Port, compared
from patcher.drafting.from_port.reasons import with_reasons
from patcher.drafting.trees import Entry, read_tree
from patcher.drafting.writing import write
from patcher.edits.kinds import CallArgument, IfTest, ParameterDefault, Statement
from patcher.engine import plan
from patcher.model import Pin, Rule, State
from patcher.packs import load_folder, load_pack, shipped_packs
from patcher.packs.rules import TO_BE_WRITTEN
from patcher.resources import VENDOR

MINIATURE = VENDOR / "miniature"


def inferred(old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> Inferred:
    trees = (
        {p: Entry(t if isinstance(t, bytes) else dedent(t).encode()) for p, t in tree.items()}
        for tree in (old, new)
    )
    return infer("mine", compared(*trees), Pin("upstream", "", ""))


def rules(old: str, new: str, *, is_whole: bool = True) -> list[Rule]:
    """The rules for a file; what they make is the new one, byte for byte, where it is whole."""
    found = inferred({"a.py": old}, {"a.py": new})
    assert found.is_whole == is_whole
    made = plan([found.drafted.pack()], found.port.python)
    assert {outcome.state for outcome in made.outcomes} <= {State.PENDING}
    if is_whole:
        assert [file.after.decode() for file in made.files] == [dedent(new)]
    return [draft.rule for section in found.drafted.sections for draft in section.drafts]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        pytest.param("from a import b\nb()\n", "from c import b\nb()\n", "import_from", id="from"),
        pytest.param("import a as b\nb()\n", "import c as b\nb()\n", "import_module", id="import"),
        pytest.param("import a\nimport b\nb()\n", "import b\nb()\n", "import_module", id="gone"),
        pytest.param(
            "flags.DEFINE_bool('a', True, 'Help')\n",
            "flags.DEFINE_bool('a', False, 'Help')\n",
            "flag_default",
            id="flag",
        ),
        pytest.param("a = f(1, b=2)\n", "a = f(1, b=3)\n", "call_argument", id="argument"),
        pytest.param(
            "def f(a, b=1):\n    return a\n",
            "def f(a, b=2):\n    return a\n",
            "parameter_default",
            id="default",
        ),
        pytest.param(
            "def f(a):\n    return a\n",
            "def f(a, b):\n    return a\n",
            "parameters",
            id="parameters",
        ),
        pytest.param(
            "def f(a):\n    if a is None:\n        return 1\n    return 2\n",
            "def f(a):\n    if not a:\n        return 1\n    return 2\n",
            "if_test",
            id="test",
        ),
        pytest.param(
            "def f(a):\n  if a:\n    b = 1\n  return b\n",
            "def f(a):\n  if a:\n    b = 1\n  else:\n    b = 2\n  return b\n",
            "if_statement",
            id="else",
        ),
        pytest.param(
            "a = 1\n# b = 2\n# c = 3\nd = 4\n", "a = 1\nd = 4\n", "comment_block", id="comment"
        ),
        pytest.param("a = 1\nb = 2\n", "a = 1\nb = 3\n", "statement", id="changed"),
        pytest.param("def f():\n  g()\n  h()\n", "def f():\n  h()\n", "statement", id="removed"),
        pytest.param("def f():\n  g()\n", "def f():\n  g()\n  h()\n", "statement", id="added"),
    ],
)
def test_the_narrowest_kind_is_chosen(old: str, new: str, kind: str) -> None:
    assert [rule.edit.kind for rule in rules(old, new)] == [kind]


def test_equal_tests_are_told_apart_by_what_their_blocks_mention() -> None:
    old = "def f(a):\n  if a:\n    one(a)\n  if a:\n    other(a)\n"
    found = rules(old, old.replace("if a", "if not_(a)"))
    assert [rule.edit for rule in found] == [
        IfTest(within="f", holding="one"), IfTest(within="f", holding="other"),
    ]  # fmt: skip


def test_an_argument_is_known_by_its_call() -> None:
    old = "def f():\n  g(a=1)\n  x.h(a=1, b=2)\n"
    (rule,) = rules(old, old.replace("h(a=1", "h(a=3"))
    assert (rule.edit, rule.before, rule.after) == (
        CallArgument(within="f", call="x.h"), "a=1", "a=3",
    )  # fmt: skip


def test_an_addition_follows_the_statement_above_it() -> None:
    old = "def f():\n  config = make(first='a long argument', second='another long one')\n  g()\n"
    (rule,) = rules(old, old.replace("  g()", "  set_up(config)\n  g()"))
    assert rule.edit == Statement(within="f", follows="config = make(...)")
    assert rule.after == "set_up(config)"


def test_an_addition_at_the_head_of_a_block_goes_with_the_statement_below() -> None:
    (rule,) = rules("def f():\n  g()\n  h()\n", "def f():\n  x()\n  g()\n  h()\n")
    assert (rule.before, rule.after) == ("g()", "x()\ng()")


def test_an_addition_at_the_end_of_a_function_is_no_rewrite_of_it() -> None:
    old = "class A:\n    def go(self):\n        a()\n\n    def stop(self):\n        b()\n"
    one, two = rules(old, old.replace("a()", "a()\n        c()") + "        d()\n")
    assert (one.edit, one.after) == (Statement(within="A.go", follows="a()"), "c()")
    assert (two.edit, two.after) == (Statement(within="A.stop", follows="b()"), "d()")


def test_edits_inside_of_a_function_are_joined_before_it_is_rewritten() -> None:
    """The first alone would not know its edit once the second is made."""
    old = "def go(tries=1):\n    self.port = a(tries)\n    run()\n"
    new = "def go(tries=5):\n    b = c(tries)\n    d(b)\n    self.port = b.e()\n    run()\n"
    default, body = rules(old, new)
    assert default.edit == ParameterDefault()
    assert (body.edit, body.before) == (Statement(within="go"), "self.port = a(tries)")


def test_a_docstring_is_proved_where_it_stands() -> None:
    """Its lines have an indent that is part of it."""
    old = 'class A:\n    """Sells.\n\n    Slowly.\n    """\n'
    found = inferred({"a.py": old}, {"a.py": old.replace("Slowly", "Fast")})
    ((section, rule),) = ((s, rule) for _, s, rule in found.drafted.pack().entries())
    assert failure(section, rule, "it") is None


def test_an_import_goes_once_nothing_uses_it() -> None:
    found = rules("import a\nimport b\n\na.x()\nb.y()\n", "import b\n\nb.y()\n")
    assert [(r.edit.kind, r.before) for r in found] == [
        ("statement", "a.x()"), ("import_module", "import a"),
    ]  # fmt: skip


def test_each_rule_has_a_title_and_a_reason_to_write() -> None:
    old = "flags.DEFINE_string('a', None, 'Help')\nb = 1\n"
    found = rules(old, old.replace("None", "'x'").replace("b = 1", f"b = '{'long' * 30}'"))
    assert [rule.title for rule in found] == [
        "set the default of the flag `a` to `'x'`", "change `b = 1`",
    ]  # fmt: skip
    assert {rule.why for rule in found} == {TO_BE_WRITTEN}


def test_what_no_rule_expresses_is_told() -> None:
    old = "a = 1\nb = 2\n\nc = 3\n"
    found = inferred({"a.py": old}, {"a.py": "a = 1\n# why\nb = 2\nc = 4\n"})
    (file,) = found.files
    assert [rule.after for rule in file.rules] == ["c = 4"]
    assert [(h.lines.start, h.removed, h.added) for h in file.left] == [(2, 0, 1), (4, 1, 0)]
    assert (file.changed, file.missing, file.is_layout, found.is_whole) == (4, 2, True, False)


def test_equal_edits_are_named() -> None:
    old, new = "def f(a):\n  if a:\n    g()\n", "def f(a):\n  if b(a):\n    g()\n"
    found = inferred({"a.py": old, "c.py": old}, {"a.py": new, "c.py": new})
    drafts = [draft for section in found.drafted.sections for draft in section.drafts]
    assert [(draft.mark, draft.found) for draft in drafts] == [
        (Mark.BY_PORT, ""), (Mark.BY_PORT, "as a-1"),
    ]  # fmt: skip


def test_other_differences_are_told() -> None:
    found = inferred(
        {"a.py": "a = 1\n", "gone.py": "", "b.txt": "b"},
        {"a.py": "a = 2\n", "new.py": "", "b.txt": "c"},
    )
    assert found.port.others == (
        Other("b.txt", "not Python"), Other("gone.py", "removed"), Other("new.py", "added"),
    )  # fmt: skip
    assert not found.is_whole


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"a = (\n", "not valid Python", id="broken"),
        pytest.param(b"a = 1\rb = 2\r", "line ends", id="line ends"),
        pytest.param(b"# coding: latin-9\na = '\xff'\n\x00", "a.py", id="undecodable"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(content: bytes, why: str) -> None:
    (file,) = inferred({"a.py": content}, {"a.py": "a = 1\n"}).files
    assert why in file.why
    assert file.rules == ()
    assert file.missing == file.changed


def test_windows_line_ends_stay() -> None:
    found = inferred({"a.py": b"a = 1\r\nb = 2\r\n"}, {"a.py": b"a = 1\r\nb = 3\r\n"})
    assert found.is_whole
    assert [draft.rule.after for draft in found.drafted.sections[0].drafts] == ["b = 3"]


@pytest.mark.parametrize(
    "names",
    [("documented",), ("tensorflow_2_15", "supplement", "documented"), ("documented_1_4",)],
    ids=" ".join,
)
def test_shipped_packs_come_back(names: tuple[str, ...], tmp_path: Path) -> None:
    assert {*names} <= {*shipped_packs()}
    tree = read_tree(MINIATURE)
    files = {path: entry.content for path, entry in tree.items()}
    made = plan([load_pack(name) for name in names], files)
    assert not made.unresolved
    new = tree | {file.path: Entry(file.after) for file in made.changed}
    found = infer("again", compared(tree, new), Pin("miniature", "", "", "efficientdet"))
    write(found.drafted, tmp_path / "again")
    again = plan([load_folder(tmp_path / "again")], files)
    assert {outcome.state for outcome in again.outcomes} == {State.PENDING}
    assert {o.state for o in again.outcomes_after} == {State.APPLIED}
    afters = {file.path: file.after for file in again.files}
    assert {path: afters[path] for path in found.port.files} == {
        path: after for path, (_, after) in found.port.files.items()
    }
    assert found.is_whole


def _changed(text: str, seed: int) -> str:
    """A text with some lines changed, removed and doubled at random."""
    random, lines = Random(seed), text.splitlines()
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(lines))
        match random.randint(0, 4):
            case 0:
                del lines[place]
            case 1:
                lines.insert(place, lines[random.randrange(len(lines))])
            case 2:
                lines[place] = lines[place].replace("1", "7").replace("True", "None")
            case 3:
                lines[place] = lines[place].replace("self", "this").replace("params", "more")
            case _:
                indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
                lines.insert(place, f"{indent}added_{seed % 7}(1)")
    return "\n".join(lines) + "\n"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), path=st.sampled_from(["utils.py", "main.py", "dataloader.py"]))
def test_a_pack_makes_all_that_is_not_told(seed: int, path: str) -> None:
    old = (MINIATURE / "efficientdet" / path).read_text()
    new = _changed(old, seed)
    found = inferred({path: old.encode()}, {path: new.encode()})
    made = plan([found.drafted.pack()], found.port.python)
    assert {outcome.state for outcome in made.outcomes} <= {State.PENDING}
    after = made.files[0].after.decode() if made.files else old
    if found.is_whole:
        assert after == new
    for file in found.files:  # what is told is all that is left
        lines, others = after.splitlines(keepends=True), new.splitlines(keepends=True)
        kept = list(lines)
        for hunk in reversed(file.left):
            start = hunk.lines.start - 1
            shift = sum(h.removed - h.added for h in file.left if h.lines.start < hunk.lines.start)
            kept[start + shift : start + shift + hunk.removed] = others[start : start + hunk.added]
        assert kept == others


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        pytest.param((1, 2), ["A = 2", "A = 3", "B = 1"], id="the rules' own"),
        pytest.param((2, 1), ["A = 2", "A = 3", "B = 1"], id="one in which they do not fit"),
        pytest.param((2, 3), ["B = 1", "A = 2", "A = 3"], id="another in which they fit"),
    ],
)
def test_the_order_of_a_document_is_taken_where_the_rules_fit_in_it(
    numbers: tuple[int, int], order: list[str]
) -> None:
    """The second of the rules changes what the first one makes."""
    edits = (("A = 1", "A = 2"), ("A = 2", "A = 3"), ("B = 0", "B = 1"))
    quotes = [(f"{before}\n", f"{after}\n") for before, after in edits]
    made = [
        Rule(item=n, title="", before=before, after=after, edit=Statement(), why="")
        for n, (before, after) in enumerate(quotes, 1)
    ]
    section = DraftSection("a.py", "a.py", tuple(Draft(rule, Mark.BY_PORT) for rule in made))
    files = {"a.py": b"A = 1\nB = 0\n"}
    port = Port({"a.py": (files["a.py"], b"A = 3\nB = 1\n")}, (), files)
    drafted = DraftPack("mine", "", Pin("upstream", "", ""), (section,))
    last = next(number for number in (3, 1) if number not in numbers)
    items = [Item(n, 1, "Changed", *q, "") for n, q in zip((*numbers, last), quotes, strict=True)]
    part = Part("a.py", 1, tuple(items), file="a.py")
    found = with_reasons(Inferred(drafted, (), port), [part], Path("changes.md"))
    assert [draft.rule.after.strip() for draft in found.drafted.sections[0].drafts] == order
