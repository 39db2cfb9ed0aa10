"""A tree with a port of one's own already in it: told edit by edit, and nothing done twice."""

from collections.abc import Mapping

import pytest

from patcher import engine
from patcher.model import Outcome, Plan, State
from tests.rule_check import DOCUMENTED, MINIATURE, again

Port = Mapping[str, tuple[tuple[str, str], ...]]
# What was written by hand, file by file: the upstream's text, and what stands there now.
PORT: Port = {
    "dataloader.py": (
        (
            "from horovod_estimator import hvd",
            "from TensorFlow.common.horovod_helpers import (\n    horovod_enabled,\n    hvd,\n)",
        ),
        (
            "if hvd is not None:",
            "if (horovod_enabled()):  # as the document has it",
        ),
    ),
    "det_model_fn.py": (
        ("import show_model, hvd\n", "import horovod_enabled, hvd, show_model\n"),
        (
            "if not isinstance(optimizer, hvd._DistributedOptimizer):",
            "if hvd is not None and hvd.is_initialized():",
        ),
        (
            "training_hooks = [init_weights_hook]",
            "training_hooks = []\n"
            "  if hvd is not None and hvd.is_initialized():\n"
            "    training_hooks.append(init_weights_hook)",
        ),
        (
            "summary_dir=params['model_dir'])\n",
            "summary_dir=params['model_dir'],\n"
            "        every_n_iter=params.get('every_n_iter', 100))\n",
        ),
        (
            "training_hooks.append(logging_hook)",
            "training_hooks.append(logging_hook)\n"
            "    training_hooks.append(ExamplesPerSecondEstimatorHook(params['batch_size']))",
        ),
        (
            "from horovod_estimator.utis",
            "from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook, TimeHook\n"
            "from horovod_estimator.utis",
        ),
    ),
    "horovod_estimator/hooks.py": (
        ("import matplotlib as mpl\n", ""),
        ("mpl.use('Agg')\n", ""),
        ("device=''", "device='/device:HPU:1'"),
        ("tag='avg/{}'.format(tag)", "tag=tag"),
    ),
    "horovod_estimator/__init__.py": (("horovod.tensorflow", "horovod.torch"),),
    "horovod_estimator/utis.py": (
        ("    if hvd is not None:\n        return", "    if horovod_enabled():\n        return"),
        ("if not IS_HVD_INIT and hvd is not None:", "if horovod_enabled() and not IS_HVD_INIT:"),
        ("        hvd.init()\n", "        hvd_init()\n"),
    ),
    "main.py": (
        ("'use_tpu', True, 'Use", "name='use_tpu', default=False, help='Use"),
        ("'model_name', 'efficientdet-d1'", "'network', 'efficientdet-d0'"),
        ("'model_dir', None,", "'model_dir', '/models',"),
        ("'hparams', '',", "'hparams', \"num_classes=91,\" 'use_bfloat16=false',"),
        (
            "flags.DEFINE_bool('eval_after_training', False, 'Evaluate the trained model')",
            "flags.DEFINE_bool('eval_after_training', False, 'Evaluate the trained model')\n"
            "flags.DEFINE_integer('log_every_n_steps', 50, 'Steps between lines of the log')",
        ),
        (
            "'1' if hvd is None else str(hvd.size())",
            "str(hvd.size()) if horovod_enabled() else '1'",
        ),
        (
            "        num_shards = hvd.size()",
            "        num_shards = hvd.size()\n    else:\n        num_shards = 1",
        ),
        ("save_checkpoints_steps=600", "save_checkpoints_steps=FLAGS.save_every"),
        (
            "params['batch_size'] = FLAGS.train_batch_size",
            "params['batch_size'] = FLAGS.train_batch_size\n"
            "    params['every_n_iter'] = FLAGS.log_every_n_steps  # ours",
        ),
    ),
    "normalization_v2.py": (("import hvd, hvd_info", "import hvd"),),
    "utils.py": (("from horovod_estimator import hvd\n", "hvd = None\n"),),
}
DONE = (
    "dataloader-1 dataloader-2 det_model_fn-1 det_model_fn-5 hooks-2 hooks-4 hooks-6 utis-2 "
    "utis-3 main-3 main-5 main-8 main-14"
)
# What needs `horovod_enabled` of the package, where init-1 is done otherwise: and without it.
IN_VAIN = "main-1 main-9 main-10 main-11"
OTHERWISE_DONE = (
    "det_model_fn-2 det_model_fn-3 det_model_fn-4 det_model_fn-7 hooks-5 init-1 main-4 main-7 "
    "main-12 utils-1"
)


def ported() -> dict[str, bytes]:
    files = dict(MINIATURE)
    for name, edits in PORT.items():
        path = f"efficientdet/{name}"
        text = files[path].decode()
        for old, new in edits:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        files[path] = text.encode()
    return files


@pytest.fixture(scope="module")
def plan() -> Plan:
    return engine.plan([DOCUMENTED], ported())


def of(plan: Plan, state: State) -> set[str]:
    return {outcome.id for outcome in plan.outcomes if outcome.state is state}


def test_what_was_done_as_documented_is_applied(plan: Plan) -> None:
    assert of(plan, State.APPLIED) == set(DONE.split())


def test_what_was_done_otherwise_is_drifted_and_shown(plan: Plan) -> None:
    assert of(plan, State.DRIFTED) == {*OTHERWISE_DONE.split(), *IN_VAIN.split()}
    for outcome in plan.blocking:
        assert outcome.nearest
        assert outcome.nearest.text
        assert outcome.nearest.line > 1
        assert outcome.nearest.why


def test_what_is_about_nothing_here_is_absent(plan: Plan) -> None:
    assert of(plan, State.ABSENT) == {"main-6"}
    nearest = outcome(plan, "main-6").nearest
    assert nearest
    assert nearest.why == "`'model_name'` is nowhere in this file: nothing to do?"


def test_the_rest_is_pending(plan: Plan) -> None:
    told = {*DONE.split(), *OTHERWISE_DONE.split(), *IN_VAIN.split(), *of(plan, State.ABSENT)}
    rest = {id_ for id_, _, _ in DOCUMENTED.entries()} - told
    assert of(plan, State.PENDING) == rest


def test_nothing_is_applied_twice(plan: Plan) -> None:
    after = {file.path: file.after for file in plan.files}
    again = engine.plan([DOCUMENTED], {**ported(), **after})
    assert of(again, State.APPLIED) == of(plan, State.APPLIED) | of(plan, State.PENDING)
    assert not again.changed
    for path in after:
        content = ported()[path]
        for name in ("ExamplesPerSecondEstimatorHook(", "log_every_n_steps'", "num_shards = 1\n"):
            assert after[path].decode().count(name) == content.decode().count(name)


def test_the_lines_of_the_port_stay(plan: Plan) -> None:
    """An edit changes the upstream's lines, none of those that were written by hand."""
    after = {file.path: file.after.decode() for file in plan.files}
    for name, edits in PORT.items():
        for _, new in edits:
            for line in new.splitlines():
                assert line.strip() in after[f"efficientdet/{name}"]


def outcome(plan: Plan, id_: str) -> Outcome:
    (found,) = (each for each in plan.outcomes if each.id == id_)
    return found


@pytest.mark.parametrize(
    ("id_", "shown", "why"),
    [
        ("det_model_fn-2", "if hvd is not None and hvd.is_initialized():", "expected"),
        ("det_model_fn-4", "every_n_iter=params.get(", "has `every_n_iter=params.get("),
        ("hooks-5", "def __init__(", "is '/device:HPU:1', expected ''"),
        ("main-4", "flags.DEFINE_string('model_dir'", "is '/models', expected None"),
        ("main-7", "flags.DEFINE_integer('log_every_n_steps', 50", "expected"),
        ("main-12", "session_config=", "is FLAGS.save_every, expected 600"),
    ],
)
def test_says_what_was_done_otherwise(plan: Plan, id_: str, shown: str, why: str) -> None:
    nearest = outcome(plan, id_).nearest
    assert nearest
    assert nearest.text.startswith(shown)
    assert why in nearest.why


IN_OTHER_WORDS = [
    pytest.param(
        "det_model_fn-7",
        "training_hooks.append(logging_hook)",
        "training_hooks.append(logging_hook)\n"
        "    training_hooks += [ExamplesPerSecondEstimatorHook(params['batch_size'])]",
        "calls `ExamplesPerSecondEstimatorHook` already",
        id="a hook beside the one that the edit adds it to",
    ),
    pytest.param(
        "det_model_fn-3",
        "  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, "
        "model_dir=params['model_dir'])\n  training_hooks = [init_weights_hook]",
        "  if not horovod_enabled():\n    training_hooks = []\n  else:\n"
        "    init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, "
        "model_dir=params['model_dir'])\n    training_hooks = [init_weights_hook]",
        "is under `if not horovod_enabled():` already",
        id="the opposite question around it",
    ),
    pytest.param(
        "main-2",
        "FLAGS = flags.FLAGS",
        "from TensorFlow.common.library_loader import load_habana_module\nload_habana_module()\n"
        "FLAGS = flags.FLAGS",
        "calls `load_habana_module` already",
        id="a call by a name of its own",
    ),
    pytest.param(
        "main-7",
        "FLAGS = flags.FLAGS",
        "def define_flags():\n  flags.DEFINE_integer('cp_every_n_steps', 600, 'help')\n\n"
        "FLAGS = flags.FLAGS",
        "defines the flag 'cp_every_n_steps' already",
        id="a flag that a function defines",
    ),
    pytest.param(
        "main-14",
        "params['batch_size'] = FLAGS.train_batch_size",
        "params.update(every_n_iter=FLAGS.log_every_n_steps)\n"
        "    params['batch_size'] = FLAGS.train_batch_size",
        "sets `'every_n_iter'` already",
        id="a key by keyword",
    ),
    pytest.param(
        "main-17",
        "  model_fn_instance =",
        "  tb_utils.write_hparams_v1(FLAGS.model_dir, params)\n  model_fn_instance =",
        "calls `write_hparams_v1` already",
        id="a call through its module",
    ),
]


@pytest.mark.parametrize(("id_", "old", "new", "why"), IN_OTHER_WORDS)
def test_what_is_there_in_other_words_is_not_added(id_: str, old: str, new: str, why: str) -> None:
    section = next(s for each, s, _ in DOCUMENTED.entries() if each == id_)
    code = MINIATURE[section.path].decode()
    assert old in code
    files = {**MINIATURE, section.path: code.replace(old, new, 1).encode()}
    plan = engine.plan([DOCUMENTED], files)
    found = outcome(plan, id_)
    assert found.state is State.DRIFTED
    assert id_ in of(again([DOCUMENTED], plan), State.DRIFTED)
    assert found.nearest
    assert found.nearest.text in new
    assert found.nearest.why == why
