from dataclasses import replace
from pathlib import Path

import pytest

from patcher.checks import imports
from patcher.checks.model import Finding, Subject
from patcher.checks.sources import Sources
from tests.checks.subjects import (
    RUNTIME,
    checked,
    failures,
    line_of,
    made_up,
    miniature,
    patched,
    places,
)


def check(subject: Subject) -> list[Finding]:
    return checked(imports.check(subject))


def test_the_patched_pin_passes(pristine: Path) -> None:
    assert check(patched(pristine)) == []


def test_without_init_1_both_that_rely_on_it_are_named() -> None:
    subject = miniature("init-1")
    found = failures(check(subject))
    assert places(found) == [
        ("det_model_fn.py", line_of(subject, "det_model_fn.py", "import show_model")),
        ("main.py", line_of(subject, "main.py", "import HorovodEstimator")),
    ]
    assert all("`horovod_enabled` is imported from horovod_estimator" in f.text for f in found)


def test_a_name_that_the_runtime_lacks_is_named() -> None:
    subject = miniature()
    poor = Sources({**RUNTIME, "TensorFlow/common/tb_utils.py": b""})
    found = failures(check(replace(subject, runtime=poor)))
    assert places(found) == [
        ("det_model_fn.py", line_of(subject, "det_model_fn.py", "import ExamplesPerSecond")),
        ("main.py", line_of(subject, "main.py", "import write_hparams_v1")),
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("from pack import nothing", "`nothing` is imported from pack"),
        ("from pack.deep import nothing", "`nothing` is imported from pack.deep"),
        ("import pack.nothing", "pack.nothing is imported"),
        ("from pack.nothing import x", "pack.nothing is imported"),
        ("from pack import unbound", "`unbound` is imported from pack"),
        ("from pack import gone", "`gone` is imported from pack"),
        ("from pack import error", "`error` is imported from pack"),
        ("from pack import item", "`item` is imported from pack"),
        ("from starred import _hidden", "`_hidden` is imported from starred"),
        ("from listed import b", "`b` is imported from listed"),
        ("from pack.nothing.at.all import x, y", "pack.nothing.at.all is imported"),
        ("def f():\n    from pack import nothing", "`nothing` is imported from pack"),
    ],
)
def test_names_what_is_not_there(line: str, text: str) -> None:
    (failure,) = check(made_up({**_TREE, "main.py": line}, {"main.py": ""}))
    assert places([failure]) == [("main.py", line.count("\n") + 1)]
    assert text in failure.text
    assert not failure.advice


_TREE = {
    "pack/__init__.py": """\
        from . import deep
        from .deep import f as g
        import os.path
        unbound: int
        gone = 1
        del gone
        squares = [item for item in range(3)]
        try:
            tried = 1
        except ImportError as error:
            tried = None
        if os:
            (pair, *rest), chosen = [1, 2], 3
        for looped in ():
            with open(looped) as opened:
                pass
        def h():
            global declared
            declared = 1
        print(walrus := 1)
        match rest:
            case [first, *others]:
                pass
        """,
    "pack/deep.py": "def f(): pass\nclass C: pass\n_private = 1\n",
    "pack/relative.py": "from .deep import f\nfrom . import deep, g\nfrom .. import utils\n",
    "starred.py": "from hidden import *\nfrom pack.deep import *\n",
    "hidden.py": "_hidden = shown = 1\n",
    "lists.py": "__all__ = ['a', '_c']\na = b = _c = 1\n",
    "listed.py": "from lists import *\n",
    "open_end.py": "from numpy import *\n",
    "lazy.py": "def __getattr__(name): return name\n",
    "secret.py": "globals().update(x=1)\n",
    "round.py": "from about import b\na = 1\n",
    "ring.py": "from gnir import *\nx = 1\n",
    "gnir.py": "from ring import *\ny = 1\n",
    "about.py": "from round import a\nb = 1\n",
    "space/inner.py": "x = 1\n",
    "utils.py": "",
}


@pytest.mark.parametrize(
    "line",
    [
        "from pack import deep, g, os, squares, tried, pair, rest, chosen, looped, opened",
        "from pack import declared, walrus, first, others, h, relative, __name__, __path__",
        "from pack.deep import f, C, _private",
        "import pack.deep as d, pack, numpy.nothing",
        "from starred import shown, f, C",
        "from listed import a, _c",
        "from open_end import anything",
        "from lazy import anything",
        "from secret import x",
        "from round import a, b",
        "from ring import x, y",
        "from gnir import x, y",
        "from about import a, b",
        "import space.inner, secret.deep, open_end.deep.er, gone.away",
        "from space import inner, elsewhere",
        "from tensorflow.python import anything",
        "from TensorFlow.common import library_loader",
        "from TensorFlow.common.unknown import anything",
        "from TensorFlow.common.tb_utils import __name__, write_hparams_v1",
        "from pack import *",
        "try:\n    from pack import nothing\nexcept ImportError:\n    nothing = None",
        "try:\n    import pack.nothing\nexcept (KeyError, ModuleNotFoundError):\n    pass",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack import nothing",
    ],
)
def test_leaves_alone(line: str) -> None:
    assert check(made_up({**_TREE, "main.py": line})) == []


def test_what_failed_before_as_well_is_advice() -> None:
    (advice,) = check(
        made_up({"main.py": "x = 1\nimport main.gone"}, {"main.py": "import main.gone"})
    )
    assert (advice.line, advice.advice) == (2, True)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"x = 1\nprint 'two'\n", 2, id="Python 2"),
        pytest.param(b"x = 1\ny = '\xe4'\n", 2, id="neither UTF-8 nor declared"),
        pytest.param(b"x = 'a\0b'\n", 1, id="a null byte"),
        pytest.param(b"x = " + b"-" * 100_000 + b"1\n", 1, id="nested too deeply"),
    ],
)
def test_files_that_are_not_python_are_advice(content: bytes, line: int) -> None:
    files: dict[str, str | bytes] = {"odd.py": content, "main.py": "from odd import anything\n"}
    (advice,) = check(made_up(files, {}))
    assert places([advice]) == [("odd.py", line)]
    assert advice.advice
    assert "is not valid Python 3" in advice.text


def test_other_encodings_are_read() -> None:
    files: dict[str, str | bytes] = {
        "odd.py": b"# coding: latin-1\nx = '\xe4'\n",
        "main.py": "from odd import x, y\n",
    }
    assert places(check(made_up(files, {"main.py": ""}))) == [("main.py", 1)]


def test_a_tree_without_imports_is_not_checked() -> None:
    assert imports.check(made_up({"main.py": "x = 1\n"})) is None
    assert imports.check(made_up({})) is None


def test_long_chains_do_not_overwhelm() -> None:
    chain = "if x == 0:\n  a = 0\n" + "".join(f"elif x == {n}:\n  a = {n}\n" for n in range(900))
    files = {"long.py": f"x = {'+'.join('1' * 900)}\n{chain}", "main.py": "from long import x, a\n"}
    assert check(made_up(files)) == []
