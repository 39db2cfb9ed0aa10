import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations
from pathlib import Path
from textwrap import dedent

import pytest

from patcher.checks.equal_forms import check as check_with
from patcher.checks.model import Finding, Subject, Unchecked
from patcher.checks.registry import verify
from patcher.model import CheckSpec
from tests.checks.subjects import (
    OPTIONS,
    checked,
    edited,
    failures,
    line_of,
    made_up,
    miniature,
    patched,
    places,
)

_FILE = "efficientdet_arch.py"
_RANK_6 = dedent("""\
    def nearest_upsampling(data, scale):
      n, rows, cols, depth = data.shape.as_list()
      n = -1 if n is None else n
      cells = tf.reshape(data, [n, rows, 1, cols, 1, depth])
      cells = cells * tf.ones([1, 1, scale, 1, scale, 1], dtype=data.dtype)
      return tf.reshape(cells, [n, rows * scale, cols * scale, depth])
    """)


def check(subject: Subject) -> list[Finding]:
    return checked(result(subject))


def result(subject: Subject) -> list[Finding] | None:
    return check_with(subject, **OPTIONS["equal_forms"])  # type: ignore[arg-type]


def test_the_patched_pin_passes_but_needs_a_known_batch_size(pristine: Path) -> None:
    subject = patched(pristine)
    advice = check(subject)
    assert failures(advice) == []
    assert set(places(advice)) == {(_FILE, line_of(subject, _FILE, "[bs * h, 1, w, 1, c]"))}
    assert "needs a first dimension of known size" in advice[0].text
    assert "[None, " in advice[0].text


def test_the_patched_miniature_passes() -> None:
    (finding,) = check(miniature())
    assert finding.advice
    assert finding.text.startswith("needs a first dimension of known size")


@pytest.mark.parametrize("place", range(8))
def test_one_digit_changed_is_caught(place: int) -> None:
    subject = miniature()
    text = subject.new.files[f"efficientdet/{_FILE}"].decode()
    start = text.index("data = tf.reshape(data, [bs * h")
    digits = [m.start() for m in re.finditer(r"\b1\b", text[start:].partition("return")[0])]
    at = start + digits[place % len(digits)]
    broken = f"{text[:at]}2{text[at + 1 :]}"
    subject = edited(subject, _FILE, text, broken)
    found = failures(check(subject))
    assert found
    line = line_of(subject, _FILE, "data = tf.reshape(data, [bs * h")
    assert set(places(found)) == {(_FILE, line)}


def test_other_numbers_are_caught() -> None:
    wrong = _RANK_6.replace("as_list()", "as_list()\n  data = data * data")
    found = check(made_up({_FILE: wrong}, {_FILE: _RANK_6}))
    assert places(failures(found)) == [(_FILE, 3)] * 2
    swapped = _RANK_6.replace("rows * scale, cols * scale", "cols * scale, rows * scale")
    (known, unknown) = failures(check(made_up({_FILE: swapped}, {_FILE: _RANK_6})))
    assert "gives other numbers" in known.text
    assert sum("[None, " in each.text for each in (known, unknown)) == 1
    assert places([known, unknown]) == [(_FILE, 6)] * 2


def test_another_form_of_the_same_is_fine() -> None:
    dynamic = _RANK_6.replace("-1 if n is None else n", "tf.shape(data)[0]")
    assert check(made_up({_FILE: dynamic}, {_FILE: _RANK_6})) == []


def test_a_function_that_is_gone_is_a_failure() -> None:
    (finding,) = failures(check(made_up({_FILE: "x = 1\n"}, {_FILE: _RANK_6})))
    assert places([finding]) == [(_FILE, 1)]
    assert "has no function nearest_upsampling" in finding.text


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(made_up({_FILE: "x = 1\n"}, {_FILE: "x = 2\n"}), id="on neither side"),
        pytest.param(made_up({_FILE: _RANK_6}, {_FILE: "x = 2\n"}), id="not before"),
        pytest.param(made_up({"other.py": _RANK_6}), id="not in that file"),
    ],
)
def test_a_tree_without_the_function_is_not_checked(subject: Subject) -> None:
    assert result(subject) is None


def test_a_form_that_cannot_be_tried_is_no_proof() -> None:
    tiled = _RANK_6.replace("tf.ones(", "tf.fill(")
    (failure, *_) = failures(check(made_up({_FILE: tiled}, {_FILE: _RANK_6})))
    assert "cannot be tried by itself any more" in failure.text


def test_a_form_that_never_could_be_tried_is_told() -> None:
    tiled = _RANK_6.replace("tf.ones(", "tf.fill(")
    found = check(made_up({_FILE: _RANK_6}, {_FILE: tiled}))
    assert found
    assert all(each.advice and "cannot be tried by itself" in each.text for each in found)


def test_decorators_annotations_and_the_rest_of_the_file_are_not_run() -> None:
    dressed = (
        "raise SystemExit\n@gone\ndef nearest_upsampling(data: Gone, scale: Gone = 2) -> Gone:\n"
        "  bs, h, w, c = data.shape.as_list()\n"
        "  data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(\n"
        "      [1, scale, 1, scale, 1], dtype=data.dtype)\n"
        "  return tf.reshape(data, [bs, h * scale, w * scale, c])\n"
    )
    assert failures(check(made_up({_FILE: dressed}, {_FILE: _RANK_6}))) == []


def test_the_code_of_a_tree_cannot_import() -> None:
    sly = _RANK_6.replace("n = -1", "import os\n  n = -1")
    (failure,) = failures(check(made_up({_FILE: sly}, {_FILE: _RANK_6})))
    assert "line 3 uses `import`, which is not evaluated" in failure.text


def test_an_edit_elsewhere_is_not_tried() -> None:
    assert check(made_up({_FILE: f"x = 1\n{_RANK_6}"}, {_FILE: _RANK_6})) == []


def test_another_function_is_tried_on_its_own_inputs() -> None:
    before = "def double(x, times):\n  return x * np.ones([2, times], dtype=x.dtype)\n"
    subject = made_up({"a.py": before.replace("2, times", "2, 3")}, {"a.py": before})
    found = check_with(
        subject,
        file="efficientdet/a.py",
        function="double",
        array_rank=2,
        module="no.such.module",
        alias="np",
        sides=(1, 1),
        integer=(4, 4),
    )
    assert {failure.text for failure in failures(checked(found))} == {
        f"gives other numbers than the form before on [{side}, 1] float32 at times 4, "
        "expected the same bits"
        for side in (1, None)
    }


_TWO_SCALES = """\
def nearest_upsampling(data, rows, columns, name='up'):
  bs, h, w, c = data.shape.as_list()
  data = tf.reshape(data, [{}, 1, w, 1, c]) * tf.ones([{}, rows, 1, columns, 1], dtype=data.dtype)
  return tf.reshape(data, [bs, h * rows, w * columns, c])
"""


def test_each_further_parameter_without_a_default_gets_an_integer() -> None:
    before, after = _TWO_SCALES.format("bs, h", "1, 1"), _TWO_SCALES.format("bs * h", "1 * 1")
    assert failures(check(made_up({_FILE: after}, {_FILE: before}))) == []
    swapped = after.replace("rows, 1, columns, 1]", "columns, 1, rows, 1]")
    (failure, *_) = failures(check(made_up({_FILE: swapped}, {_FILE: before})))
    assert "at rows " in failure.text
    assert ", columns " in failure.text


def mutants(source: str) -> Iterator[str]:
    """A function with one number changed, one factor dropped or two items of a list swapped.

    The line that stands in for an unknown side is left: what it makes is only advice.
    """
    tree, lines = ast.parse(source), source.splitlines()
    for at, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr) or "None" in lines[node.lineno - 1]:
            continue
        for change in range(20):
            mutant = deepcopy(tree)
            if _mutate([*ast.walk(mutant)][at], change) and ast.dump(mutant) != ast.dump(tree):
                yield ast.unparse(mutant)


def _mutate(node: ast.AST, change: int) -> bool:
    """Change a node in one of several ways; False where there are not so many."""
    match node:
        case ast.Constant(value=int(value)) if change < 3:
            node.value = (value + 1, value + 7, 0)[change]
        case ast.BinOp(left=left, right=right) if change < 2:
            kept = (left, right)[change]
            node.left, node.op, node.right = kept, ast.Add(), ast.Constant(0)
        case ast.List(elts=parts) if pairs := [*combinations(range(len(parts)), 2)][change:]:
            one, two = pairs[0]
            parts[one], parts[two] = parts[two], parts[one]
        case _:
            return False
    return True


def _upsampling(subject: Subject, side: str) -> str:
    files = subject.old.files if side == "before" else subject.new.files
    tree = ast.parse(files[f"efficientdet/{_FILE}"])
    (found,) = (
        each
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and each.name == "nearest_upsampling"
    )
    return ast.unparse(found)


def test_every_small_mistake_in_the_documented_edit_is_caught() -> None:
    subject = miniature()
    before, after = (_upsampling(subject, side) for side in ("before", "after"))
    assert failures(check(made_up({_FILE: after}, {_FILE: before}))) == []
    missed = [
        mutant
        for mutant in mutants(after)
        if not failures(check(made_up({_FILE: mutant}, {_FILE: before})))
    ]
    # One of the two factors of `1 * 1` may go, and it may change places with a 1.
    assert {each.replace("1 * 1", "1").replace("1 + 0", "1") for each in missed} == {
        after.replace("1 * 1", "1")
    }
    assert len(list(mutants(after))) > 50


@pytest.mark.parametrize(
    ("more", "name"),
    [
        pytest.param("import evil as tf\n", "tf", id="the module is another"),
        pytest.param("tf = evil\n", "tf", id="the module is replaced"),
        pytest.param("if x:\n  from evil import tf\n", "tf", id="in a condition"),
        pytest.param("for tf in evil: pass\n", "tf", id="in a loop"),
        pytest.param("with evil as tf: pass\n", "tf", id="in a with statement"),
        pytest.param("try: x\nexcept E as tf: pass\n", "tf", id="by a handler"),
        pytest.param("match x:\n  case tf: pass\n", "tf", id="by a pattern"),
        pytest.param("def f():\n  global tf\n  tf = evil\n", "tf", id="by another function"),
        pytest.param("from evil import *\n", "*", id="by all names of a module"),
        pytest.param("nearest_upsampling = evil\n", "nearest_upsampling", id="the function"),
        pytest.param("class nearest_upsampling: pass\n", "nearest_upsampling", id="a class"),
    ],
)
def test_what_a_form_uses_is_not_bound_anew(more: str, name: str) -> None:
    found = check(made_up({_FILE: f"{_RANK_6}{more}"}, {_FILE: _RANK_6}))
    assert {each.text for each in failures(found)} == {
        f"`{name}` is bound anew, expected what nearest_upsampling is tried with"
    }


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("import tensorflow.compat.v1 as tf\n", id="as the pack says"),
        pytest.param("from tensorflow.compat import v1 as tf\n", id="in the other way"),
        pytest.param("def other(tf): pass\n", id="a parameter of another function"),
        pytest.param("class A:\n  len = 3\n", id="a builtin's name in a class"),
        pytest.param("len = 3\n", id="a builtin that it does not call"),
        pytest.param("try: x\nexcept E as e: pass\n", id="a handler's name"),
        pytest.param("match x:\n  case 1: pass\n", id="no name in a pattern"),
    ],
)
def test_what_else_is_bound_anew_is_fine(head: str) -> None:
    assert check(made_up({_FILE: f"{head}{_RANK_6}"}, {_FILE: _RANK_6})) == []


def test_a_second_definition_is_tried_as_well() -> None:
    broken = _RANK_6.replace("rows * scale, cols", "cols * scale, rows")
    (failure, *_) = failures(check(made_up({_FILE: f"{_RANK_6}{broken}"}, {_FILE: _RANK_6})))
    assert "gives other numbers" in failure.text
    assert failure.line > _RANK_6.count("\n")


@pytest.mark.parametrize("after", ["{good}", "{bad}{good}"], ids=["one is gone", "the other way"])
def test_of_several_definitions_the_last_one_counts(after: str) -> None:
    bad = _RANK_6.replace("rows * scale, cols", "cols * scale, rows")
    now = after.format(good=_RANK_6, bad=bad)
    assert check(made_up({_FILE: f"{_RANK_6}{bad}"}, {_FILE: f"{_RANK_6}{bad}"})) == []
    (failure, *_) = failures(check(made_up({_FILE: now}, {_FILE: f"{_RANK_6}{bad}"})))
    assert "gives other numbers" in failure.text


def test_a_builtin_that_it_calls_is_not_bound_anew() -> None:
    form = _RANK_6.replace("as_list()", "as_list()\n  n = len([n]) and n")
    (found,) = failures(check(made_up({_FILE: f"{form}len = 3\n"}, {_FILE: form})))
    assert found.text.startswith("`len` is bound anew")


def test_where_neither_form_can_be_tried_nothing_is_checked() -> None:
    before, after = (_RANK_6.replace("tf.ones(", f"tf.{name}(") for name in ("fill", "full"))
    subject = made_up({_FILE: after}, {_FILE: before})
    found = result(subject)
    assert isinstance(found, Unchecked)
    assert [(each.advice, each.text) for each in found] == [
        (
            True,
            "cannot be tried by itself, before the edits as after them "
            "(line 5 uses `tf.fill`, which is not evaluated)",
        )
    ]
    spec = CheckSpec("equal_forms", "upsampling", OPTIONS["equal_forms"])
    (told,) = (each for each in verify(subject, [spec]) if each.label == "upsampling")
    assert (told.holds, told.findings, told.failures) == (None, tuple(found), ())


def test_a_form_that_can_be_tried_on_some_inputs_is_compared_on_these() -> None:
    odd = _RANK_6.replace("n = -1", "data if scale != 2 else gone\n  n = -1")
    wrong = _RANK_6.replace("[n, rows * scale, cols", "[n, cols * scale, rows")
    found = check(made_up({_FILE: wrong}, {_FILE: odd}))
    assert any("as it was before the edits" in each.text for each in found if each.advice)
    assert any("gives other numbers" in each.text for each in failures(found))
    assert not isinstance(found, Unchecked)


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param({"array_rank": 10}, id="numbers"),
        pytest.param({"array_rank": 10**9, "sides": (1, 1)}, id="dimensions"),
        pytest.param({"array_rank": -1}, id="no dimensions"),
        pytest.param({"sides": (1, 10**9)}, id="sides"),
        pytest.param({"sides": (-3, 5)}, id="negative sides"),
        pytest.param({"integer": (1, 16**5000)}, id="integers"),
    ],
)
def test_inputs_of_any_size_are_not_made(sizes: dict[str, object]) -> None:
    options = {**OPTIONS["equal_forms"], **sizes}
    subject = made_up({_FILE: _RANK_6.replace("-1", "-2")}, {_FILE: _RANK_6})
    (failure,) = failures(checked(check_with(subject, **options)))  # type: ignore[arg-type]
    assert failure.text.startswith("cannot be tried on ")
    assert failure.text.endswith("expected an array of 262,144 numbers at most")


def test_a_function_that_is_nested_deeply_or_large_is_an_answer_too() -> None:
    deep = f"{_RANK_6}  return {' + '.join(['data'] * 900)}\n"
    assert failures(check(made_up({_FILE: deep}, {_FILE: _RANK_6}))) == []
    deep = deep.replace("  return tf.reshape(cells", "  tf.reshape(cells")
    (failure, *_) = failures(check(made_up({_FILE: deep}, {_FILE: _RANK_6})))
    assert "nests more than can be evaluated" in failure.text
    large = _RANK_6.replace("n = -1", f"n + 0x{'f' * 9000}\n  n = -1")
    (failure, *_) = failures(check(made_up({_FILE: large}, {_FILE: _RANK_6})))
    assert "makes an integer of more than 128 bits" in failure.text
