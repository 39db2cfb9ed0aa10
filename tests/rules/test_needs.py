"""What the shipped rules need in other files: where it is lacking, they are not applied."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from patcher import engine
from patcher.model import Plan, State
from tests.rule_check import DOCUMENTED, ENTRIES, MINIATURE, SHIPPED

Files = Mapping[str, bytes]
HPARAMS, MAIN = "efficientdet/hparams_config.py", "efficientdet/main.py"
PACKAGE = "efficientdet/horovod_estimator/__init__.py"
HOOKS = "efficientdet/horovod_estimator/hooks.py"
# Those that `horovod_enabled` of the package reaches, and that the logging interval does.
ASKS_PACKAGE = {"main-1", "det_model_fn-1", "utis-3"}
ENABLED = {
    *ASKS_PACKAGE,
    *(f"main-{n}" for n in (8, 9, 10, 11)),
    "det_model_fn-2",
    "det_model_fn-3",
}
INTERVAL = {"det_model_fn-4", "det_model_fn-7"}


@pytest.fixture(params=["the miniature", "the pin"])
def files(request: pytest.FixtureRequest) -> Files:
    """The files that rules name or need, of the miniature and of the pin."""
    if request.param == "the miniature":
        return MINIATURE
    pristine: Path = request.getfixturevalue("pristine")
    return {path: (pristine / path).read_bytes() for path in MINIATURE}


def edited(files: Files, path: str, edit: Callable[[bytes], bytes]) -> Files:
    after = edit(files[path])
    assert after != files[path]
    return {**files, path: after}


def left_out(plan: Plan) -> set[str]:
    return {each.id for each in plan.outcomes if each.state is not State.PENDING}


def reason(plan: Plan, id_: str) -> str:
    (found,) = (each for each in plan.outcomes if each.id == id_)
    assert found.state is State.DRIFTED
    assert found.nearest
    assert found.nearest.text
    return found.nearest.why


def lines(edit: Callable[[bytes], bytes], *words: bytes) -> Callable[[bytes], bytes]:
    """An edit of the lines that hold all of some words."""

    def edited_lines(code: bytes) -> bytes:
        found = code.splitlines(keepends=True)
        return b"".join(edit(e) if all(word in e for word in words) else e for e in found)

    return edited_lines


def behind(*statements: str) -> Callable[[bytes], bytes]:
    """An edit that puts statements on whatever `default_detection_configs` gives back."""

    def edited_code(code: bytes) -> bytes:
        wrapper = "\n\ndef default_detection_configs():\n  h = _defaults()\n"
        wrapper += "".join(f"  {each}\n" for each in statements) + "  return h\n"
        return code.replace(b"def default_detection_configs", b"def _defaults") + wrapper.encode()

    return edited_code


PLACE = f"which `default_detection_configs` in {HPARAMS}"


def of_plan(files: Files) -> Plan:
    return engine.plan([DOCUMENTED], files)


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        pytest.param(lines(lambda line: b"", b"use_bfloat16"),
                     f"needs the key `use_bfloat16`, {PLACE} does not set", id="gone"),
        pytest.param(lambda code: code.replace(b"use_bfloat16", b"mixed_precision"),
                     f"needs the key `use_bfloat16`, {PLACE} does not set", id="renamed"),
        pytest.param(lines(lambda line: b"  # " + line.lstrip(), b"use_bfloat16"),
                     f"needs the key `use_bfloat16`, {PLACE} does not set", id="commented out"),
        pytest.param(behind("del h.use_bfloat16"),
                     f"needs the key `use_bfloat16`, {PLACE} does not set", id="deleted again"),
        pytest.param(behind("if TPU:", "  return {}"),
                     f"needs the keys `num_classes` and `use_bfloat16`, {PLACE} sets only at times",
                     id="under a condition"),
        pytest.param(lambda code: code.replace(b"num_classes", b"classes"),
                     f"needs the key `num_classes`, {PLACE} does not set", id="another key"),
        pytest.param(lambda code: code + b"def :\n",
                     f"needs the keys `num_classes` and `use_bfloat16`, but {HPARAMS} is not valid "
                     "Python", id="no Python"),
    ],
)  # fmt: skip
def test_no_default_for_what_has_no_default(
    edit: Callable[[bytes], bytes], why: str, files: Files
) -> None:
    plan = of_plan(edited(files, HPARAMS, edit))
    assert reason(plan, "main-5") == why
    assert left_out(plan) - {"main-6"} == {"main-5"}


def test_no_default_without_the_file_of_defaults(files: Files) -> None:
    plan = of_plan({path: code for path, code in files.items() if path != HPARAMS})
    assert left_out(plan) == {"main-5", "main-6"}
    assert reason(plan, "main-6").endswith(f"`efficientdet-d0`, but {HPARAMS} is not in the tree")


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda code: code.replace(b"default_detection_configs", b"defaults"),
                     id="the function was renamed"),
        pytest.param(behind("h.update(use_bfloat16=False)"), id="it is set again"),
        pytest.param(behind("del h.use_bfloat16", "setattr(h, 'use_bfloat16', False)"),
                     id="it is set otherwise"),
    ],
)  # fmt: skip
def test_a_default_may_be_set_in_other_words(edit: Callable[[bytes], bytes], files: Files) -> None:
    assert left_out(of_plan(edited(files, HPARAMS, edit))) == set()


def test_no_model_by_default_that_there_is_not(files: Files) -> None:
    plan = of_plan(edited(files, HPARAMS, lambda code: code.replace(b"-d0'", b"-lite'")))
    assert left_out(plan) == {"main-6"}
    why = f"needs the key `efficientdet-d0`, which {HPARAMS} does not set"
    assert reason(plan, "main-6") == why


def test_without_init_1_nothing_asks_the_package(files: Files) -> None:
    edit = lines(lambda line: line.replace(b"ImportError", b"OSError"), b"except ImportError")
    plan = of_plan(edited(files, PACKAGE, edit))
    assert left_out(plan) == {"init-1"} | ENABLED
    for id_ in ASKS_PACKAGE:
        assert reason(plan, id_) == (
            f"needs the name `horovod_enabled`, which {PACKAGE} does not define; "
            "init-1 would bring it in but cannot"
        )
    for id_ in ENABLED - ASKS_PACKAGE:
        by = "main-1" if id_.startswith("main") else "det_model_fn-1"
        why = f"needs `horovod_enabled`, which {by} would bring in but cannot"
        assert reason(plan, id_) == why


def test_a_package_that_may_have_the_name_will_not_do(files: Files) -> None:
    edit = lines(lambda line: line.replace(b"ImportError", b"OSError"), b"except ImportError")
    code = edit(files[PACKAGE]) + b"\nfrom .utis import *\n"
    assert left_out(of_plan({**files, PACKAGE: code})) == {"init-1"} | ENABLED


def test_without_main_14_no_interval_is_read(files: Files) -> None:
    edit = lines(lambda line: b"", b"params['batch_size'] = FLAGS.train_batch_size")
    plan = of_plan(edited(files, MAIN, edit))
    assert left_out(plan) == {"main-14", "det_model_fn-5"} | INTERVAL
    only = "only det_model_fn-7, which does not fit, would use it"
    assert reason(plan, "det_model_fn-5") == only
    why = (
        f"needs the key `every_n_iter`, which {MAIN} does not set in `params`; main-14 would bring"
    )
    assert reason(plan, "det_model_fn-4").startswith(why)


def test_no_interval_for_a_hook_that_takes_none(files: Files) -> None:
    plan = of_plan(edited(files, HOOKS, lambda code: code.replace(b"every_n_iter=", b"interval=")))
    assert left_out(plan) >= INTERVAL
    assert reason(plan, "det_model_fn-4") == (
        f"needs the parameter `every_n_iter`, which `LoggingTensorHook.__init__` in {HOOKS} does "
        "not take"
    )


@pytest.mark.parametrize(
    ("id_", "other"),
    [("main-1", "init-1"), ("det_model_fn-1", "init-1"), ("det_model_fn-4", "main-14")],
)
def test_alone_a_rule_names_the_one_that_it_needs(id_: str, other: str, files: Files) -> None:
    plan = engine.plan([DOCUMENTED], files, {id_})
    assert reason(plan, id_).endswith(f"; {other} brings it in")
    assert not plan.changed
    more = {"main-7"} if other == "main-14" else set()
    assert left_out(engine.plan([DOCUMENTED], files, {id_, other, *more})) == set()


def test_what_is_needed_may_need_more(files: Files) -> None:
    plan = engine.plan([DOCUMENTED], files, {"det_model_fn-4", "main-14"})
    assert reason(plan, "main-14") == "needs the flag 'log_every_n_steps', which main-7 brings in"
    assert reason(plan, "det_model_fn-4").endswith("; main-14 would bring it in but cannot")


@pytest.mark.parametrize("pack", SHIPPED)
def test_every_need_holds_on_the_miniature_and_the_pin(pack: str, files: Files) -> None:
    assert left_out(engine.plan([SHIPPED[pack]], files)) == set()


def test_needs_are_of_other_files() -> None:
    for section, rule in ENTRIES.values():
        assert section.path not in {need.file for need in rule.needs}
