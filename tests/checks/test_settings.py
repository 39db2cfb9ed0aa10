from dataclasses import replace
from pathlib import Path

import pytest

from patcher.checks import settings
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


def check(subject: Subject) -> list[Finding]:
    return checked(result(subject))


def result(subject: Subject) -> list[Finding] | None:
    params = OPTIONS["settings"]["params"]
    assert isinstance(params, str)
    return settings.check(subject, params=params)


def test_the_patched_pin_passes(pristine: Path) -> None:
    subject = patched(pristine)
    (advice,) = check(subject)  # of the reader for segmentation, which nothing uses
    line = line_of(subject, "dataloader.py", "params['ignore_label']")
    assert (places([advice]), advice.advice) == ([("dataloader.py", line)], True)


def test_the_patched_miniature_passes() -> None:
    assert check(miniature()) == []


def test_without_main_14_the_interval_is_not_written() -> None:
    found = check(miniature("main-14"))
    assert {finding.file for finding in failures(found)} == {"efficientdet/det_model_fn.py"}
    assert all("params['every_n_iter'] is read" in finding.text for finding in found)
    lines = miniature().new.files["efficientdet/det_model_fn.py"].decode().splitlines()
    assert [f.line for f in found] == [n for n, text in enumerate(lines, 1) if "'every_" in text]


def test_without_main_7_the_flags_are_not_defined() -> None:
    subject = miniature("main-7")
    found = failures(check(subject))
    assert [finding.text.split("`")[1] for finding in found] == [
        "cp_every_n_steps",
        "log_every_n_steps",
    ]
    assert places(found) == [
        ("main.py", line_of(subject, "main.py", f"FLAGS.{name}"))
        for name in ("cp_every_n_steps", "log_every_n_steps")
    ]


def test_modules_that_are_imported_late_are_of_the_program() -> None:
    subject = made_up(
        {"main.py": "def f():\n  from pack import deep\n", "pack/__init__.py": "",
         "pack/deep.py": "import far\n", "far.py": "def f(params):\n  return params['x']\n"},
        {"far.py": ""},
    )  # fmt: skip
    assert places(failures(check(subject))) == [("far.py", 2)]


def test_other_programs_are_not_looked_at() -> None:
    other = "from absl import flags\nflags.FLAGS.gone\n"
    assert result(made_up({"main.py": "", "inference.py": other})) is None
    assert check(made_up({"main.py": f"{_FLAGS}FLAGS.v\n", "inference.py": other})) == []


_FLAGS = "from absl import flags\nFLAGS = flags.FLAGS\n"


@pytest.mark.parametrize(
    "code",
    [
        "FLAGS.gone\n",
        "FLAGS['gone'].value\n",
        "flags.FLAGS.gone\n",
        "def f(x=FLAGS.gone):\n  FLAGS = x\n",
        "from absl.flags import FLAGS as F\nF.gone\n",
        "def f():\n  global FLAGS\n  FLAGS = flags.FLAGS\n  return FLAGS.gone\n",
    ],
)
def test_flags_that_nothing_defines(code: str) -> None:
    (failure,) = check(made_up({"main.py": _FLAGS + code}))
    assert "flag `gone` is read" in failure.text


@pytest.mark.parametrize(
    "code",
    [
        "FLAGS.flag_values_dict()\nFLAGS.verbosity\n",
        "flags.DEFINE_string(name='x', default='', help='')\nFLAGS.x\n",
        "flags.DEFINE(None, 'x', '', '')\nFLAGS['x'].value\n",
        "from absl.flags import DEFINE_bool\nDEFINE_bool('x', True, '')\nFLAGS.x\n",
        "FLAGS.x = 1\n",
        "if hasattr(FLAGS, 'x'):\n  FLAGS.x\n",
        "if 'x' in FLAGS:\n  FLAGS.x\n",
        "try:\n  FLAGS.x\nexcept AttributeError:\n  pass\n",
        "def f(FLAGS):\n  return FLAGS.x\n",
        "def f():\n  FLAGS = g()\n  def h():\n    return FLAGS.x\n",
        "f = lambda FLAGS: FLAGS.x\n",
        "[FLAGS.x for FLAGS in ()]\n",
        "class Flags: pass\nf = Flags()\nf.x\n",
    ],
)
def test_flags_that_are_fine(code: str) -> None:
    assert check(made_up({"main.py": f"{_FLAGS}FLAGS.v\n{code}"})) == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("FLAGS.x = 1\n", id="no flag is read"),
        pytest.param("def f(FLAGS):\n  return FLAGS.x\n", id="other flags are read"),
        pytest.param(
            "for name in 'xy':\n  flags.DEFINE_bool(name, True, '')\nFLAGS.x\n",
            id="which are defined is not known",
        ),
    ],
)
def test_flags_that_are_not_checked(code: str) -> None:
    assert result(made_up({"main.py": _FLAGS + code})) is None


@pytest.mark.parametrize(
    "code",
    [
        "def f(params):\n  return params['k']\n",
        "def f(*, params=None):\n  def g():\n    return params['k']\n",
        "class C:\n  def f(self):\n    return self._params['k']\n",
        "def f():\n  params = dict(a=1)\n  return params['k']\n",
        "def f(params):\n  params.get('k')\n  return params['k']\n",
        "def f(params):\n  return [params['k'] for _ in ()]\n",
        "g(k=1)\ndef f(params):\n  return params['k']\n",
    ],
)
def test_parameters_that_nothing_writes(code: str) -> None:
    (failure,) = check(made_up({"main.py": code}))
    assert "params['k'] is read" in failure.text


@pytest.mark.parametrize(
    "writer",
    [
        "params['k'] = 1",
        "params = dict(other, k=1)",
        "params = {'k': 1}",
        "params.update(k=1)",
        "params.update({'k': 1})",
        "params.setdefault('k', 1)",
        "h.k = 1",
    ],
)
def test_parameters_that_are_written(writer: str) -> None:
    reader = "import config\ndef f(params):\n  return params['k']\n"
    assert check(made_up({"main.py": reader, "config.py": writer})) == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(params):\n  return params.get('k')\n",
        "def f(params):\n  if 'k' in params:\n    return params['k']\n",
        "def f(params):\n  try:\n    return params['k']\n  except KeyError:\n    pass\n",
        "def f(table):\n  params = table[50]\n  return params['k']\n",
        "def f(**params):\n  return params['k']\n",
        "def f(params, key):\n  return params[key], params[0]\n",
        "def f(params):\n  del params['k']\n",
        "[params['k'] for params in ()]\n",
        "other_params = g()\nother_params['k']\n",
    ],
)
def test_parameters_that_are_fine(code: str) -> None:
    reader = "def g(params):\n  params['known'] = 1\n  return params['known']\n"
    assert check(made_up({"main.py": reader + code})) == []


def test_parameters_that_are_not_read_are_not_checked() -> None:
    assert result(made_up({"main.py": "def f(params):\n  return params.get('k')\n"})) is None


_READER = "def f(params):\n  return params['k']\n"


@pytest.mark.parametrize("program", ["", "efficientdet/main.py"], ids=["none named", "none there"])
def test_a_tree_without_its_program_is_not_checked(program: str) -> None:
    subject = replace(made_up({"other.py": _READER}), program=program)
    assert result(subject) is None


def test_parameters_are_looked_up_where_a_mapping_is_named() -> None:
    subject = made_up({"main.py": _READER})
    assert settings.check(subject) is None
    assert settings.check(subject, params="options") is None
    (failure,) = checked(settings.check(subject, params="params"))
    assert failure.text == "params['k'] is read, expected code that writes it"


def test_a_read_that_a_hand_adds_is_named() -> None:
    subject = edited(miniature(), "main.py", "FLAGS.num_epochs *", "FLAGS.num_epoch *")
    assert places(failures(check(subject))) == [("main.py", line_of(subject, "main.py", "epoch *"))]
