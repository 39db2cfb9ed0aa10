from pathlib import Path

import pytest

from patcher.checks import names
from patcher.checks.model import Finding, Subject
from patcher.errors import UnparsableError
from tests.checks.subjects import (
    checked,
    edited,
    failures,
    line_of,
    made_up,
    miniature,
    patched,
    places,
)
from tests.rule_check import DOCUMENTED


def check(subject: Subject) -> list[Finding]:
    return checked(names.check(subject))


def test_the_patched_pin_passes(pristine: Path) -> None:
    subject = patched(pristine)
    (advice,) = check(subject)
    line = line_of(subject, "utils.py", "from TensorFlow.common")
    assert (places([advice]), advice.advice) == ([("utils.py", line)], True)
    assert "`horovod_enabled` is imported but never used" in advice.text


def test_nothing_is_checked_where_nothing_changed(pristine: Path) -> None:
    everything = [id_ for id_, _, _ in DOCUMENTED.entries()]
    assert names.check(patched(pristine, without=everything)) is None


def test_a_name_whose_import_went_is_undefined() -> None:
    subject = miniature("hooks-4")  # hooks-2 drops the import of what hooks-4 would drop
    (failure,) = failures(check(subject))
    assert places([failure]) == [
        ("horovod_estimator/hooks.py", line_of(subject, "horovod_estimator/hooks.py", "mpl.use"))
    ]
    assert "`mpl` is not defined" in failure.text


def test_an_import_whose_use_went_is_unused() -> None:
    subject = miniature("hooks-2")
    (failure,) = failures(check(subject))
    assert places([failure]) == [
        ("horovod_estimator/hooks.py", line_of(subject, "horovod_estimator/hooks.py", "as mpl"))
    ]
    assert "`mpl` is imported but no longer used" in failure.text


def test_an_import_from_elsewhere_is_the_same_name() -> None:
    subject = made_up(
        {"a.py": "from new.place import hvd\n"},
        {"a.py": "from old.place import hvd\nhvd.size()\n"},
    )
    assert places(failures(check(subject))) == [("a.py", 1)]


def test_a_name_undefined_in_one_more_function_is_new() -> None:
    before = "def f():\n    return gone\ndef g():\n    return 1\n"
    subject = made_up({"a.py": before.replace("return 1", "return gone")}, {"a.py": before})
    assert places(check(subject)) == [("a.py", 4)]


@pytest.mark.parametrize(
    "before",
    [
        "import a; a.f()\n",
        "x = 1  # import a\nimport a\na()\n",
        "print(1)  # a\n",
    ],
)
def test_an_import_that_became_idle_is_told(before: str) -> None:
    assert places(check(made_up({"a.py": "import a\n"}, {"a.py": before}))) == [("a.py", 1)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("def f():\n    gone\n", "x = 1\ndef f():\n    gone\n", id="moved down"),
        pytest.param("import os\n", "\nimport os\n", id="unused before as well"),
        pytest.param(
            "import os  # of os only\nfrom b import (\n    os as a,\n)\n",
            "\nfrom b import (\n    os as a,\n)\n",
            id="unused before, among others",
        ),
        pytest.param("x = 1\n", "def f(mpl):\n    return mpl\n", id="a parameter"),
        pytest.param("x = 1\n", "global y\ny = 1\ndef f():\n    return y\n", id="a global"),
        pytest.param("x = 1\n", "x = 1\ndel x\n", id="deleted"),
        pytest.param("x = 1\n", "from far import *\nprint(y)\n", id="from a star"),
        pytest.param("x = 1\n", "y = []  # type: List[int]\n", id="in a type comment"),
        pytest.param(
            "import a\na.f()\n", "try:\n    import a\nexcept ImportError:\n    a = None\na.f()\n",
            id="made conditional",
        ),
        pytest.param("print 'x'\n", "print 'y'\n", id="Python 2 before and after"),
    ],
)  # fmt: skip
def test_leaves_alone(before: str, after: str) -> None:
    assert check(made_up({"a.py": after}, {"a.py": before})) == []


def test_what_others_take_from_a_module_is_used() -> None:
    before = "import a\na.f()\n"
    files = {"pack/__init__.py": "import a\n", "main.py": "from pack import a\n"}
    assert check(made_up(files, {"pack/__init__.py": before})) == []


def test_code_that_no_longer_parses_is_named() -> None:
    subject = edited(miniature(), "utils.py", "summaries = []", "summaries = [")
    (failure,) = failures(check(subject))
    assert places([failure]) == [("utils.py", line_of(subject, "utils.py", "summaries = ["))]
    assert "is no longer valid Python" in failure.text


def test_says_which_file_is_nested_too_deeply() -> None:
    deep = {"deep.py": "x = " + "1 + " * 500 + "1\n"}
    with pytest.raises(UnparsableError, match=r"^efficientdet/deep.py: .*nested too deeply"):
        check(made_up(deep))
