"""The rows of edit kinds, each with its module."""

from pathlib import Path

import pytest

from patcher import edits
from patcher.code.quote_forms import QuoteForm
from patcher.edits.base import EditKind, edit_kind
from patcher.edits.kinds import (
    KINDS,
    CallArgument,
    CommentBlock,
    Fragment,
    IfTest,
    Kind,
    Quotes,
    Statement,
)
from tests.code.modules import outlined
from tests.rule_check import trial

FOLDER = Path(edits.__file__).parent
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
def test_a_kind_is_in_the_module_of_its_name(kind: type[Kind]) -> None:
    assert (FOLDER / f"{kind.kind}.py").is_file()
    assert isinstance(edit_kind(kind(**dict.fromkeys(kind.keys(), "a"))), EditKind)


@every_kind
def test_a_kind_says_what_it_is_and_takes(kind: type[Kind]) -> None:
    assert kind.__doc__
    assert kind.__doc__.endswith(".")
    for key in kind.keys().values():
        assert key.metadata["description"].endswith(".")


@every_kind
def test_a_kind_takes_a_place_unless_it_stands_in_the_module(kind: type[Kind]) -> None:
    at_top = kind.is_import or kind.kind == "flag_default"
    assert ("within" in set(kind.keys())) != at_top


def test_what_is_no_statement_is_not_owned() -> None:
    owners = [name for name, kind in KINDS.items() if kind.owns_statements]
    assert owners == [name for name, kind in KINDS.items() if kind.form is QuoteForm.STATEMENTS]
    assert [name for name, kind in KINDS.items() if kind.quotes is Quotes.BEFORE] == [
        "comment_block"
    ]


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (Statement(), "at module level"),
        (Statement(within="Shop.sell", follows="a = 1"), "in Shop.sell, right after `a = 1`"),
        (IfTest(within="sell", holding="till"), "in sell, where till is mentioned"),
        (CallArgument(within="sell", call="pay"), "in sell, in the call of pay"),
        (CommentBlock(), "at module level"),
        (Fragment(within="sell", follows="pay("), "in sell, right after `pay(`"),
        (Fragment(holding="till"), "at module level, where till is mentioned"),
    ],
)
def test_a_place_is_said_in_words(edit: Kind, place: str) -> None:
    assert edit.place == place


def test_a_new_kind_is_one_method() -> None:
    """What only diagnoses has defaults."""

    class Least(EditKind):
        def find(self, rule: object, outline: object) -> list[object]:  # type: ignore[override]
            return []

    rule, blocks = trial("a = 1", "f()", Statement()).rule, outlined("a = 3\nf()\n")
    kind = Least()
    assert kind.expected(rule) == 1
    assert kind.wants(rule) == "`a = 1` at module level"
    (near,) = kind.near_misses(rule, blocks)
    assert (near.text, near.difference) == ("a = 3", "found `3`, expected `1`")
    assert (kind.sought(rule), kind.subject(rule)) == (frozenset(), frozenset())
    inner = outlined("x()\ndef f():\n    a = 4\n")
    found = [each.difference for each in kind.near_misses(rule, inner)]
    assert found == ["found `4`, expected `1`, in `f`"]
    added = trial("", "a = 1", Statement()).rule
    assert [each.text for each in kind.near_misses(added, blocks)] == ["a = 3"]
    assert not kind.lookalikes(rule, blocks, [])
    assert not kind.can_relocate(rule, blocks)
    assert not kind.is_reworded(rule, blocks)
