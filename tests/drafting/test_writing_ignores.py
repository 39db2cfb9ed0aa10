"""Look-alikes as they are written to a section file: read again, they are the same code."""

import sys
from dataclasses import replace

import pytest

from patcher.drafting.writing import as_toml, rule_table
from patcher.edits.kinds import Statement
from tests.rule_check import trial

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RULE = trial("a = 1", "a = 2", Statement()).rule


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(("a = 3",), id="a-line"),
        pytest.param(("if a:\n    b = 'c'\n", 'd = "e"'), id="several"),
        pytest.param(('a = """\nb\n"""\n', "c = r'\\n'\n"), id="quotes-in-code"),
        pytest.param(("# a\n# b\n",), id="comments"),
    ],
)
def test_look_alikes_are_written(codes: tuple[str, ...]) -> None:
    text = as_toml(rule_table(replace(RULE, ignores=codes)))
    assert tuple(tomllib.loads(text)["ignores"]) == codes


def test_a_rule_without_any_has_no_such_key() -> None:
    assert "ignores" not in rule_table(RULE)


def test_a_list_has_a_line_for_each() -> None:
    text = as_toml({"ignores": ["a = 3", "if a:\n    b()\n"]})
    assert text == 'ignores = [\n    "a = 3",\n    """\nif a:\n    b()\n""",\n]\n'
