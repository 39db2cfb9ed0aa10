import re
from pathlib import Path
from textwrap import dedent

import pytest

from patcher.verify.upsampling import check
from tests.verify.subjects import edited, failures, line_of, made_up, miniature, patched, places

_FILE = "efficientdet_arch.py"
_RANK_6 = dedent("""\
    def nearest_upsampling(data, scale):
      n, rows, cols, depth = data.shape.as_list()
      n = -1 if n is None else n
      cells = tf.reshape(data, [n, rows, 1, cols, 1, depth])
      cells = cells * tf.ones([1, 1, scale, 1, scale, 1], dtype=data.dtype)
      return tf.reshape(cells, [n, rows * scale, cols * scale, depth])
    """)


def test_the_patched_pin_passes_but_needs_a_static_batch_size(pristine: Path) -> None:
    subject = patched(pristine)
    advice = check(subject)
    assert failures(advice) == []
    assert set(places(advice)) == {(_FILE, line_of(subject, _FILE, "[bs * h, 1, w, 1, c]"))}
    assert "needs a batch size that is known" in advice[0].text
    assert "[None, " in advice[0].text


def test_the_patched_miniature_passes() -> None:
    (finding,) = check(miniature())
    assert finding.advice
    assert finding.text.startswith("needs a batch size that is known")


@pytest.mark.parametrize("place", range(8))
def test_one_digit_changed_is_caught(place: int) -> None:
    subject = miniature()
    text = subject.after[f"efficientdet/{_FILE}"].decode()
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


@pytest.mark.parametrize(
    ("after", "before", "advice"),
    [
        pytest.param("x = 1\n", "x = 2\n", True, id="on neither side"),
        pytest.param("x = 1\n", _RANK_6, False, id="no longer"),
    ],
)
def test_a_tree_without_the_function_is_told(after: str, before: str, advice: bool) -> None:
    (finding,) = check(made_up({_FILE: after}, {_FILE: before}))
    assert finding.advice is advice
    assert "has no function nearest_upsampling" in finding.text


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
    assert "__import__ not found" in failure.text


def test_an_edit_elsewhere_is_not_tried() -> None:
    assert check(made_up({_FILE: f"x = 1\n{_RANK_6}"}, {_FILE: _RANK_6})) == []
