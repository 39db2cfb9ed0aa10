import re
from pathlib import Path
from textwrap import dedent

import pytest

from patcher.checks.equal_forms import check as check_with
from patcher.checks.model import Finding, Subject
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
    assert "[None, " in unknown.text or "[None, " in known.text
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
