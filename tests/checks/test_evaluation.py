"""Evaluating a function agrees with Python, and refuses the rest: nothing of a tree is run."""

import ast
import time
import warnings
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patcher.checks.equal_forms import check
from patcher.checks.evaluation import Form
from patcher.checks.limits import Meter
from patcher.checks.model import Finding, Subject
from patcher.checks.refusals import Refusal
from tests.checks.subjects import OPTIONS, checked, failures, made_up

_FILE = "efficientdet_arch.py"
_PATH = f"efficientdet/{_FILE}"
_HARMLESS = """\
def nearest_upsampling(data, scale):
  return tf.reshape(data, [-1])
"""
_SECONDS = 10  # of the processor; it takes about one


def form(body: str, head: str = "def nearest_upsampling(data, scale):") -> str:
    """The source of a function with a body."""
    return f"{head}\n{indent(dedent(body), '  ')}\n"


def tried(after: str, before: str = _HARMLESS) -> list[Finding]:
    """What the check finds in a tree with one form after the edits and another before them."""
    subject: Subject = made_up({_FILE: after}, {_FILE: before})
    return checked(check(subject, **OPTIONS["equal_forms"]))  # type: ignore[arg-type]


_NOT_EVALUATED = [
    pytest.param("os._exit(0)", "uses `os`", id="a module by its name"),
    pytest.param("import os\nos._exit(0)", "uses `import`", id="import"),
    pytest.param("from os import _exit\n_exit(0)", "uses `import`", id="import from"),
    pytest.param("__import__('os')._exit(0)", "uses `__import__`", id="__import__"),
    pytest.param("__builtins__['exec']('1')", "uses `__builtins__`", id="__builtins__"),
    pytest.param("exec('1')", "uses `exec`", id="exec"),
    pytest.param("eval('1')", "uses `eval`", id="eval"),
    pytest.param("open('made', 'w')", "uses `open`", id="open"),
    pytest.param("exit()", "uses `exit`", id="exit"),
    pytest.param("getattr(data, 'shape')", "uses `getattr`", id="getattr"),
    pytest.param("type(data)", "uses `type`", id="type"),
    pytest.param("__name__", "uses `__name__`", id="a name of every module"),
    pytest.param("nearest_upsampling(data, scale)", "uses `nearest_upsampling`", id="itself"),
    pytest.param("().__class__.__base__.__subclasses__()", "uses `__class__`", id="classes"),
    pytest.param("tf.reshape.__globals__['os']", "uses `__globals__`", id="globals of a function"),
    pytest.param("tf.pack('f', 1.0)", "uses `tf.pack`", id="what the stand-in imports"),
    pytest.param("tf.__loader__.load_module('os')", "uses `tf.__loader__`", id="its loader"),
    pytest.param("tf.name_scope.__self__", "uses `__self__`", id="self of a function"),
    pytest.param("len.__self__.open('made', 'w')", "uses `__self__`", id="self of a builtin"),
    pytest.param("data.bits", "uses `bits`", id="an attribute of the stand-in"),
    pytest.param("data.__init__.__globals__", "uses `__init__`", id="its constructor"),
    pytest.param("data.shape.append(1)", "uses `append`", id="a method of lists"),
    pytest.param("data.shape.as_list.__func__", "uses `__func__`", id="a method's function"),
    pytest.param("'{0.__class__}'.format(data)", "uses `format`", id="str.format"),
    pytest.param("'%999999999d' % 1", "uses `%` on a string", id="% of a string"),
    pytest.param("f'{1:999999999}'", "formats a value", id="format specification"),
    pytest.param("f'{1:{scale}}'", "formats a value", id="nested format specification"),
    pytest.param("f'{data!r}'", "formats a value", id="conversion"),
    pytest.param("f'{data}'", "formats an array", id="array in a string"),
    pytest.param("f'{[1]}'", "formats `list`", id="list in a string"),
    pytest.param("(lambda: 1)()", "uses `lambda`", id="lambda"),
    pytest.param("max([1], key=lambda x: x)", "uses `lambda`", id="lambda as a key"),
    pytest.param("max([1], key=len)", "calls `max` with other arguments", id="a key"),
    pytest.param("tf.ones(shape=[1], sized=False)", "calls `tf.ones` with", id="other keyword"),
    pytest.param("tf.ones(**{'shape': [1]})", "uses `**` in a call", id="keywords of a mapping"),
    pytest.param("tf.ones([1], **scale)", "uses `**` in a call", id="keywords of a number"),
    pytest.param("isinstance(data, tf.reshape)", "calls `isinstance` with", id="another type"),
    pytest.param("def f(): pass", "uses `def`", id="function in the function"),
    pytest.param("@tf.ones\ndef f(): pass", "uses `def`", id="decorated function in it"),
    pytest.param("async def f(): pass", "uses `async def`", id="coroutine in it"),
    pytest.param("class A: pass", "uses `class`", id="class"),
    pytest.param("class A(metaclass=tf.ones): pass", "uses `class`", id="metaclass"),
    pytest.param("(x := 1)", "uses `:=`", id="walrus"),
    pytest.param("[y := x for x in [1]]", "uses `:=`", id="walrus in a comprehension"),
    pytest.param("del data", "uses `del`", id="del"),
    pytest.param("del tf", "uses `del`", id="del of the module"),
    pytest.param("if 0:\n  del tf", "uses `del`", id="del that is never reached"),
    pytest.param("global tf\ntf = 1", "uses `global`", id="global"),
    pytest.param("if 0:\n  yield 1", "uses `yield`", id="yield that is never reached"),
    pytest.param("x = yield from data", "uses `yield`", id="yield from"),
    pytest.param("{}['a']", "uses `{...}`", id="dict"),
    pytest.param("{1, 2}", "uses `{...}`", id="set"),
    pytest.param("{x for x in [1]}", "uses `{...}`", id="set comprehension"),
    pytest.param("{x: 1 for x in [1]}", "uses `{...}`", id="dict comprehension"),
    pytest.param("try:\n  1 / 0\nexcept E:\n  pass", "uses `try`", id="try"),
    pytest.param("raise SystemExit", "uses `raise`", id="raise"),
    pytest.param("match data:\n  case object(x=1):\n    pass", "uses `match`", id="match"),
    pytest.param("with open('made', 'w'): pass", "uses `open`", id="with a file"),
    pytest.param("with data: pass", "uses `with` on an array", id="with an array"),
    pytest.param("data.shape = 1", "assigns to what is no name", id="attribute assigned"),
    pytest.param("tf.reshape = tf.ones", "assigns to what is no name", id="operation replaced"),
    pytest.param("data.dtype += 'x'", "assigns to what is no name", id="attribute augmented"),
    pytest.param("data.shape[0] = 1", "assigns to what is no single item of", id="shape changed"),
    pytest.param("for data.shape in [1]: pass", "assigns to what is no name", id="loop over one"),
    pytest.param("data + data", "uses `+` on an array", id="another operator"),
    pytest.param("data * 2", "uses `*` on an array and what is none", id="array times number"),
    pytest.param("-data", "uses `-` on an array", id="negative array"),
    pytest.param("data == data", "compares an array", id="arrays compared"),
    pytest.param("data[0]", "takes a part of an array", id="part of an array"),
    pytest.param("[*data]", "goes through the parts of an array", id="parts of an array"),
    pytest.param("if data: pass", "uses an array as a condition", id="array as a condition"),
    pytest.param("if tf.shape(data)[0]: pass", "of the graph as a condition", id="side tested"),
    pytest.param("tf.shape(data)[0] > 1", "compares a shape or side of", id="side compared"),
    pytest.param("a, b, c, d = tf.shape(data)", "goes through the parts of", id="shape unpacked"),
    pytest.param("tf.shape(data)[0] / 2", "uses `/` on an integer of", id="side divided"),
    pytest.param("1 is 1", "uses `is` on values", id="identity of numbers"),
    pytest.param("b'x'", "uses a literal of the type bytes", id="bytes"),
    pytest.param("1j", "uses a literal of the type complex", id="complex"),
    pytest.param("(-1) ** 0.5", "makes a number of the type complex", id="complex result"),
    pytest.param("...", "uses a literal of the type ellipsis", id="ellipsis"),
    pytest.param("(await data)", "uses `await`", id="await"),
    pytest.param("x\nx = 1", "reads `x` before it is bound", id="not bound yet"),
    pytest.param("tf\ntf = 1", "reads `tf` before it is bound", id="module's alias not bound yet"),
    pytest.param("[tf for tf in [1]]\nlen = 1", "gives `NoneType`", id="alias of a comprehension"),
]
_TOO_MUCH = [
    pytest.param("while True: pass", "takes too many steps", id="endless loop"),
    pytest.param("while 1: data = tf.reshape(data, [-1])", "takes too many", id="arrays for ever"),
    pytest.param("a = [0]\nfor x in a: a += [1]", "more than 10,000 items", id="growing list"),
    pytest.param("10 ** 10 ** 10", "an integer of more than 128 bits", id="power"),
    pytest.param("(-10) ** 10 ** 9", "an integer of more than 128 bits", id="negative power"),
    pytest.param("1 << 10 ** 12", "an integer of more than 128 bits", id="shift"),
    pytest.param("x = 1\nx <<= 10 ** 12", "an integer of more than", id="shift of a variable"),
    pytest.param("x = 3\nwhile 1: x *= x", "an integer of more than", id="growing number"),
    pytest.param(f"0x{'f' * 10_000}", "an integer of more than", id="large literal"),
    pytest.param("int('9' * 4000)", "an integer of more than", id="integer of a string"),
    pytest.param("int(1e300)", "an integer of more than", id="integer of a float"),
    pytest.param("[0] * 10 ** 9", "a sequence of more than 10,000 items", id="repeated list"),
    pytest.param("10 ** 9 * (0,)", "a sequence of more than", id="repeated tuple"),
    pytest.param("'x' * 10 ** 9", "a sequence of more than", id="repeated string"),
    pytest.param("a = [0]\na *= 10 ** 9", "a sequence of more than", id="list repeated in place"),
    pytest.param("list(range(10 ** 12))", "a sequence of more than", id="list of a range"),
    pytest.param("for x in range(10 ** 12): pass", "takes too many steps", id="long range"),
    pytest.param("10 ** 30 in range(0, 10 ** 12, 7)", "takes too many steps", id="in a range"),
    pytest.param("max(range(10 ** 12))", "a sequence of more than", id="largest of a range"),
    pytest.param("[*range(9_999), *range(9_999)]", "a sequence of more than", id="display"),
    pytest.param("[x for x in range(10 ** 9)]", "a sequence of more than", id="comprehension"),
    pytest.param(
        "[0 for a in range(999) for b in range(999) if 0]", "takes too many", id="nested clauses"
    ),
    pytest.param("x = 'x' * 9_999\nf'{x}{x}'", "a sequence of more than", id="formatted string"),
    pytest.param(
        "x = 'x' * 9_990\ny = []\nwhile 1: y += [f'{x}y']", "takes too many", id="many strings"
    ),
    pytest.param(
        "x = [0] * 9_999\ny = []\nwhile 1: y += [x[:]]", "takes too many", id="many lists"
    ),
    pytest.param("a = [0]\nwhile 1: a = [a, a]", "takes too many steps", id="tree of lists"),
    pytest.param(
        "a, b = [], []\nfor _ in range(50): a, b = [a, a], [b, b]\na == b",
        "takes too many steps",
        id="trees of lists compared",
    ),
    pytest.param(
        "a, b = [0], [0]\na[0], b[0] = a, b\na == b", "nested too deeply", id="lists in themselves"
    ),
    pytest.param("tf.ones([10 ** 5, 10 ** 5])", "an array of more than 262,144", id="large array"),
    pytest.param("tf.ones([1] * 99)", "an array of more than 32 dimensions", id="dimensions"),
    pytest.param(
        "tf.ones([9_999, 1]) * tf.ones([1, 9_999])", "an array of more than", id="product"
    ),
    pytest.param(
        "x = []\nwhile 1: x += [tf.ones([500, 500])]", "many numbers of arrays", id="many arrays"
    ),
    pytest.param("x = 1" + " + 1" * 200, "nests more than", id="long sum"),
    pytest.param("x = " + "-" * 90 + "1", "nests more than", id="many signs"),
    pytest.param(
        "".join(f"{' ' * n}if scale:\n" for n in range(90)) + " " * 90 + "x = 1",
        "nests more than",
        id="deep blocks",
    ),
]


@pytest.mark.parametrize(("body", "reason"), [*_NOT_EVALUATED, *_TOO_MUCH])
def test_an_attack_is_a_failure_and_nothing_is_run(
    body: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    found = failures(tried(form(body)))
    assert time.process_time() - start < _SECONDS
    (text, *_) = [each.text for each in found if reason in each.text]
    assert text.startswith("cannot be tried by itself any more (line ")
    assert text.endswith("expected both forms to run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("body", "reason"), [*_NOT_EVALUATED, *_TOO_MUCH])
def test_an_attack_in_the_bytes_from_before_is_not_run_either(
    body: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    found = tried(_HARMLESS, form(body))
    assert time.process_time() - start < _SECONDS
    assert [each.advice for each in found] == [True] * len(found)
    (text,) = {each.text for each in found}
    assert text.startswith("cannot be tried by itself as it was before the edits (line ")
    assert reason in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param("def f(data, scale=os._exit(0)):", "uses `os`", id="default"),
        pytest.param("def f(data, scale, *, x=[open('made')]):", "uses `open`", id="keyword"),
        pytest.param("def f(data, scale, x=[0] * 10 ** 9):", "a sequence of more", id="large"),
        pytest.param("def f(data, scale, x=(lambda: 1)()):", "uses `lambda`", id="lambda"),
        pytest.param("def f(data, scale, **more):", "takes any keywords", id="any keywords"),
        pytest.param("def f(tf, scale):", "uses `reshape`", id="a parameter named as the module"),
    ],
)
def test_a_default_is_evaluated_too(head: str, reason: str) -> None:
    head = head.replace("f(", "nearest_upsampling(", 1)
    found = failures(tried(form("return tf.reshape(data, [-1])", head)))
    assert [each for each in found if reason in each.text]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("@os._exit(0)\ndef f(data, scale):", id="decorator"),
        pytest.param("def f(data: os._exit(0), scale: 10 ** 10 ** 10):", id="annotation"),
        pytest.param("def f(data, scale) -> [0] * 10 ** 12:", id="type of the result"),
        pytest.param("import os\nos._exit(0)\ndef f(data, scale):", id="what is above it"),
        pytest.param("f'{1:{os._exit(0)}}'\ndef f(data, scale):", id="format above it"),
    ],
)
def test_what_is_not_its_body_is_not_evaluated(head: str) -> None:
    head = head.replace("f(", "nearest_upsampling(", 1).replace("def f(", "def nearest_upsampling(")
    assert tried(form("x: os._exit(0) = 1\nreturn tf.reshape(data, [-1])", head)) == []


def test_nothing_is_refused_that_is_never_reached() -> None:
    assert tried(form("if scale < 0:\n  raise ValueError\nreturn tf.reshape(data, [-1])")) == []


_FORMS = [
    pytest.param("return a + b * 2 - b // 3 % 4", id="arithmetic"),
    pytest.param("return [a ** 2, a / 4, -a, +a, ~a, a << 3, a >> 1, a & 6, a ^ 6]", id="all"),
    pytest.param("return [True + a, -True, ~True, not a, True & False]", id="truth values"),
    pytest.param("return 1 < a <= 3 != b == 3 > 2", id="chain"),
    pytest.param("return (a and b and 0, a or b, 0 or [], None or a)", id="logic"),
    pytest.param("return a if a > b else b if b else None", id="conditional"),
    pytest.param("return 1 / 0", id="division by zero"),
    pytest.param("return a.shape", id="no such attribute"),
    pytest.param("x, (y, *z) = 1, (2, 3, 4)\nreturn x, y, z", id="unpacking"),
    pytest.param("*x, y = 'abc'\nreturn x, y", id="starred first"),
    pytest.param("x, *y = ()", id="too few"),
    pytest.param("x, y = 1, 2, 3", id="too many"),
    pytest.param("x = y = [1, 2]\nx += (3,)\nreturn y", id="list in its place"),
    pytest.param("x = y = [1, 2]\nx *= 2\nreturn y", id="repeated in its place"),
    pytest.param("x = y = [1, 2]\nx = x + [3]\nreturn y", id="another list"),
    pytest.param("x = y = (1, 2)\nx += (3,)\nreturn y, x", id="tuple"),
    pytest.param("x = [1, 2]\nx[-1] += 5\nx[0] = x[1]\nreturn x", id="items"),
    pytest.param("x = [1, [2]]\nx[1] += [3]\nreturn x", id="list in a list"),
    pytest.param("x = (1, 2)\nx[0] = 1", id="item of a tuple"),
    pytest.param("x = [1]\nx[3] = 1", id="no such item"),
    pytest.param("return [1, 2, 3][::-1], (1, 2, 3)[1:], 'abc'[-2:], range(9)[2:7:2]", id="slices"),
    pytest.param("return [x * y for x in range(3) for y in range(x) if y != 1]", id="clauses"),
    pytest.param("x = 5\ny = [x for x in (1, 2)]\nreturn x, y", id="scope of a comprehension"),
    pytest.param("a = [a for a in [a, b]]\nreturn a", id="first clause outside"),
    pytest.param("return [[a for a in range(x)] for x in range(a)], a", id="nested comprehension"),
    pytest.param(
        "return max([x % 3 for x in range(5)]), min(4, 2), max([[1, 2], [1, 3]])", id="max"
    ),
    pytest.param("return max([])", id="largest of nothing"),
    pytest.param("return list(zip('ab', [1, 2, 3])), list(enumerate('ab', 1))", id="zip"),
    pytest.param("x = zip([1], [2])\nreturn list(x), list(x)", id="zip once"),
    pytest.param("return list(zip([1], [1, 2], strict=True))", id="strict zip"),
    pytest.param("x = [1, 2]\ny = zip(x, x)\nx += [3]\nreturn list(y)", id="late zip"),
    pytest.param(
        "x = [1]\nfor i, v in enumerate(x):\n  if i < 3: x += [v + 1]\nreturn x",
        id="late enumerate",
    ),
    pytest.param("x = gone", id="unknown name"),
    pytest.param(
        "return isinstance(a, int), isinstance([], (tuple, list))",
        id="isinstance",
    ),
    pytest.param("return int('12'), int(-3.9), float('1e3'), bool([]), bool('a')", id="types"),
    pytest.param("return int('x')", id="no integer"),
    pytest.param("return int([])", id="integer of a list"),
    pytest.param("return len(5)", id="length of a number"),
    pytest.param("return [1] + (2,)", id="list and tuple"),
    pytest.param("return 'a' + 1", id="text and number"),
    pytest.param("return [1, 2] < [1, 3], (1,) < (1, 0), 'a' < 'b'", id="order"),
    pytest.param("return [1] < (2,)", id="no order"),
    pytest.param("return [1, (2.0, True)] == [1.0, (2, 1)], [1] == (1,), None == 0", id="equality"),
    pytest.param("return 2 in (1, 2), 'b' in 'abc', [1] in [[1]], 3 not in range(3)", id="in"),
    pytest.param("return 1 in 5", id="in a number"),
    pytest.param("return f'{a} of {b}{None}{1.5}', f'{{}}', 'x' 'y'", id="formatted"),
    pytest.param(
        "x = 0\nfor i in range(9):\n  if i == 2: continue\n  if i == 6: break\n  x += i\n"
        "else:\n  x = -1\nreturn x, i",
        id="for",
    ),
    pytest.param("for i in []: pass\nelse: return 'else'", id="for else"),
    pytest.param("while a:\n  a -= 1\nelse:\n  return a, 'else'", id="while"),
    pytest.param(
        "while True:\n  a += 1\n  for i in (1, 2):\n    if i > 1: break\n  if a > 9: break\n"
        "else: a = 0\nreturn a",
        id="nested loops",
    ),
    pytest.param("for i in range(3):\n  while True:\n    return i", id="return of a loop"),
    pytest.param("x = [1]\nfor i in x:\n  if i < 4: x += [i + 1]\nreturn x", id="list that grows"),
    pytest.param(
        "if a > 5: x = 1\nelif a > 1: x = 2\nelif a: x = 3\nelse: x = 4\nreturn x", id="elif"
    ),
    pytest.param("assert a == 2\nassert a == 3, 'no'", id="assert"),
    pytest.param("x: int\ny: int = 4\nreturn y", id="annotations"),
    pytest.param("'docstring'\npass\na\nreturn", id="nothing"),
    pytest.param("return y\ny = 1", id="not bound yet"),
    pytest.param("len = 3\nreturn len", id="builtin's name as a variable"),
    pytest.param("x = len\nreturn x('abc')", id="builtin as a value"),
    pytest.param("x = [0]\nx[0], a = a, x[0]\nreturn x, a", id="swap"),
    pytest.param("i = 0\ni, x = 1, [5, 6]\nx[i] = i\nreturn x", id="from left to right"),
    pytest.param("return -2 ** 2, 2 ** -1, 0 ** 0, 7 // -2, -7 % 3, 5.5 // 2", id="signs"),
    pytest.param("return (1, *[2, 3], *'ab'), [*range(2), 9], max(*[1, 5], 3)", id="stars"),
]


def in_python(source: str, *arguments: object) -> object:
    """What Python makes of a function of this file, or the type of the error that it raises."""
    names: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "<harmless>", "exec"), names)
            found: object = names["f"](*arguments)  # type: ignore[operator]
        except Exception as error:
            return type(error)
    return found


def evaluated(source: str, *arguments: object) -> object:
    """The same, evaluated; `Refusal` where it is not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    try:
        return Form(function, "tf").value(arguments, Meter())
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("body", _FORMS)
def test_a_harmless_form_gives_what_python_gives(body: str) -> None:
    source = form(body, "def f(a, b=3, c=(1, 2)):")
    python, ours = in_python(source, 2), evaluated(source, 2)
    refused = isinstance(python, type) and issubclass(python, AttributeError | NameError)
    assert repr(ours) == repr(Refusal if refused else python)


@pytest.mark.parametrize(
    ("head", "arguments"),
    [
        pytest.param("def f(a, b, /, c=1, *d, e=2):", (1, 2, 3, 4, 5), id="all sorts"),
        pytest.param("def f(a, b=7, *, c):", (1,), id="missing"),
        pytest.param("def f(a, b):", (1, 2, 3), id="too many"),
        pytest.param("def f(a, b):", (1,), id="too few"),
        pytest.param("def f(*a, b=[1] * 2, c=None):", (), id="none"),
    ],
)
def test_parameters_are_bound_as_in_python(head: str, arguments: tuple[int, ...]) -> None:
    body = "return [a, b, c]" if " c" in head else "return [a, b]"
    source = form(body, head)
    assert repr(evaluated(source, *arguments)) == repr(in_python(source, *arguments))


_LEAVES = st.sampled_from(
    [*"abxst", "w", "0", "1", "2", "3", "7", "1.5", "'ab'", "[]", "True", "None"]
)
_PATTERNS = [
    *(f"({{}} {mark} {{}})" for mark in ("+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>")),
    *(f"({{}} {mark} {{}})" for mark in ("<", "<=", ">", ">=", "==", "!=", "in", "not in")),
    "({} and {})",
    "({} or {})",
    "({} < {} < {})",
    "({} if {} else {})",
    "(not {})",
    "(-{})",
    "(~{})",
    "({} ** 2)",
    "{}[{}]",
    "{}[{}:{}]",
    "{}[::{}]",
    "[{}, {}]",
    "({}, *{})",
    "[i for i in {}]",
    "[(i, a) for i in {} for a in {} if {}]",
    "list(zip({}, {}))",
    "list(enumerate({}))",
    "tuple({})",
    "len({})",
    "max({})",
    "min({}, {})",
    "max([i for i in {}])",
    "int({})",
    "float({})",
    "bool({})",
    "range({})",
    "isinstance({}, (int, list))",
    "f'{{{}}}'",
]


def _filled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(_PATTERNS).flatmap(
        lambda pattern: st.lists(
            inner, min_size=pattern.count("{}"), max_size=pattern.count("{}")
        ).map(lambda parts: pattern.format(*parts))
    )


_ARGUMENTS = "a, b=5, x=-1.5, s=[3, 1, 2], t=(1, (2, 3)), w='word'"


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(_LEAVES, _filled, max_leaves=8))
def test_any_expression_gives_what_python_gives_or_is_refused(expression: str) -> None:
    source = form(f"r = {expression}\nreturn r, s", f"def f({_ARGUMENTS}):")
    try:
        ast.parse(source)
    except SyntaxError:  # quotes in a formatted string, before Python 3.12
        return
    ours = evaluated(source, 4)
    assume(not (isinstance(ours, type) and issubclass(ours, Refusal)))
    assert repr(ours) == repr(in_python(source, 4))
