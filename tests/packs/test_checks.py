import pytest

from patcher.errors import PackError
from patcher.packs.checks import check_options

_FORMS = {
    "file": "src/a.py",
    "function": "f",
    "array_rank": 4,
    "module": "numbers.api",
    "alias": "np",
}
_PLACE = "pack.toml: check 1"


def test_options_are_given_as_the_check_takes_them() -> None:
    assert check_options(_PLACE, "equal_forms", {**_FORMS, "sides": [1, 9]}) == {
        **_FORMS,
        "sides": (1, 9),
    }
    options = {"title": "X", "module": "x", "names": ["x", "y"], "enabled": "on"}
    assert check_options(_PLACE, "optional_module", options)["names"] == ("x", "y")
    assert check_options(_PLACE, "settings", {}) == {}


_RANGE = "expected the smallest number and the largest"


@pytest.mark.parametrize(
    ("check", "options", "sentence"),
    [
        pytest.param("setting", {}, "check: no check `setting`, expected one of", id="no check"),
        pytest.param("names", {}, "check: no check `names`", id="one of every pack"),
        pytest.param(
            "settings",
            {"param": "params"},
            "param: no option of `settings`, expected one of params; did you mean `params`?",
            id="an unknown option",
        ),
        pytest.param("tensor_rank", {}, "max_rank: missing; `tensor_rank` needs it", id="missing"),
        pytest.param("tensor_rank", {"max_rank": "5"}, "'5', expected a number", id="no number"),
        pytest.param("tensor_rank", {"max_rank": True}, "True, expected a number", id="a bool"),
        pytest.param("settings", {"params": 5}, "found 5, expected a string", id="no string"),
        pytest.param(
            "optional_module",
            {"title": "X", "module": "x", "names": "x", "enabled": "on"},
            "names: found 'x', expected a list of strings",
            id="no list",
        ),
        pytest.param("equal_forms", {**_FORMS, "sides": [5, 1]}, _RANGE, id="a range upside down"),
        pytest.param("equal_forms", {**_FORMS, "integer": [1]}, _RANGE, id="half a range"),
    ],
)
def test_what_a_check_does_not_take_is_an_error(
    check: str, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(PackError) as error:
        check_options(_PLACE, check, options)
    assert str(error.value).startswith(f"{_PLACE}: ")
    assert sentence in str(error.value)
