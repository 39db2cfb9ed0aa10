"""The parts of a text with values in it."""

import libcst as cst
import pytest
from hypothesis import strategies as st

from patcher.code.quotes import code
from patcher.code.text_templates import Part, Value, is_text, parts_of
from tests.variants import depth, try_often


def parts(text: str) -> list[str | tuple[str, str, str]] | None:
    """The parts, a value as its code, conversion and format."""
    found = parts_of(cst.parse_expression(text))
    return None if found is None else list(map(plain, found))


def plain(part: Part) -> str | tuple[str, str, str]:
    return (code(part.expression), *part[1:]) if isinstance(part, Value) else part


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("'a/{}/{}'.format(b, c)", ["a/", "b", "/", "c"], id="in order"),
        pytest.param("'{1}{0}{1}'.format(b, c)", ["c", "b", "c"], id="by number"),
        pytest.param("'%s: %s' % (b, c)", ["b", ": ", "c"], id="by percent signs"),
        pytest.param("'a' + b + 'c' + 'd'", ["a", "b", "cd"], id="a sum"),
        pytest.param("b + 'a'", ["b", "a"], id="a value first"),
        pytest.param("'100%% of %s' % b", ["100% of ", "b"], id="a percent sign"),
        pytest.param("f'{{{b}}}'", ["{", "b", "}"], id="braces"),
        pytest.param(r"rf'\d{b}\n'", ["\\d", "b", "\\n"], id="backslashes"),
        pytest.param("'' + b", ["b"], id="nothing next to it"),
    ],
)
def test_parts_are_texts_and_values(text: str, found: list[str]) -> None:
    assert [each if isinstance(each, str) else each[0] for each in parts(text) or ()] == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("f'{b!r}'", ("b", "r", "")),
        ("'{!r}'.format(b)", ("b", "r", "")),
        ("'%r' % b", ("b", "r", "")),
        ("f'{b:>9}'", ("b", "", ">9")),
        ("'{:>9}'.format(b)", ("b", "", ">9")),
    ],
)
def test_a_value_has_its_conversion_and_format(text: str, value: tuple[str, str, str]) -> None:
    assert parts(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("b + c", id="no text in a sum"),
        pytest.param("b'a' + c", id="bytes"),
        pytest.param("'%s' % {'b': c}", id="a dictionary"),
        pytest.param("'%(b)s' % c", id="names after percent signs"),
        pytest.param("'{}{}'.format(b)", id="too few values"),
        pytest.param("'{}'.format(*b)", id="many values"),
        pytest.param("'{b.c}'.format(b=d)", id="a part of a value"),
        pytest.param("b.format(c)", id="a text that is not written out"),
        pytest.param("f'{b=}'", id="its own code"),
    ],
)
def test_what_is_not_known_part_by_part_has_none(text: str) -> None:
    assert parts(text) is None


@pytest.mark.parametrize(
    ("node", "known"),
    [
        ("f'{b}'", True),
        ("'{}'.format(b)", True),
        ("'%s' % b", True),
        ("b + c + 'a'", True),
        ("'a'", False),
        ("b + c", False),
        ("b.format(c)", False),
    ],
)
def test_what_may_have_values_in_it(node: str, known: bool) -> None:
    assert is_text(cst.parse_expression(node)) == known


@depth(50, 1000)
def test_one_template_has_the_same_parts_in_every_form(count: int) -> None:
    pieces = st.lists(st.text("ab {}%'\"\\\n", min_size=1, max_size=4), min_size=2, max_size=4)
    try_often(check_forms, count, pieces)


def check_forms(texts: list[str]) -> None:
    """Names stand between the texts."""
    names = [f"x{number}" for number in range(1, len(texts))]
    braced = [text.replace("{", "{{").replace("}", "}}") for text in texts]
    percents = [text.replace("%", "%%") for text in texts]
    forms = [
        f"{'{}'.join(braced)!r}.format({', '.join(names)})",
        f"{'%s'.join(percents)!r} % ({', '.join(names)},)",
        " + ".join(f"{text!r} + {name}" for text, name in zip(texts, [*names, "''"], strict=True)),
    ]
    every = [part for text, name in zip(texts, names, strict=False) for part in (text, name)]
    for form in forms:
        shown = [each if isinstance(each, str) else each[0] for each in parts(form) or ()]
        assert shown == [*every, texts[-1]], form
