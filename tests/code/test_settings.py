"""Which keys code sets, and whether it always does."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from textwrap import dedent, indent
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.code.keys import Keys
from patcher.code.settings import Settings

HEAD = """\
DEFAULTS = {'key': 1, 'other': 2}


def base():
  c = Config()
  c.key = 1
  return c


def add(c):
  c.key = 1


"""


def keys_of(code: str, within: str = "defaults") -> Keys:
    found = Settings(ast.parse(dedent(code))).within(within)
    assert found is not None
    return found


def in_function(body: str, end: str = "return h") -> Keys:
    return keys_of(f"{HEAD}def defaults(h):\n{indent(body, '  ')}\n  {end}\n")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("h.key = 1", id="an attribute"),
        pytest.param("h.key: int = 1", id="an attribute with its type"),
        pytest.param("h['key'] = 1", id="an index"),
        pytest.param("h.other, h.key = 1, 2", id="one of two"),
        pytest.param("h.other = h.key = 1", id="two at once"),
        pytest.param("setattr(h, 'key', 1)", id="setattr"),
        pytest.param("h.setdefault('key', 1)", id="setdefault"),
        pytest.param("h.add_hparam('key', 1)", id="add_hparam"),
        pytest.param("h.set_hparam('key', 1)", id="set_hparam"),
        pytest.param("h.update(key=1)", id="update by keyword"),
        pytest.param("h.update({'key': 1})", id="update by a dictionary"),
        pytest.param("h.update(DEFAULTS)", id="update by a constant"),
        pytest.param("h |= {'key': 1}", id="update by an operator"),
        pytest.param("h = h | {'key': 1}", id="a union"),
        pytest.param("h = {'key': 1}", id="a dictionary"),
        pytest.param("h = {**dict(key=1)}", id="a dictionary in another"),
        pytest.param("h = dict(key=1)", id="dict"),
        pytest.param("h = dict([('key', 1)])", id="dict of pairs"),
        pytest.param("h = Config(key=1)", id="a class of settings"),
        pytest.param("h = Config(dict(key=1)).frozen()", id="a class of settings of a dictionary"),
        pytest.param("h = training.HParams(key=1)", id="a class of settings by its module"),
        pytest.param("h = copy.deepcopy(DEFAULTS)", id="a copy"),
        pytest.param("h = base()", id="what another function gives back"),
        pytest.param("add(h)", id="what another function adds"),
        pytest.param("p = dict(key=1)\nh = Config(p)", id="made of another variable"),
        pytest.param("g = h\ng.key = 1", id="by another name"),
        pytest.param("with h.unlocked():\n  h.key = 1", id="in a with block"),
        pytest.param("if a:\n  h.key = 1\nelse:\n  h['key'] = 2", id="on both ways"),
        pytest.param("if a:\n  raise E\nh.key = 1", id="where it does not end with an error"),
        pytest.param("if True:\n  h.key = 1", id="under no real condition"),
        pytest.param("while True:\n  h.key = 1\n  break", id="in the first turn"),
        pytest.param("for a in b:\n  pass\nelse:\n  h.key = 1", id="after a loop"),
        pytest.param("try:\n  h.key = 1\nexcept E:\n  raise", id="or an error"),
        pytest.param("try:\n  h.key = 1\nexcept E:\n  h.key = 2", id="after an error too"),
        pytest.param("try:\n  a()\nfinally:\n  h.key = 1", id="at the end in any case"),
        pytest.param(
            "match a:\n  case 1:\n    h.key = 1\n  case _:\n    h.key = 2", id="each case"
        ),
        pytest.param("del h.key\nh.key = 1", id="deleted before"),
    ],
)
def test_is_always_set(body: str) -> None:
    assert "key" in in_function(body).always


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("# h.key = 1\npass", id="a comment"),
        pytest.param("print(h.key, h['key'])", id="a look"),
        pytest.param("h.get('key', 1)", id="a look with a default"),
        pytest.param("assert h.key == 1", id="a comparison"),
        pytest.param("h.key += 1", id="a sum"),
        pytest.param("h.key: int", id="a type alone"),
        pytest.param("key = 1", id="a variable"),
        pytest.param("h.keys = 1", id="another key"),
        pytest.param("h.part.key = 1", id="of a part"),
        pytest.param("h = {'part': {'key': 1}}", id="in a part"),
        pytest.param("g = Config()\ng.key = 1", id="of something else"),
        pytest.param("h.key = 1\nh = Config()", id="of what was given up"),
        pytest.param("h = print(key=1)", id="a keyword of any function"),
        pytest.param("h = print({'key': 1})", id="a dictionary for any function"),
        pytest.param("h = lambda: dict(key=1)", id="a function that is not called"),
        pytest.param("def add(h):\n  h.key = 1", id="a definition"),
        pytest.param("if False:\n  h.key = 1", id="never"),
        pytest.param("return h\nh.key = 1", id="behind the end"),
        pytest.param("h.key = 1\ndel h.key", id="deleted"),
        pytest.param("h.key = 1\ndel h['key']", id="deleted by index"),
        pytest.param("h.key = 1\nh.pop('key')", id="taken out"),
        pytest.param("h.key = 1\nold = h.pop('key', None)", id="taken out and kept"),
        pytest.param("h.key = 1\ndelattr(h, 'key')", id="delattr"),
        pytest.param("h.key = 1\nh.clear()", id="cleared"),
    ],
)
def test_is_never_set(body: str) -> None:
    assert "key" not in in_function(body).sometimes


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("if a:\n  h.key = 1", id="under a condition"),
        pytest.param("a and h.update(key=1)", id="under a condition in an expression"),
        pytest.param("h = dict(key=1) if a else {}", id="one of two values"),
        pytest.param("for a in b:\n  h.key = 1", id="in a loop"),
        pytest.param("while a:\n  h.key = 1", id="in a while loop"),
        pytest.param("for a in b:\n  break\nelse:\n  h.key = 1", id="without a break"),
        pytest.param("try:\n  h.key = 1\nexcept E:\n  pass", id="without an error"),
        pytest.param("with suppress(E):\n  h.key = 1", id="without an error that is ignored"),
        pytest.param("if a:\n  return h\nh.key = 1", id="before another end"),
        pytest.param("h.key = 1\nif a:\n  del h.key", id="perhaps deleted"),
        pytest.param("match a:\n  case 1:\n    h.key = 1", id="in one case"),
    ],
)
def test_is_sometimes_set(body: str) -> None:
    found = in_function(body)
    assert "key" in found.sometimes - found.always


def test_a_function_that_gives_nothing_back_sets_what_it_sets() -> None:
    assert in_function("params.key = 1", end="pass").always == {"key"}
    assert in_function("params.key = 1", end="return 0").always == {"key"}


def test_a_class_sets_its_attributes() -> None:
    code = """
        class Shop:
            one = 1
            two: int = 2
            three: int

            def __init__(self, till):
                self.four = 4
                till.five = 5
                six = 6

            def open(self):
                self.seven = 7
        """
    assert keys_of(code, "Shop").always == {"one", "two", "four"}
    assert keys_of(code, "Shop.open").always == {"seven"}


def test_what_is_not_there_sets_nothing() -> None:
    assert Settings(ast.parse("def a(): pass")).within("b") is None


def test_functions_that_call_each_other_set_what_they_set() -> None:
    code = "def one(h):\n  h.a = 1\n  two(h)\ndef two(h):\n  h.b = 1\n  one(h)\n"
    assert keys_of(code, "one").always == {"a", "b"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("all = {'key': dict(a=1)}", True, id="at the top"),
        pytest.param("def main():\n  if a:\n    p['key'] = 1\n  while True:\n    pass", True,
                     id="under a condition, in a function that never ends"),
        pytest.param("class A:\n  def run(self):\n    self.params['key'] = 1", True, id="a method"),
        pytest.param("def main():\n  if False:\n    p['key'] = 1", False, id="never"),
        pytest.param("def main():\n  print(p['key'])", False, id="a look"),
    ],
)  # fmt: skip
def test_a_module_sets_what_some_part_of_it_does(code: str, expected: bool) -> None:
    assert Settings(ast.parse(code)).anywhere("key") is expected


BLOCK = st.deferred(lambda: st.lists(STATEMENT, min_size=1, max_size=3).map("\n".join))
IN_BLOCKS = [
    "if c():\n{}",
    "if c():\n{}\nelse:\n{}",
    "for _ in t():\n{}",
    "for _ in t():\n{}\nelse:\n{}",
    "while c():\n{}",
    "try:\n{}\nexcept E:\n{}",
    "try:\n{}\nexcept E:\n{}\nelse:\n{}",
    "try:\n{}\nfinally:\n{}",
    "with suppress(E):\n{}",
]
STATEMENT: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(["h.key = 1", "h.pop('key', 0)", "del h.key", "e()", "return h", "raise E"]),
    st.tuples(st.sampled_from(IN_BLOCKS), BLOCK, BLOCK, BLOCK).map(
        lambda parts: parts[0].format(*(indent(part, "  ") for part in parts[1:]))
    ),
)


class _Error(Exception):
    pass


class _Parameters(SimpleNamespace):
    def pop(self, key: str, default: int) -> Any:
        return vars(self).pop(key, default)


def is_set_by(code: str, choices: Iterator[bool]) -> bool | None:
    """Whether a run of a function leaves the key set; None where it ends with an error."""

    def maybe_fail() -> None:
        if next(choices):
            raise _Error

    names: dict[str, Any] = {
        "c": lambda: next(choices),
        "t": lambda: range(next(choices) + next(choices)),
        "e": maybe_fail,
        "E": _Error,
        "suppress": suppress,
    }
    exec(code, names)
    h = _Parameters()
    try:
        names["defaults"](h)
    except (_Error, AttributeError, StopIteration):
        return None
    return hasattr(h, "key")


@settings(max_examples=150, deadline=None)
@given(body=BLOCK, choices=st.lists(st.lists(st.booleans(), max_size=30), min_size=4, max_size=4))
def test_no_run_of_a_function_contradicts_it(body: str, choices: list[list[bool]]) -> None:
    code = f"def defaults(h):\n{indent(body, '  ')}\n  return h\n"
    found = keys_of(code)
    for each in choices:
        is_set = is_set_by(code, iter(each))
        assert is_set is not False or "key" not in found.always, code
        assert is_set is not True or "key" in found.sometimes, code
