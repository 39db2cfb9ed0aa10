from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from patcher.checks.model import Finding, Subject
from patcher.checks.optional_module import check as check_with
from patcher.checks.sources import Sources
from tests.checks.subjects import (
    OPTIONS,
    OTHER_RUNTIME,
    checked,
    line_of,
    made_up,
    miniature,
    patched,
    places,
    with_files,
)


def check(subject: Subject) -> list[Finding]:
    return checked(result(subject))


def result(subject: Subject) -> list[Finding] | None:
    return check_with(subject, **OPTIONS["optional_module"])  # type: ignore[arg-type]


def test_the_patched_pin_is_advised_of_what_is_left(pristine: Path) -> None:
    subject = patched(pristine)
    found = check(subject)
    assert all(finding.advice for finding in found)
    hooks = "horovod_estimator/hooks.py"
    uses = ("hvd.broadcast_global_variables(", "hvd.allreduce(", "len(images) * hvd.size()")
    assert places(found) == [
        *((hooks, line_of(subject, hooks, use)) for use in (*uses, "= batch_size * hvd.size()")),
        ("utils.py", line_of(subject, "utils.py", "num_shards = hvd.size()")),
    ]


def test_tests_that_still_stand_are_named() -> None:
    subject = miniature("utis-2", "main-8")
    texts = _texts(subject)
    assert "main.py: `hvd is None`" in texts
    assert "horovod_estimator/utis.py: `hvd is not None`" in texts


def test_modules_that_no_runtime_provides_are_named() -> None:
    subject = miniature()
    bare = [
        finding for finding in check(replace(subject, runtime=OTHER_RUNTIME)) if _lacks(finding)
    ]
    lines = ("from TensorFlow.common import", "from TensorFlow.common.tb_utils")
    assert [place for place in places(bare) if place[0] == "main.py"] == [
        ("main.py", line_of(subject, "main.py", line)) for line in lines
    ]
    assert not any(map(_lacks, check(subject)))


@pytest.mark.parametrize("packages", [["TensorFlow/common"], ["TensorFlow"], []], ids=str)
def test_modules_that_python_finds_are_there(
    packages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = replace(miniature(), runtime=OTHER_RUNTIME)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "TensorFlow/common").mkdir(parents=True)
    trap = "raise RuntimeError('it must not be run')"
    for name in ("TensorFlow/common/tb_utils.py", *(f"{each}/__init__.py" for each in packages)):
        (tmp_path / name).write_text(trap)
    names = {finding.text.split()[0] for finding in check(subject) if _lacks(finding)}
    assert names == {"TensorFlow.common.horovod_helpers"}


def test_modules_in_the_tree_are_there() -> None:
    subject = made_up({"main.py": "from TensorFlow.common.own import x\n"})
    subject = with_files(subject, {"TensorFlow/common/own.py": b"x = 1\n"})
    assert check(replace(subject, runtime=OTHER_RUNTIME)) == []


def test_folders_of_a_runtime_are_there() -> None:
    code = f"{_HELPERS}import TensorFlow.common\nfrom TensorFlow import common\n"
    assert check(made_up({"main.py": code})) == []


def test_a_module_of_a_runtime_that_may_define_anything_is_there() -> None:
    runtime = Sources({"TensorFlow/common/horovod_helpers.py": b"from far import *\n"})
    assert check(replace(made_up({"main.py": _HELPERS}), runtime=runtime)) == []


def test_modules_of_no_runtime_are_not_looked_for() -> None:
    subject = made_up({"main.py": f"{_HELPERS}hvd.size()\nfrom TensorFlow.far import x\n"})
    assert len(check(subject)) == 2
    assert len(check(replace(subject, runtime=Sources({})))) == 1


_HELPERS = "from TensorFlow.common.horovod_helpers import hvd, horovod_enabled\n"


@pytest.mark.parametrize(
    "code",
    [
        "if hvd is not None:\n  pass\n",
        "x = 1 if hvd != None else 2\n",
        "x = None == hvd\n",
        "if hvd:\n  pass\n",
        "x = not hvd\n",
        "x = f() and hvd\n",
        "hvd.size()\n",
        "def f():\n  return hvd.size\n",
        "if horovod_enabled():\n  pass\nelse:\n  hvd.size()\n",
        "if not horovod_enabled():\n  hvd.size()\n",
        "if x or horovod_enabled():\n  hvd.size()\n",
        "horovod_enabled() or hvd.size()\n",
        "hvd.size() if not horovod_enabled() else 1\n",
        "def f():\n  if horovod_enabled():\n    return\n  hvd.size()\n",
        "def f():\n  if not horovod_enabled():\n    return\ndef g():\n  hvd.size()\n",
        "if horovod_enabled():\n  pass\nhvd.size()\n",
        "def f(hvd=hvd.size()):\n  return hvd.rank()\n",
        "def f(n):\n  if n > 1:\n    hvd.allreduce()\n",
        "n = hvd.size()\nif n > 1:\n  hvd.allreduce(n)\n",
    ],
)
def test_finds_one_thing_left(code: str) -> None:
    (advice,) = check(made_up({"a.py": _HELPERS + code}))
    assert advice.advice


@pytest.mark.parametrize(
    "code",
    [
        "if horovod_enabled():\n  hvd.size()\n",
        "if x and horovod_enabled():\n  hvd.size()\n",
        "if not (x and horovod_enabled()):\n  pass\nelse:\n  hvd.size()\n",
        "if not horovod_enabled():\n  pass\nelif hvd.rank():\n  hvd.size()\n",
        "while horovod_enabled():\n  hvd.size()\n",
        "horovod_enabled() and hvd.size()\n",
        "not horovod_enabled() or hvd.size()\n",
        "x = hvd.size() if horovod_enabled() else 1\n",
        "x = 1 if not horovod_enabled() else str(hvd.size())\n",
        "def f():\n  if not horovod_enabled():\n    return\n  hvd.size()\n",
        "for x in ():\n  if not horovod_enabled():\n    continue\n  hvd.size()\n",
        "def f():\n  if x or not horovod_enabled():\n    raise ValueError\n  hvd.size()\n",
        "def f():\n  assert horovod_enabled()\n  with x:\n    hvd.size()\n",
        "if horovod_enabled():\n  def f():\n    return lambda: hvd.size()\n",
        "if horovod_enabled():\n  n = hvd.size()\nelse:\n  n = 1\nif n > 1:\n  hvd.allreduce(n)\n",
        "on = horovod_enabled()\nif on:\n  hvd.size()\n",
        "import helpers\nif helpers.horovod_enabled():\n  hvd.size()\n",
        "def f(hvd):\n  return hvd.size() if hvd is not None else 1\n",
        "def f():\n  import horovod.tensorflow as hvd\n  return hvd.size()\n",
        "[hvd.size for hvd in ()]\n",
        "self.hvd.size()\nhvd_info.size()\n",
        "x = hvd\n",
        "# if hvd is not None: hvd.size()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert check(made_up({"a.py": _HELPERS + code})) == []


def test_a_local_of_that_name_is_not_the_module() -> None:
    local = {"a.py": "hvd = {}\nif hvd is not None:\n  hvd.keys()\n"}
    assert result(made_up(local)) is None
    assert check(made_up({**local, "b.py": _HELPERS})) == []


def test_a_tree_without_the_module_and_the_runtime_is_not_checked() -> None:
    assert result(made_up({"a.py": "import numpy\n", "hvd.py": "x = 1\n"})) is None


def test_the_module_under_another_name_is_the_module() -> None:
    code = "try:\n  import horovod.tensorflow as h\nexcept ImportError:\n  h = None\nh.size()\n"
    assert places(check(made_up({"a.py": code}))) == [("a.py", 5)]


def test_another_module_is_called_by_its_own_names() -> None:
    code = "from drivers import gpu, gpu_on\nif gpu:\n  n = gpu.count()\nif n > 1:\n  gpu.run()\n"
    found = checked(
        check_with(
            made_up({"a.py": code}),
            title="the driver",
            module="drivers.gpu",
            names=("gpu",),
            enabled=("gpu_on",),
            counts=("count",),
        )
    )
    assert [finding.text for finding in found] == [
        "`gpu` still asks whether the driver is installed, expected `gpu_on()`"
    ]


@pytest.mark.parametrize(
    ("code", "left"),
    [
        pytest.param("if hvd is not None and hvd.is_initialized():\n  hvd.size()\n", 0, id="if"),
        pytest.param("if hvd is None or not hvd.is_initialized():\n  pass\n", 0, id="unless"),
        pytest.param("x = 1 if hvd is None or not hvd.is_initialized() else hvd.size()\n", 0,
                     id="in an expression"),
        pytest.param("if hvd and hvd.is_initialized():\n  hvd.size()\n", 0, id="truth"),
        pytest.param("if switched_on():\n  hvd.size()\n", 0, id="the other function"),
        pytest.param("if hvd is not None:\n  hvd.is_initialized()\n", 1, id="not with it"),
        pytest.param("if hvd is not None and x:\n  hvd.is_initialized()\n", 1, id="with less"),
        pytest.param("if hvd.is_initialized():\n  hvd.size()\n", 1, id="without it"),
    ],
)  # fmt: skip
def test_only_a_module_that_is_there_can_be_asked(code: str, left: int) -> None:
    options = {"title": "Horovod", "module": "horovod.tensorflow", "names": ("hvd",)}
    subject = made_up({"a.py": f"import horovod.tensorflow as hvd\n{code}"})
    enabled = ("hvd.is_initialized", "switched_on")
    found = checked(check_with(subject, **options, enabled=enabled))  # type: ignore[arg-type]
    assert len(found) == left
    assert all("expected `hvd.is_initialized()`" in e.text or "a guard" in e.text for e in found)


def _lacks(finding: Finding) -> bool:
    return "expected a runtime" in finding.text


def _texts(subject: Subject) -> set[str]:
    def texts() -> Iterator[str]:
        for finding in check(subject):
            file = finding.file.removeprefix("efficientdet/")
            yield f"{file}: {finding.text.partition(' still')[0]}"

    return set(texts())
