from collections.abc import Iterator
from pathlib import Path

import pytest

from patcher.verify.model import Finding, Subject
from patcher.verify.residue import check
from tests.verify.subjects import line_of, made_up, miniature, patched, places


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
    bare = [finding for finding in check(Subject(subject.before, subject.after)) if _lacks(finding)]
    lines = ("from TensorFlow.common import", "from TensorFlow.common.tb_utils")
    assert [place for place in places(bare) if place[0] == "main.py"] == [
        ("main.py", line_of(subject, "main.py", line)) for line in lines
    ]
    assert not any(map(_lacks, check(subject)))


def test_modules_that_python_finds_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject({}, miniature().after)
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "TensorFlow" / "common"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('it must not be run')")
    (package / "tb_utils.py").touch()
    names = {finding.text.split()[0] for finding in check(subject) if _lacks(finding)}
    assert names == {"TensorFlow.common.horovod_helpers"}


def test_modules_in_the_tree_are_there() -> None:
    subject = made_up({"main.py": "from TensorFlow.common.own import x\n"})
    beside = {**subject.after, "TensorFlow/common/own.py": b"x = 1\n"}
    assert check(Subject({}, beside)) == []


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


def test_a_local_of_that_name_is_not_horovod() -> None:
    assert check(made_up({"a.py": "hvd = {}\nif hvd is not None:\n  hvd.keys()\n"})) == []


def test_horovod_under_another_name_is_horovod() -> None:
    code = (
        "try:\n  import horovod.tensorflow as h\nexcept ImportError:\n  h = None\nh.size()  # hvd\n"
    )
    assert places(check(made_up({"a.py": code}))) == [("a.py", 5)]


def _lacks(finding: Finding) -> bool:
    return "expected a runtime" in finding.text


def _texts(subject: Subject) -> set[str]:
    def texts() -> Iterator[str]:
        for finding in check(subject):
            file = finding.file.removeprefix("efficientdet/")
            yield f"{file}: {finding.text.partition(' still')[0]}"

    return set(texts())
