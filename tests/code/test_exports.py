"""The names that a module offers, and the parameters that functions take."""

import ast

import pytest

from patcher.code.exports import binds, takes


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("name = 1", id="assigned"),
        pytest.param("a, (name, b) = c", id="one of several"),
        pytest.param("name: int = 1", id="assigned with its type"),
        pytest.param("(name := 1)", id="assigned in an expression"),
        pytest.param("def name(): pass", id="a function"),
        pytest.param("class name: pass", id="a class"),
        pytest.param("import name", id="imported"),
        pytest.param("import name.part", id="a package of what is imported"),
        pytest.param("from a import b as name", id="imported under another name"),
        pytest.param("def __getattr__(name): pass", id="perhaps made when asked for"),
        pytest.param("for name in a: pass", id="by a loop"),
        pytest.param("with a as name: pass", id="by a with"),
        pytest.param("if a:\n  name = 1\nelse:\n  import name", id="in both branches"),
        pytest.param("try:\n  import name\nexcept E:\n  pass", id="where that works"),
        pytest.param("del name\nname = 1", id="deleted before"),
    ],
)
def test_a_name_is_bound(code: str) -> None:
    assert binds(ast.parse(code), "name")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("# name = 1", id="a comment"),
        pytest.param("print(name)", id="used"),
        pytest.param("name: int", id="a type alone"),
        pytest.param("a.name = 1", id="an attribute"),
        pytest.param("a[name] = 1", id="an index"),
        pytest.param("from a import name as b", id="imported under another name"),
        pytest.param("from name import a", id="a module that something is imported from"),
        pytest.param("def a():\n  name = 1", id="a variable of a function"),
        pytest.param("class A:\n  name = 1", id="an attribute of a class"),
        pytest.param("if False:\n  name = 1", id="never"),
        pytest.param("if TYPE_CHECKING:\n  from a import name", id="for types alone"),
        pytest.param("name = 1\ndel name", id="deleted"),
        pytest.param("name = 1\nif a:\n  del name", id="deleted under a condition"),
        pytest.param("from a import *", id="perhaps imported with all"),
        pytest.param("if a:\n  name = 1", id="under a condition"),
        pytest.param("if a:\n  name = 1\nelif b:\n  pass\nelse:\n  name = 2", id="in two of three"),
        pytest.param("try:\n  import a\nexcept E:\n  name = 1", id="where something fails"),
        pytest.param("match a:\n  case 1:\n    name = 1", id="in a case"),
    ],
)
def test_a_name_is_not_bound(code: str) -> None:
    assert not binds(ast.parse(code), "name")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("self, name", True),
        ("self, name=1", True),
        ("self, *, name", True),
        ("self, **rest", True),
        ("self, name, /", False),
        ("self, *name", False),
        ("self, names", False),
    ],
)
def test_a_function_takes_a_keyword(parameters: str, expected: bool) -> None:
    function = ast.parse(f"def f({parameters}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert takes(function, "name") is expected
