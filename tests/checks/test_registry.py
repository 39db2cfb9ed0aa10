from dataclasses import replace
from importlib import import_module
from inspect import Parameter, signature
from typing import get_type_hints

import pytest

from patcher.checks.model import Measurement, Subject
from patcher.checks.registry import FOR_EVERY_PACK, OF_THE_GRAPH, before_writing, verify
from patcher.model import CheckSpec
from patcher.packs.checks import CHECKS as DECLARED
from patcher.packs.tables import NUMBER, RANGE, TEXT, TEXTS, Key
from tests.checks.subjects import OPTIONS, made_up

_TYPES = {
    TEXT.words: str,
    NUMBER.words: int,
    TEXTS.words: tuple[str, ...],
    RANGE.words: tuple[int, int],
}


@pytest.mark.parametrize("name", [*FOR_EVERY_PACK, *DECLARED])
def test_a_check_takes_the_options_that_packs_may_give(name: str) -> None:
    check = import_module(f"patcher.checks.{name}").check
    subject, *options = signature(check).parameters.values()
    hints = get_type_hints(check)
    assert hints[subject.name] is Subject
    assert all(option.kind is Parameter.KEYWORD_ONLY for option in options)
    taken = {each.name: (hints[each.name], each.default) for each in options}
    declared = DECLARED.get(name, {})
    assert taken == {
        key: (_TYPES[declared[key].type.words], _default(declared[key])) for key in declared
    }


def _default(key: Key) -> object:
    default = tuple(key.default) if isinstance(key.default, list) else key.default
    return Parameter.empty if default is None else default


def test_packs_do_not_declare_the_checks_that_are_made_for_every_pack() -> None:
    assert not DECLARED.keys() & set(FOR_EVERY_PACK)


def test_names_and_imports_are_checked_before_writing() -> None:
    results = before_writing(made_up({"main.py": "import os\nos.getcwd()\n"}, {"main.py": ""}))
    assert [(each.label, each.holds) for each in results] == [("names", True), ("imports", True)]


def test_a_declared_check_goes_by_its_label_and_is_made_once() -> None:
    spec = CheckSpec("settings", "what it reads", {"params": "options"})
    subject = made_up({"main.py": "def f(options):\n  return options['k']\n"}, {"main.py": ""})
    results = verify(subject, [spec, CheckSpec("settings", "flags"), spec])
    assert [(each.label, each.holds) for each in results] == [
        ("edits", None),
        ("attribution", None),
        ("names", True),
        ("imports", None),
        ("what it reads", False),
        ("flags", None),
    ]


@pytest.mark.parametrize("check", OF_THE_GRAPH)
def test_the_graph_is_checked_on_request(check: str) -> None:
    spec = CheckSpec(check, "graph", OPTIONS.get(check, {}))
    subject = made_up({"main.py": ""})
    assert [each.label for each in verify(subject, [spec])] == list(FOR_EVERY_PACK)
    asked = replace(subject, measurement=Measurement(3))
    assert [each.holds for each in verify(asked, [spec]) if each.label == "graph"] == [True]
    asked = replace(subject, measurement=Measurement())
    assert [each.holds for each in verify(asked, [spec]) if each.label == "graph"] == [None]
