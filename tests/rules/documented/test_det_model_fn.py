import pytest

from patcher import engine
from patcher.model import Pack, State
from tests.rule_check import RuleCheck, again

import_enabled = RuleCheck("det_model_fn-1")
average = RuleCheck("det_model_fn-2")
broadcast = RuleCheck("det_model_fn-3")
log_every = RuleCheck("det_model_fn-4")
import_hook = RuleCheck("det_model_fn-5")
log_loss = RuleCheck("det_model_fn-6")
log_rate = RuleCheck("det_model_fn-7")


def test_imports_horovod_enabled_as_well() -> None:
    import_enabled.changes(
        """\
        import utils
        # Cards.
        from horovod_estimator import show_model, hvd  # hvd or None
        from horovod_estimator.utis import is_rank0
        """,
        """\
        import utils
        # Cards.
        from horovod_estimator import show_model, hvd, horovod_enabled  # hvd or None
        from horovod_estimator.utis import is_rank0
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from horovod_estimator import hvd, show_model, hvd_info  # three
            """,
            """\
            from horovod_estimator import hvd, show_model, hvd_info, horovod_enabled  # three
            """,
            id="another order, and another name",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                show_model,  # prints
                hvd,
            )
            """,
            """\
            from horovod_estimator import (
                show_model,  # prints
                hvd,
                horovod_enabled,
            )
            """,
            id="one name to a line, the first with a comment",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                show_model,
                hvd,  # or None
            )
            """,
            """\
            from horovod_estimator import (
                show_model,
                hvd,  # or None
                horovod_enabled,
            )
            """,
            id="one name to a line, the last with a comment",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                show_model,
                hvd
            )
            """,
            """\
            from horovod_estimator import (
                show_model,
                hvd,
                horovod_enabled
            )
            """,
            id="one name to a line, no comma behind the last",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                show_model,
                hvd  # or None
            )
            """,
            """\
            from horovod_estimator import (
                show_model,
                hvd,  # or None
                horovod_enabled
            )
            """,
            id="one name to a line, a comment and no comma behind the last",
        ),
        pytest.param(
            """\
            from horovod_estimator import show_model, \\
                hvd
            """,
            """\
            from horovod_estimator import show_model, \\
                hvd, horovod_enabled
            """,
            id="a line broken by a backslash",
        ),
    ],
)
def test_imports_horovod_enabled_however_the_import_is_laid_out(before: str, after: str) -> None:
    import_enabled.changes(before, after)


def test_imports_horovod_enabled_next_to_one_of_the_names() -> None:
    for name in ("hvd", "show_model"):
        found = f"import utils\nfrom horovod_estimator import {name}{{}}\n"
        import_enabled.changes(found.format(""), found.format(", horovod_enabled"))
    code = "import utils\nfrom horovod_estimator import hvd\nshow_model()\n"
    import_enabled.drifts(code, line=2, why="lacks `show_model`")


def test_leaves_an_import_of_other_names_alone() -> None:
    found = "from horovod_estimator import get_filenames"
    import_enabled.misses(f"import utils\n{found}\n", "hvd", "show_model")


def test_follows_hvd_under_another_name() -> None:
    import_enabled.changes(
        "from horovod_estimator import show_model, hvd as cards\n",
        "from horovod_estimator import show_model, hvd as cards, horovod_enabled\n",
    )


def test_leaves_another_module_alone() -> None:
    import_enabled.ignores("from horovod_estimator.utis import show_model, hvd\n")


def test_averages_gradients_only_while_horovod_runs() -> None:
    average.changes(
        """\
        def _model_fn(params):
          if params['train']:
            # Gradients of all cards.
            if not isinstance(optimizer, hvd._DistributedOptimizer):  # not yet
                optimizer = hvd.DistributedOptimizer(optimizer)  # averages
        """,
        """\
        def _model_fn(params):
          if params['train']:
            # Gradients of all cards.
            if horovod_enabled():  # not yet
                optimizer = hvd.DistributedOptimizer(optimizer)  # averages
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              if (not isinstance(
                  optimizer,
                  hvd._DistributedOptimizer)):  # not yet
                optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            """\
            def _model_fn(params):
              if (horovod_enabled()):  # not yet
                optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            id="a broken line",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              if not isinstance(
                  optimizer,  # Adam
                  hvd._DistributedOptimizer):
                optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            """\
            def _model_fn(params):
              # Adam
              if horovod_enabled():
                optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            id="a comment in the question moves above it",
        ),
        pytest.param(
            """\
            def _model_fn(params):
                if not isinstance(optimizer, hvd._DistributedOptimizer):
                    log('plain')
                if not isinstance(optimizer, hvd._DistributedOptimizer):
                    optimizer = hvd.DistributedOptimizer(optimizer)  # averages
            """,
            """\
            def _model_fn(params):
                if not isinstance(optimizer, hvd._DistributedOptimizer):
                    log('plain')
                if horovod_enabled():
                    optimizer = hvd.DistributedOptimizer(optimizer)  # averages
            """,
            id="a twin that wraps nothing",
        ),
    ],
)
def test_averages_gradients_however_it_is_laid_out(before: str, after: str) -> None:
    average.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              if isinstance(optimizer, hvd._DistributedOptimizer):
                optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            2,
            "expected `not isinstance(optimizer, hvd._DistributedOptimizer)`",
            id="the opposite",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              def wrapped(optimizer):
                if not isinstance(optimizer, hvd._DistributedOptimizer):
                  optimizer = hvd.DistributedOptimizer(optimizer)
            """,
            3,
            "in `_model_fn.wrapped`",
            id="a function inside the function",
        ),
    ],
)
def test_leaves_other_questions_about_the_optimizer_alone(code: str, line: int, why: str) -> None:
    average.drifts(code, line=line, why=why)


def test_averages_gradients_where_that_moved() -> None:
    average.follows(
        """\
        def get_optimizer(params):
          if not isinstance(optimizer, hvd._DistributedOptimizer):
            optimizer = hvd.DistributedOptimizer(optimizer)
        """,
        """\
        def get_optimizer(params):
          if horovod_enabled():
            optimizer = hvd.DistributedOptimizer(optimizer)
        """,
    )


def test_broadcasts_only_while_horovod_runs() -> None:
    broadcast.changes(
        """\
def _model_fn(params):
  train()

  # Equal weights on all cards.
  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
  training_hooks = [init_weights_hook]

  return training_hooks  # in order
""",
        """\
def _model_fn(params):
  train()

  # Equal weights on all cards.
  if horovod_enabled():
    init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
    training_hooks = [init_weights_hook]
  else:
    training_hooks = []

  return training_hooks  # in order
""",
    )


def test_indents_the_broadcast_as_its_neighbours_are_and_not_as_the_file_is() -> None:
    broadcast.changes(
        """\
def _model_fn(params):
    # Equal weights on all cards.
    init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
    training_hooks = [init_weights_hook]


def get_model_fn():
  return _model_fn
""",
        """\
def _model_fn(params):
    # Equal weights on all cards.
    if horovod_enabled():
        init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
        training_hooks = [init_weights_hook]
    else:
        training_hooks = []


def get_model_fn():
  return _model_fn
""",
    )


def test_keeps_two_spaces_beside_functions_of_four() -> None:
    broadcast.changes(
        """\
def scaled(loss):
    return loss  # as it is


def _model_fn(params):
  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
  training_hooks = [init_weights_hook]
""",
        """\
def scaled(loss):
    return loss  # as it is


def _model_fn(params):
  if horovod_enabled():
    init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
    training_hooks = [init_weights_hook]
  else:
    training_hooks = []
""",
    )


def test_keeps_comments_with_the_statements_that_they_are_about() -> None:
    broadcast.changes(
        """\
def _model_fn(params):
  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
  # More will follow.
  training_hooks = [init_weights_hook]  # in order
""",
        """\
def _model_fn(params):
  if horovod_enabled():
    init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
    # More will follow.
    training_hooks = [init_weights_hook]  # in order
  else:
    training_hooks = []
""",
    )


def test_broadcasts_however_the_call_is_laid_out() -> None:
    broadcast.changes(
        """\
def _model_fn(params):
  init_weights_hook = BroadcastGlobalVariablesHook(
      model_dir=params["model_dir"],
      root_rank=0,  # the first card
  )
  training_hooks = [init_weights_hook]
""",
        """\
def _model_fn(params):
  if horovod_enabled():
    init_weights_hook = BroadcastGlobalVariablesHook(
        model_dir=params["model_dir"],
        root_rank=0,  # the first card
    )
    training_hooks = [init_weights_hook]
  else:
    training_hooks = []
""",
    )


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              init_weights_hook = BroadcastGlobalVariablesHook(
                  root_rank=0, model_dir=params['model_dir'])
              training_hooks = [init_weights_hook, saver_hook]
            """,
            4,
            "found `[init_weights_hook, saver_hook]`, expected `[init_weights_hook]`",
            id="more hooks from the start",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              init_weights_hook = BroadcastGlobalVariablesHook(
                  root_rank=1, model_dir=params['model_dir'])
              training_hooks = [init_weights_hook]
            """,
            3,
            "found `1`, expected `0`",
            id="another card sends",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              init_weights_hook = BroadcastGlobalVariablesHook(
                  root_rank=0, model_dir=params['model_dir'])
              init_weights_hook.begin()
              training_hooks = [init_weights_hook]
            """,
            4,
            "followed by `init_weights_hook.begin()`, expected `training_hooks =",
            id="something happens in between",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              hooks = []
              hooks.append(BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir']))
            """,
            3,
            "expected `init_weights_hook = BroadcastGlobalVariablesHook(",
            id="without its name",
        ),
    ],
)
def test_leaves_other_broadcasts_alone(code: str, line: int, why: str) -> None:
    broadcast.drifts(code, line=line, why=why)


def test_broadcasts_nothing_that_waits_for_horovod_already() -> None:
    broadcast.drifts(
        """\
        def _model_fn(params):
          training_hooks = []
          if horovod_enabled() and params['mode']:
            init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
            training_hooks = [init_weights_hook]
        """,  # noqa: E501
        line=4,
        why="is under `if horovod_enabled() and params['mode']:` already",
    )


def test_broadcasts_where_that_moved() -> None:
    broadcast.follows(
        """\
        def get_hooks(params):
          init_weights_hook = BroadcastGlobalVariablesHook(
              root_rank=0, model_dir=params['model_dir'])
          training_hooks = [init_weights_hook]
        """,
        """\
        def get_hooks(params):
          if horovod_enabled():
            init_weights_hook = BroadcastGlobalVariablesHook(
                root_rank=0, model_dir=params['model_dir'])
            training_hooks = [init_weights_hook]
          else:
            training_hooks = []
        """,
    )


def test_logs_every_so_many_steps() -> None:
    log_every.changes(
        """\
        def _model_fn(params):
          if is_rank0():
            # Scalars.
            logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])
            training_hooks.append(logging_hook)  # last
        """,
        """\
        def _model_fn(params):
          if is_rank0():
            # Scalars.
            logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'],
                                             every_n_iter=params['every_n_iter'])
            training_hooks.append(logging_hook)  # last
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(dict(utils.summaries),
                                               summary_dir=params["model_dir"])  # scalars
            """,
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(dict(utils.summaries),
                                               summary_dir=params["model_dir"],
                                               every_n_iter=params['every_n_iter'])  # scalars
            """,
            id="an argument to a line, below each other",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'])
            """,
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'],
                  every_n_iter=params['every_n_iter'])
            """,
            id="all arguments on the second line",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),  # by tag
                  summary_dir=params['model_dir'])
            """,
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),  # by tag
                  summary_dir=params['model_dir'],
                  every_n_iter=params['every_n_iter'])
            """,
            id="a comment on the first argument",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),
                  summary_dir=params['model_dir'],  # beside the weights
              )
            """,
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),
                  summary_dir=params['model_dir'],  # beside the weights
                  every_n_iter=params['every_n_iter'],
              )
            """,
            id="a comment on the last argument, and a comma behind it",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),
                  summary_dir=params['model_dir']  # beside the weights
              )
            """,
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries),
                  summary_dir=params['model_dir'],  # beside the weights
                  every_n_iter=params['every_n_iter']
              )
            """,
            id="a comment on the last argument, and no comma behind it",
        ),
    ],
)
def test_logs_every_so_many_steps_however_the_call_is_laid_out(before: str, after: str) -> None:
    log_every.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'], every_n_iter=50)
            """,
            3,
            "has `every_n_iter=50` as well",
            id="another interval",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              eval_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'])
            """,
            2,
            "found `eval_hook`, expected `logging_hook`",
            id="another hook",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              training_hooks.append(LoggingTensorHook(dict(utils.summaries)))
            """,
            2,
            "expected `logging_hook = LoggingTensorHook(",
            id="without its name",
        ),
    ],
)
def test_leaves_other_logging_hooks_alone(code: str, line: int, why: str) -> None:
    log_every.drifts(code, line=line, why=why)


def test_logs_where_that_moved() -> None:
    log_every.follows(
        """\
        def get_hooks(params):
          logging_hook = LoggingTensorHook(
              dict(utils.summaries), summary_dir=params['model_dir'])
        """,
        """\
        def get_hooks(params):
          logging_hook = LoggingTensorHook(
              dict(utils.summaries), summary_dir=params['model_dir'],
              every_n_iter=params['every_n_iter'])
        """,
    )


def test_counts_the_interval_as_set_where_the_hooks_were_joined_since() -> None:
    outcome = log_every.ignores(
        """\
        def _model_fn(params):
          training_hooks.extend([
            LoggingTensorHook(
              dict(utils.summaries), summary_dir=params['model_dir'],
              every_n_iter=params['every_n_iter']),
            ExamplesPerSecondEstimatorHook(
              params['batch_size'], every_n_steps=params['every_n_iter'],
              output_dir=params['model_dir'])
          ])
        """
    )
    assert outcome.state is State.APPLIED
    assert [site.line for site in outcome.sites] == [2]


def test_imports_the_counting_hook_behind_the_other_imports() -> None:
    import_hook.changes(
        """\
        import utils
        from horovod_estimator.utis import is_rank0  # first card

        # Weights.
        WEIGHTS = {}
        """,
        """\
        import utils
        from horovod_estimator.utis import is_rank0  # first card
        from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook

        # Weights.
        WEIGHTS = {}
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from TensorFlow.common.tb_utils import write_hparams_v1  # ours
            """,
            """\
            from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook
            from TensorFlow.common.tb_utils import write_hparams_v1  # ours
            """,
            id="in the alphabet's order among those of the package",
        ),
        pytest.param(
            """\
            import utils  # ours

            from TensorFlow.common.tb_utils import write_hparams_v1
            """,
            """\
            import utils  # ours

            from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook
            from TensorFlow.common.tb_utils import write_hparams_v1
            """,
            id="into the group of the package, and not above its blank line",
        ),
        pytest.param(
            '''\
            """The model."""

            WEIGHTS = {}  # none yet
            ''',
            '''\
            """The model."""
            from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook

            WEIGHTS = {}  # none yet
            ''',
            id="no other imports",
        ),
    ],
)
def test_imports_the_counting_hook_for_the_module(before: str, after: str) -> None:
    import_hook.changes(before, after)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            """\
            from TensorFlow.common.tb_utils import (
                ExamplesPerSecondEstimatorHook,
                write_hparams_v1,
            )
            """,
            id="among other names",
        ),
        pytest.param(
            """\
            try:
                from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook
            except ImportError:
                ExamplesPerSecondEstimatorHook = None
            """,
            id="in an attempt",
        ),
    ],
)
def test_does_not_import_the_counting_hook_twice(code: str) -> None:
    assert import_hook.ignores(code).state is State.APPLIED


@pytest.mark.parametrize(
    "own", ["class ExamplesPerSecondEstimatorHook:", "def ExamplesPerSecondEstimatorHook():"]
)
def test_does_not_import_a_hook_that_the_file_has_itself(own: str) -> None:
    import_hook.drifts(f"import os\n{own}\n  pass\n", line=2, why="expected `from TensorFlow")


def test_does_not_hide_a_hook_of_that_name_from_elsewhere() -> None:
    import_hook.drifts(
        """\
        import utils
        from ours import ExamplesPerSecondEstimatorHook
        """,
        line=2,
        why="found `ours`, expected `TensorFlow.common.tb_utils`",
    )


def test_logs_the_loss_for_comparison() -> None:
    log_loss.changes(
        """\
        def _model_fn(params):
          if mode == TRAIN:
            # Curves.
            utils.scalar('trainloss/loss', total_loss)  # all of it

            # Weights.
            decay = params['decay']
        """,
        """\
        def _model_fn(params):
          if mode == TRAIN:
            # Curves.
            utils.scalar('trainloss/loss', total_loss)  # all of it
            utils.scalar('loss', total_loss)  # for consistency

            # Weights.
            decay = params['decay']
        """,
    )


def test_logs_the_loss_behind_a_call_that_is_laid_out_otherwise() -> None:
    log_loss.changes(
        """\
        def _model_fn(params):
            utils.scalar(
                "trainloss/loss",
                total_loss,  # all of it
            )
            utils.scalar('trainloss/l2_loss', l2)
        """,
        """\
        def _model_fn(params):
            utils.scalar(
                "trainloss/loss",
                total_loss,  # all of it
            )
            utils.scalar('loss', total_loss)  # for consistency
            utils.scalar('trainloss/l2_loss', l2)
        """,
    )


@pytest.mark.parametrize(
    "there",
    [
        pytest.param("utils.scalar('loss', total_loss)", id="without its comment"),
        pytest.param('utils.scalar("loss", total_loss)  # ours', id="in double quotes"),
        pytest.param("utils.scalar('loss', (total_loss))", id="in brackets that only group"),
    ],
)
def test_does_not_log_the_loss_twice(there: str) -> None:
    outcome = log_loss.ignores(
        f"""\
        def _model_fn(params):
          {there}
          utils.scalar('trainloss/loss', total_loss)
        """
    )
    assert outcome.state is State.APPLIED
    assert [site.line for site in outcome.sites] == [2]


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              utils.scalar('trainloss/loss', total_loss)
              utils.scalar('loss', det_loss)
            """,
            3,
            "found `det_loss`, expected `total_loss`",
            id="that tag carries another value",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              utils.scalar('trainloss/loss', det_loss)
            """,
            2,
            "found `det_loss`, expected `total_loss`",
            id="another value in the line before",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              def inside():
                utils.scalar('trainloss/loss', total_loss)
            """,
            3,
            "in `_model_fn.inside`",
            id="a function inside",
        ),
    ],
)
def test_leaves_other_scalars_alone(code: str, line: int, why: str) -> None:
    log_loss.drifts(code, line=line, why=why)


def test_logs_the_loss_where_that_moved() -> None:
    code = "def log(total_loss):\n    utils.scalar('trainloss/loss', total_loss)\n"
    log_loss.follows(
        code,
        f"{code}    utils.scalar('loss', total_loss)  # for consistency\n",
        "utils.scalar('trainloss/loss', det_loss)",
        "utils.scalar('loss', det_loss)",
    )


def test_does_not_guess_which_scalar_to_follow() -> None:
    outcome = log_loss.outcome(
        """\
        def _model_fn(params):
          if mode == TRAIN:
            utils.scalar('trainloss/loss', total_loss)
          else:
            utils.scalar('trainloss/loss', total_loss)
        """
    )
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [3, 5]


def test_logs_examples_per_second() -> None:
    log_rate.changes(
        """\
        def _model_fn(params):
          if is_rank0():
            # Scalars.
            logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'],
                                             every_n_iter=params['every_n_iter'])
            training_hooks.append(logging_hook)  # last

          return training_hooks
        """,
        """\
        def _model_fn(params):
          if is_rank0():
            # Scalars.
            training_hooks.extend([
              LoggingTensorHook(
                dict(utils.summaries), summary_dir=params['model_dir'],
                every_n_iter=params['every_n_iter']),
              ExamplesPerSecondEstimatorHook(
                params['batch_size'], every_n_steps=params['every_n_iter'],
                output_dir=params['model_dir'])
            ])  # last

          return training_hooks
        """,
    )


def test_keeps_the_comments_of_the_logging_hook_that_it_joins() -> None:
    log_rate.changes(
        """\
        def _model_fn(params):
            logging_hook = LoggingTensorHook(
                dict(utils.summaries),  # by tag
                every_n_iter=params['every_n_iter'],
                summary_dir=params['model_dir'])
            # Behind the others.
            training_hooks.append(logging_hook)
        """,
        """\
        def _model_fn(params):
            # by tag
            # Behind the others.
            training_hooks.extend([
              LoggingTensorHook(
                dict(utils.summaries), summary_dir=params['model_dir'],
                every_n_iter=params['every_n_iter']),
              ExamplesPerSecondEstimatorHook(
                params['batch_size'], every_n_steps=params['every_n_iter'],
                output_dir=params['model_dir'])
            ])
        """,
    )


def test_sees_hooks_that_were_joined_in_another_layout() -> None:
    outcome = log_rate.ignores(
        """\
        def _model_fn(params):
            training_hooks.extend([  # both
                LoggingTensorHook(
                    dict(utils.summaries),
                    every_n_iter=params["every_n_iter"],
                    summary_dir=params["model_dir"],
                ),
                ExamplesPerSecondEstimatorHook(
                    params["batch_size"],
                    output_dir=params["model_dir"],
                    every_n_steps=params["every_n_iter"],
                ),
            ])
        """
    )
    assert outcome.state is State.APPLIED


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def _model_fn(params):
              # Steps are counted elsewhere.
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'])
              training_hooks.append(logging_hook)
            """,
            3,
            "lacks `every_n_iter=params['every_n_iter']`",
            id="its groundwork, det_model_fn-4, was not chosen",
        ),
        pytest.param(
            """\
            def _model_fn(params):
              logging_hook = LoggingTensorHook(
                  dict(utils.summaries), summary_dir=params['model_dir'],
                  every_n_iter=params['every_n_iter'])
              eval_hooks.append(logging_hook)
            """,
            5,
            "followed by `eval_hooks.append(logging_hook)`, expected `training_hooks.append",
            id="hooks of another kind",
        ),
    ],
)
def test_leaves_other_lists_of_hooks_alone(code: str, line: int, why: str) -> None:
    log_rate.drifts(code, line=line, why=why)


def test_logs_the_rate_where_logging_moved() -> None:
    log_rate.follows(
        """\
        def get_hooks(params):
          logging_hook = LoggingTensorHook(
              dict(utils.summaries), summary_dir=params['model_dir'],
              every_n_iter=params['every_n_iter'])
          training_hooks.append(logging_hook)
        """,
        """\
        def get_hooks(params):
          training_hooks.extend([
            LoggingTensorHook(
              dict(utils.summaries), summary_dir=params['model_dir'],
              every_n_iter=params['every_n_iter']),
            ExamplesPerSecondEstimatorHook(
              params['batch_size'], every_n_steps=params['every_n_iter'],
              output_dir=params['model_dir'])
          ])
        """,
    )


def test_sets_the_interval_and_joins_the_hooks_in_one_go() -> None:
    code = """\
def _model_fn(params):
  logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])
  training_hooks.append(logging_hook)  # last
"""
    plan = engine.plan_alone(
        [Pack("tried", (log_rate.section,))],
        {log_rate.section.path: code.encode()},
        {"det_model_fn-4", "det_model_fn-7"},
    )
    assert [outcome.state for outcome in plan.outcomes] == [State.PENDING, State.PENDING]
    assert plan.files[0].after == log_rate.plan(log_every.plan(code).after).after
    assert b"ExamplesPerSecondEstimatorHook(" in plan.files[0].after


def test_takes_the_interval_for_set_where_the_hooks_were_joined_elsewhere() -> None:
    code = b"""\
def hooks(params):
  logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])
  training_hooks.append(logging_hook)
"""
    packs = [Pack("tried", (log_rate.section,))]
    plan = again(packs, engine.plan_alone(packs, {log_rate.section.path: code}))
    states = {outcome.id: outcome.state for outcome in plan.outcomes}
    assert {states["det_model_fn-4"], states["det_model_fn-7"]} == {State.APPLIED}


def test_leaves_a_hook_alone_that_is_used_by_its_name_later() -> None:
    log_rate.drifts(
        """\
        def _model_fn(params):
          logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'],
                                           every_n_iter=params['every_n_iter'])
          training_hooks.append(logging_hook)
          register(logging_hook)
        """,
        line=2,
        why="`logging_hook` is used elsewhere in `_model_fn`",
    )
