from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.model import CheckSpec
from patcher.packs import load_folder
from tests.packs.test_loading import PACK, pack

_FORMS = """
check = "equal_forms"
file = "src/a.py"
function = "f"
array_rank = 4
module = "numbers.api"
alias = "np"
"""


def declared(folder: Path, check: str) -> CheckSpec:
    """The check that a pack declares in a table."""
    (found,) = load_folder(pack(folder, settings=f"{PACK}\n[[check]]\n{check}")).checks
    return found


def test_options_are_given_as_the_check_takes_them(tmp_path: Path) -> None:
    found = declared(tmp_path, f'label = "forms"{_FORMS}sides = [1, 9]')
    assert (found.check, found.label) == ("equal_forms", "forms")
    assert found.options == {
        "file": "src/a.py",
        "function": "f",
        "array_rank": 4,
        "module": "numbers.api",
        "alias": "np",
        "sides": (1, 9),
    }


def test_lists_are_given_as_tuples(tmp_path: Path) -> None:
    options = 'title = "X"\nmodule = "x"\nnames = ["x", "y"]\nenabled = ["on"]'
    found = declared(tmp_path, f'check = "optional_module"\n{options}')
    assert found.options["names"] == ("x", "y")


def test_what_is_left_out_is_left_to_the_check(tmp_path: Path) -> None:
    assert declared(tmp_path, 'check = "settings"') == CheckSpec("settings", "settings", {})


_RANGE = "expected the smallest number and the largest"


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        pytest.param(
            'check = "setting"', "check: no check `setting`, expected one of", id="no check"
        ),
        pytest.param('check = "setting"', "; did you mean settings?", id="one like it"),
        pytest.param('check = "names"', "check: no check `names`", id="one of every pack"),
        pytest.param(
            'check = "settings"\nparam = "params"',
            "param: unknown key, expected one of check, label, params; did you mean params?",
            id="an unknown option",
        ),
        pytest.param('check = "tensor_rank"', "max_rank: missing key; add it", id="missing"),
        pytest.param(
            'check = "tensor_rank"\nmax_rank = "5"', "'5', expected a number", id="no number"
        ),
        pytest.param(
            'check = "tensor_rank"\nmax_rank = true', "True, expected a number", id="a bool"
        ),
        pytest.param(
            'check = "settings"\nparams = 5', "found 5, expected a string", id="no string"
        ),
        pytest.param(
            'check = "optional_module"\ntitle = "X"\nmodule = "x"\nnames = "x"\nenabled = ["on"]',
            "names: found 'x', expected a list",
            id="no list",
        ),
        pytest.param(
            'check = "optional_module"\ntitle = "X"\nmodule = "x"\nnames = [1]\nenabled = ["on"]',
            "names: found [1], expected a list of strings",
            id="no strings",
        ),
        pytest.param(f"{_FORMS}sides = [5, 1]", _RANGE, id="a range upside down"),
        pytest.param(f"{_FORMS}integer = [1]", _RANGE, id="half a range"),
    ],
)
def test_what_a_check_does_not_take_is_an_error(check: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        declared(tmp_path, check)
    assert "pack.toml: check 1: " in str(error.value)
    assert sentence in str(error.value)
