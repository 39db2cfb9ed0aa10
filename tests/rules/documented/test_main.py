import re
from textwrap import indent

import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

import_enabled = RuleCheck("main-1")
load_habana = RuleCheck("main-2")
use_tpu = RuleCheck("main-3")
model_dir = RuleCheck("main-4")
hparams = RuleCheck("main-5")
model_name = RuleCheck("main-6")
add_flags = RuleCheck("main-7")
count_threads = RuleCheck("main-8")
choose_device = RuleCheck("main-9")
share_cores = RuleCheck("main-10")
count_shards = RuleCheck("main-11")
save_every = RuleCheck("main-12")
drop_estimator = RuleCheck("main-13")
set_interval = RuleCheck("main-14")
drop_evaluation = RuleCheck("main-15")
import_writer = RuleCheck("main-16")
write_hparams = RuleCheck("main-17")

each_comment_block = pytest.mark.parametrize(
    "check",
    [
        pytest.param(drop_estimator, id="TPU estimator"),
        pytest.param(drop_evaluation, id="evaluation"),
    ],
)


def test_imports_horovod_enabled_as_well() -> None:
    import_enabled.changes(
        """\
        import utils
        # Cards.
        from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd  # or None

        # Flags.
        """,
        """\
        import utils
        # Cards.
        from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd, horovod_enabled  # or None

        # Flags.
        """,  # noqa: E501
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from horovod_estimator import (
                HorovodEstimator,  # trains
                hvd,
                hvd_info_rank0,
                hvd_try_init,  # first of all
            )
            """,
            """\
            from horovod_estimator import (
                HorovodEstimator,  # trains
                hvd,
                hvd_info_rank0,
                hvd_try_init,  # first of all
                horovod_enabled,
            )
            """,
            id="one name to a line, each with its comment",
        ),
        pytest.param(
            """\
            from horovod_estimator import (HorovodEstimator,
                                           hvd_try_init,
                                           show_model,
                                           hvd_info_rank0,
                                           hvd)  # or None
            """,
            """\
            from horovod_estimator import (HorovodEstimator,
                                           hvd_try_init,
                                           show_model,
                                           hvd_info_rank0,
                                           hvd,
                                           horovod_enabled)  # or None
            """,
            id="below each other, with another name",
        ),
    ],
)
def test_imports_horovod_enabled_however_the_import_is_laid_out(before: str, after: str) -> None:
    import_enabled.changes(before, after)


def test_imports_horovod_enabled_where_the_estimator_is_not_used() -> None:
    code = "import utils\nfrom horovod_estimator import hvd_try_init, hvd_info_rank0, hvd{}\n"
    import_enabled.changes(code.format(""), code.format(", horovod_enabled"))
    import_enabled.drifts(
        f"{code.format('')}HorovodEstimator()\n",
        line=2,
        why="lacks `HorovodEstimator`",
    )


def test_imports_horovod_enabled_where_each_name_has_a_line() -> None:
    one = "from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0\n"
    import_enabled.changes(
        f"{one}import utils\nfrom horovod_estimator import hvd\n",
        f"{one}import utils\nfrom horovod_estimator import hvd, horovod_enabled\n",
    )


def test_sees_an_import_of_horovod_enabled_on_a_line_of_its_own() -> None:
    names = "HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd"
    imports = "".join(f"from horovod_estimator import {e}\n" for e in (names, "horovod_enabled"))
    assert import_enabled.ignores(imports).state is State.APPLIED


def test_says_that_a_star_stands_for_the_names() -> None:
    import_enabled.drifts(
        """\
        from __future__ import division
        from horovod_estimator import *
        """,
        line=2,
        why="imports `*`, expected `from horovod_estimator import HorovodEstimator, ",
    )


def test_leaves_the_estimator_of_another_module_alone() -> None:
    import_enabled.ignores(
        "from horovod import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd\n"
    )


def test_loads_the_habana_module_between_imports_and_flags() -> None:
    load_habana.changes(
        '''\
        """Trains."""

        import os

        import utils  # ours

        # What can be set.
        flags.DEFINE_bool('use_xla', False, 'Use XLA')
        ''',
        '''\
        """Trains."""

        import os

        import utils  # ours
        from TensorFlow.common import library_loader
        library_loader.load_habana_module()

        # What can be set.
        flags.DEFINE_bool('use_xla', False, 'Use XLA')
        ''',
    )


def test_loads_the_habana_module_behind_an_import_that_may_fail() -> None:
    load_habana.changes(
        """\
        from __future__ import print_function
        try:
            import horovod
        except ImportError:
            horovod = None  # one card
        FLAGS = flags.FLAGS
        """,
        """\
        from __future__ import print_function
        try:
            import horovod
        except ImportError:
            horovod = None  # one card
        from TensorFlow.common import library_loader
        library_loader.load_habana_module()
        FLAGS = flags.FLAGS
        """,
    )


def test_loads_the_habana_module_below_what_else_comes_from_its_package() -> None:
    load_habana.changes(
        """\
        import utils
        from TensorFlow.common.tb_utils import write_hparams_v1  # curves

        FLAGS = flags.FLAGS
        """,
        """\
        import utils
        from TensorFlow.common import library_loader
        from TensorFlow.common.tb_utils import write_hparams_v1  # curves
        library_loader.load_habana_module()

        FLAGS = flags.FLAGS
        """,
    )


def test_does_not_load_the_habana_module_twice() -> None:
    outcome = load_habana.ignores(
        """\
        from TensorFlow.common import hpu_info, library_loader
        import utils

        FLAGS = flags.FLAGS
        if not FLAGS.dry:
          library_loader.load_habana_module()  # late
        """
    )
    assert outcome.state is State.APPLIED
    assert [site.line for site in outcome.sites] == [1, 6]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            """\
            from TensorFlow.common import library_loader
            FLAGS = flags.FLAGS
            """,
            id="imported, never loaded",
        ),
        pytest.param(
            """\
            import library_loader
            library_loader.load_habana_module()
            """,
            id="loaded, from elsewhere",
        ),
    ],
)
def test_says_that_the_habana_module_is_half_there(code: str) -> None:
    outcome = load_habana.ignores(code)
    assert outcome.state is State.PARTIAL
    assert State.APPLIED in {site.state for site in outcome.sites}


def test_does_not_load_again_what_a_function_loads() -> None:
    load_habana.drifts(
        """\
        import utils

        def load():
            from TensorFlow.common import library_loader
            library_loader.load_habana_module()  # when asked to
        """,
        line=5,
        why="calls `load_habana_module` already",
    )


def test_does_not_use_tpus_by_default() -> None:
    use_tpu.changes(
        """\
        # Where to run.
        flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')  # not GPUs
        flags.DEFINE_bool('use_xla', True, 'Use XLA')
        """,
        """\
        # Where to run.
        flags.DEFINE_bool('use_tpu', False, 'Use TPUs rather than CPUs/GPUs')  # not GPUs
        flags.DEFINE_bool('use_xla', True, 'Use XLA')
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            flags.DEFINE_bool("use_tpu", True, "Use TPUs")  # or not
            """,
            """\
            flags.DEFINE_bool("use_tpu", False, "Use TPUs")  # or not
            """,
            id="double quotes, another help text",
        ),
        pytest.param(
            """\
            flags.DEFINE_bool(
                'use_tpu', default=True,  # for now
                help='Use TPUs '
                'rather than GPUs')
            """,
            """\
            flags.DEFINE_bool(
                'use_tpu', default=False,  # for now
                help='Use TPUs '
                'rather than GPUs')
            """,
            id="arguments by keyword, a line to some",
        ),
        pytest.param(
            """\
            flags.DEFINE_bool(
                help='Use TPUs',
                # For now.
                default=True,
                name='use_tpu',
            )
            """,
            """\
            flags.DEFINE_bool(
                help='Use TPUs',
                # For now.
                default=False,
                name='use_tpu',
            )
            """,
            id="all by keyword, in another order",
        ),
        pytest.param(
            """\
            if tpus:  # at Google
              flags.DEFINE_bool('use_tpu', (True), 'Use TPUs')
            """,
            """\
            if tpus:  # at Google
              flags.DEFINE_bool('use_tpu', (False), 'Use TPUs')
            """,
            id="inside an if, in brackets that only group",
        ),
    ],
)
def test_does_not_use_tpus_however_the_flag_is_laid_out(before: str, after: str) -> None:
    use_tpu.changes(before, after)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            """\
            import os
            flags.DEFINE_bool('use_tpu', None, 'Use TPUs rather than CPUs/GPUs')
            """,
            "is None, expected True",
            id="another default",
        ),
        pytest.param(
            """\
            import os
            flags.DEFINE_enum('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')
            """,
            "defined by `flags.DEFINE_enum`, expected `flags.DEFINE_bool`",
            id="another type of flag",
        ),
        pytest.param(
            """\
            def define_flags():
                flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')
            """,
            "stands in `define_flags`, expected at module level",
            id="in a function",
        ),
        pytest.param(
            """\
            import os
            keep(flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs'))
            """,
            "shares its line with other code",
            id="inside a call",
        ),
        pytest.param(
            """\
            def define():
              flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')
            """,
            "in `define`",
            id="inside a function",
        ),
    ],
)
def test_leaves_other_flags_alone(code: str, why: str) -> None:
    use_tpu.drifts(code, line=2, why=why)


def test_leaves_a_flag_for_other_chips_alone() -> None:
    use_tpu.misses(
        "flags.DEFINE_bool('use_tpus', True, 'Use TPUs rather than CPUs/GPUs')\n", "'use_tpu'"
    )


def test_sees_a_default_that_was_changed_by_hand() -> None:
    outcome = use_tpu.ignores("flags.DEFINE_bool('use_tpu', default=False, help='No.')\n")
    assert outcome.state is State.APPLIED


def test_names_a_default_model_folder() -> None:
    model_dir.changes(
        """\
        # Where to write.
        flags.DEFINE_string('model_dir', None, 'Location of model_dir')  # weights
        flags.DEFINE_string('testdev_dir', None, 'Location of testdev')
        """,
        """\
        # Where to write.
        flags.DEFINE_string('model_dir', 'train_model_dir', 'Location of model_dir')  # weights
        flags.DEFINE_string('testdev_dir', None, 'Location of testdev')
        """,
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param("'runs'", "is 'runs', expected None", id="a folder already"),
        pytest.param("''", "is '', expected None", id="an empty name"),
        pytest.param("default='runs'", "is 'runs', expected None", id="a folder, by keyword"),
    ],
)
def test_leaves_a_model_folder_of_ones_own_alone(value: str, why: str) -> None:
    code = f"import os\nflags.DEFINE_string('model_dir', {value}, help='Where')\n"
    model_dir.drifts(code, line=2, why=why)


def test_trains_91_classes_in_float32_by_default() -> None:
    hparams.changes(
        """\
        # Overrides.
        flags.DEFINE_string('hparams', '',  # none
                            'Pairs of k=v.')  # with commas
        flags.DEFINE_string('backbone_ckpt', '', 'Where to start.')
        """,
        """\
        # Overrides.
        flags.DEFINE_string('hparams', 'num_classes=91,use_bfloat16=false',  # none
                            'Pairs of k=v.')  # with commas
        flags.DEFINE_string('backbone_ckpt', '', 'Where to start.')
        """,
    )


def test_trains_91_classes_where_the_empty_default_is_written_otherwise() -> None:
    hparams.changes(
        """\
        flags.DEFINE_string(
            name="hparams",
            default="",  # none
            help="Pairs of k=v.")
        """,
        """\
        flags.DEFINE_string(
            name="hparams",
            default='num_classes=91,use_bfloat16=false',  # none
            help="Pairs of k=v.")
        """,
    )


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            """\
            import os
            flags.DEFINE_string('hparams', 'num_classes=20', 'Pairs of k=v.')
            """,
            "is 'num_classes=20', expected ''",
            id="overrides of one's own",
        ),
        pytest.param(
            """\
            import os
            flags.DEFINE_string('hparams', None, 'Pairs of k=v.')
            """,
            "is None, expected ''",
            id="none is not empty",
        ),
    ],
)
def test_leaves_other_hyper_parameters_alone(code: str, why: str) -> None:
    hparams.drifts(code, line=2, why=why)


def test_leaves_a_flag_for_one_hyper_parameter_alone() -> None:
    hparams.misses("flags.DEFINE_string('hparam', '', 'A pair of k=v.')\n", "'hparams'")


def test_trains_efficientdet_d0_by_default() -> None:
    model_name.changes(
        """\
        # The model.
        flags.DEFINE_string('model_name', 'efficientdet-d1',
                            'Which one to train')  # d0 to d7
        flags.DEFINE_string('teacher_name', 'efficientdet-d1', 'Which one to follow')
        """,
        """\
        # The model.
        flags.DEFINE_string('model_name', 'efficientdet-d0',
                            'Which one to train')  # d0 to d7
        flags.DEFINE_string('teacher_name', 'efficientdet-d1', 'Which one to follow')
        """,
    )


def test_leaves_another_model_alone() -> None:
    model_name.drifts(
        """\
        import os
        flags.DEFINE_string('model_name', 'efficientdet-d4',
                            'Which one to train')
        """,
        line=2,
        why="is 'efficientdet-d4', expected 'efficientdet-d1'",
    )


def test_adds_flags_for_the_intervals_behind_those_of_training() -> None:
    add_flags.changes(
        """\
        # Training.
        flags.DEFINE_bool('eval_after_training', False, 'Evaluate '
                          'in the end.')  # once

        # Evaluation.
        flags.DEFINE_integer('eval_timeout', None, 'How long to wait')
        """,
        """\
        # Training.
        flags.DEFINE_bool('eval_after_training', False, 'Evaluate '
                          'in the end.')  # once
        flags.DEFINE_integer('log_every_n_steps', 100, 'Number of iterations after which '
                             'training parameters are logged.')
        flags.DEFINE_integer('cp_every_n_steps', 600, 'Number of iterations after which '
                             'checkpoint is saved.')

        # Evaluation.
        flags.DEFINE_integer('eval_timeout', None, 'How long to wait')
        """,
    )


def test_adds_no_flags_to_a_function_that_may_never_be_called() -> None:
    code = "def define():\n  flags.DEFINE_bool('eval_after_training', False, 'help')\n"
    add_flags.drifts(code, line=2, why="stands in `define`, expected at module level")


def test_adds_flags_inside_the_block_of_those_of_training() -> None:
    add_flags.changes(
        """\
        if not FLAGS:  # the first time
          flags.DEFINE_bool("eval_after_training", default=True, help='Evaluate')
        """,
        """\
        if not FLAGS:  # the first time
          flags.DEFINE_bool("eval_after_training", default=True, help='Evaluate')
          flags.DEFINE_integer('log_every_n_steps', 100, 'Number of iterations after which '
                               'training parameters are logged.')
          flags.DEFINE_integer('cp_every_n_steps', 600, 'Number of iterations after which '
                               'checkpoint is saved.')
        """,
    )


def test_leaves_flags_without_those_of_training_alone() -> None:
    add_flags.drifts(
        """\
        import os
        flags.DEFINE_bool('eval_before_training', False, 'Evaluate')
        """,
        line=2,
        why="found `'eval_before_training'`, expected `'eval_after_training'`",
    )


@pytest.mark.parametrize(
    "there",
    [
        pytest.param(
            """\
            flags.DEFINE_bool('eval_after_training', False, 'Evaluate')
            flags.DEFINE_integer(
                "cp_every_n_steps", 600,
                "Number of iterations after which checkpoint is saved.")
            flags.DEFINE_integer(
                "log_every_n_steps", 100,
                "Number of iterations after which training parameters are logged.")
            """,
            id="laid out otherwise, in another order",
        ),
        pytest.param(
            """\
            flags.DEFINE_integer(
                'cp_every_n_steps', default=600,
                help='Number of iterations after which checkpoint is saved.')
            flags.DEFINE_integer(
                'log_every_n_steps', default=100,
                help='Number of iterations after which training parameters are logged.')
            flags.DEFINE_bool('eval_after_training', False, 'Evaluate')
            """,
            id="arguments by keyword, further up",
        ),
    ],
)
def test_does_not_define_the_flags_twice(there: str) -> None:
    outcome = add_flags.ignores(there)
    assert outcome.state is State.APPLIED
    assert len(outcome.sites) == 2


def test_says_that_one_of_the_flags_is_there() -> None:
    outcome = add_flags.ignores(
        """\
        flags.DEFINE_bool('eval_after_training', False, 'Evaluate')

        flags.DEFINE_integer('cp_every_n_steps', 600, 'Number of iterations after which '
                             'checkpoint is saved.')
        """
    )
    assert outcome.state is State.PARTIAL
    assert [(site.line, site.state) for site in outcome.sites] == [
        (1, State.PENDING),
        (3, State.APPLIED),
    ]


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        pytest.param(
            "flags.DEFINE_integer('log_every_n_steps', 20, 'Steps')",
            "found `20`, expected `100`",
            id="by position",
        ),
        pytest.param(
            "flags.DEFINE_integer(default=20, help='Steps', name='log_every_n_steps')",
            "found `20`, expected `100`",
            id="by keyword, the name last",
        ),
        pytest.param(
            "flags.DEFINE_float('log_every_n_steps', 0.5, 'Epochs')",
            "found `flags.DEFINE_float('log_every_n_steps', 0.5, 'Epochs')`, "
            "expected `flags.DEFINE_integer('log_every_n_steps', 100,",
            id="a float",
        ),
    ],
)
def test_does_not_define_a_flag_that_has_another_default(flag: str, why: str) -> None:
    add_flags.drifts(
        f"""\
        flags.DEFINE_bool('eval_after_training', False, 'Evaluate')
        {flag}
        """,
        line=2,
        why=why,
    )


def test_does_not_define_flags_that_both_have_another_default() -> None:
    add_flags.drifts(
        """\
        flags.DEFINE_bool('eval_after_training', False, 'Evaluate')
        flags.DEFINE_integer('log_every_n_steps', 20, 'Steps')
        flags.DEFINE_integer('cp_every_n_steps', 1000, 'Steps')
        """,
        line=2,
        why="found `20`, expected `100`",
    )


def test_asks_for_the_number_of_workers_only_while_horovod_runs() -> None:
    count_threads.changes(
        """\
        def set_env(use_amp):
            os.environ['TF_GPU_THREAD_MODE'] = 'gpu_private'
            # One for each card.
            os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())  # text
        """,
        """\
        def set_env(use_amp):
            os.environ['TF_GPU_THREAD_MODE'] = 'gpu_private'
            # One for each card.
            os.environ['TF_GPU_THREAD_COUNT'] = '1' if not horovod_enabled() else str(hvd.size())  # text
        """,  # noqa: E501
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def set_env(use_amp):
              os.environ["TF_GPU_THREAD_COUNT"] = (
                  "1" if hvd is None  # one card
                  else str(hvd.size()))
            """,
            """\
            def set_env(use_amp):
              os.environ["TF_GPU_THREAD_COUNT"] = (
                  "1" if not horovod_enabled()  # one card
                  else str(hvd.size()))
            """,
            id="a broken line with a comment in it, double quotes",
        ),
        pytest.param(
            """\
            def set_env(use_amp):
                os.environ['TF_GPU_THREAD_COUNT'] = '1' if (hvd is None) else str(hvd.size())
                os.environ['OMP_NUM_THREADS'] = '1' if hvd is None else str(hvd.size())  # too
            """,
            """\
            def set_env(use_amp):
                os.environ['TF_GPU_THREAD_COUNT'] = '1' if (not horovod_enabled()) else str(hvd.size())
                os.environ['OMP_NUM_THREADS'] = '1' if hvd is None else str(hvd.size())  # too
            """,  # noqa: E501
            id="a twin under another key",
        ),
    ],
)
def test_asks_for_the_number_of_workers_however_it_is_laid_out(before: str, after: str) -> None:
    count_threads.changes(before, after)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            """\
            def set_env(use_amp):
                os.environ['TF_GPU_THREAD_COUNT'] = '2'
            """,
            "found `'2'`, expected `'1' if hvd is None else str(hvd.size())`",
            id="a fixed number",
        ),
    ],
)
def test_leaves_other_numbers_of_threads_alone(code: str, why: str) -> None:
    count_threads.drifts(code, line=2, why=why)


SET = "def set_flags(use_amp):\n    os.environ['TF_GPU_THREAD_COUNT'] = {}\n"


def test_asks_for_the_number_of_workers_where_that_moved() -> None:
    count_threads.follows(
        SET.format("'1' if hvd is None else str(hvd.size())"),
        SET.format("'1' if not horovod_enabled() else str(hvd.size())"),
    )


def test_asks_for_the_number_of_workers_asked_the_other_way_round() -> None:
    count_threads.changes(
        """\
        def set_env(use_amp):
            os.environ['TF_GPU_THREAD_COUNT'] = str(hvd.size()) if hvd is not None else '1'  # all
        """,
        """\
        def set_env(use_amp):
            os.environ['TF_GPU_THREAD_COUNT'] = '1' if not horovod_enabled() else str(hvd.size())  # all
        """,  # noqa: E501
    )


def test_chooses_a_device_by_local_rank_only_while_horovod_runs() -> None:
    choose_device.changes(
        """\
        def get_session_config(use_xla):
            # One card to each.
            if hvd is not None:  # many
                config.gpu_options.visible_device_list = str(hvd.local_rank())

            if hvd is not None:  # again
                config.inter_op_parallelism_threads = 2
        """,
        """\
        def get_session_config(use_xla):
            # One card to each.
            if horovod_enabled():  # many
                config.gpu_options.visible_device_list = str(hvd.local_rank())

            if hvd is not None:  # again
                config.inter_op_parallelism_threads = 2
        """,
    )


def test_shares_the_cores_between_workers_only_while_horovod_runs() -> None:
    share_cores.changes(
        """\
        def get_session_config(use_xla):
            if hvd is not None:  # many
                config.gpu_options.visible_device_list = str(hvd.local_rank())

            # Cores for each.
            if hvd is not None:  # again
                config.inter_op_parallelism_threads = 2
            else:  # all of them
                config.inter_op_parallelism_threads = 4
        """,
        """\
        def get_session_config(use_xla):
            if hvd is not None:  # many
                config.gpu_options.visible_device_list = str(hvd.local_rank())

            # Cores for each.
            if horovod_enabled():  # again
                config.inter_op_parallelism_threads = 2
            else:  # all of them
                config.inter_op_parallelism_threads = 4
        """,
    )


@pytest.mark.parametrize(
    ("check", "option"),
    [
        pytest.param(choose_device, "gpu_options.visible_device_list", id="device"),
        pytest.param(share_cores, "inter_op_parallelism_threads", id="cores"),
    ],
)
@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            """\
            def get_session_config(use_xla):
                if hvd is None:
                    config.{} = 1
            """,
            "found `is`, expected `is not`",
            id="another question",
        ),
        pytest.param(
            """\
            def get_session_config(use_xla):
                if hvd is not None:
                    config.allow_growth = '{}'
            """,
            "does not mention `{}` in its blocks",
            id="another option",
        ),
    ],
)
def test_leaves_other_options_alone(check: RuleCheck, option: str, code: str, why: str) -> None:
    why = why.format(option.rpartition(".")[2])
    check.drifts(code.format(option), line=2, why=why)


@pytest.mark.parametrize(
    ("check", "option"),
    [
        pytest.param(choose_device, "gpu_options.visible_device_list", id="device"),
        pytest.param(share_cores, "inter_op_parallelism_threads", id="cores"),
    ],
)
def test_sets_options_where_they_moved(check: RuleCheck, option: str) -> None:
    code = f"def get_run_config(use_xla):\n    if {{}}:\n        config.{option} = 1\n"
    check.follows(code.format("hvd is not None"), code.format("horovod_enabled()"))


def test_counts_one_shard_where_horovod_does_not_run() -> None:
    count_shards.changes(
        """\
        def main(argv):
          if FLAGS.cores:
            num_shards = FLAGS.cores
          else:
            num_shards = FLAGS.num_cores
            # A shard to a card.
            if hvd is not None:  # many
                num_shards = hvd.size()  # of all machines

          train(num_shards)
        """,
        """\
        def main(argv):
          if FLAGS.cores:
            num_shards = FLAGS.cores
          else:
            num_shards = FLAGS.num_cores
            # A shard to a card.
            if horovod_enabled():  # many
                num_shards = hvd.size()  # of all machines
            else:
                num_shards = 1

          train(num_shards)
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                # A shard to a card.
                num_shards = hvd.size()
                log(num_shards)
                # All counted.
              # Now train.
              train(num_shards)
            """,
            """\
            def main(argv):
              if horovod_enabled():
                # A shard to a card.
                num_shards = hvd.size()
                log(num_shards)
                # All counted.
              else:
                num_shards = 1
              # Now train.
              train(num_shards)
            """,
            id="blocks of two, another line and comments in and behind the block",
        ),
        pytest.param(
            """\
            def main(argv):
                if (hvd is not None):
                    num_shards = hvd.size()
                # That is all.


            run(main)
            """,
            """\
            def main(argv):
                if (horovod_enabled()):
                    num_shards = hvd.size()
                else:
                    num_shards = 1
                # That is all.


            run(main)
            """,
            id="the last statement of the function, with a comment below it",
        ),
        pytest.param(
            """\
            def main(argv):
                if hvd is not None:
                    log('many')
                if hvd is not None:
                    num_shards = hvd.size()  # cards
            """,
            """\
            def main(argv):
                if hvd is not None:
                    log('many')
                if horovod_enabled():
                    num_shards = hvd.size()  # cards
                else:
                    num_shards = 1
            """,
            id="a twin that counts nothing",
        ),
    ],
)
def test_counts_one_shard_however_it_is_laid_out(before: str, after: str) -> None:
    count_shards.changes(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def main(argv):
              if hvd is None:  # alone
                  pass  # as set above
              else:
                  # A shard to a card.
                  num_shards = hvd.size()  # of all machines
              train(num_shards)
            """,
            """\
            def main(argv):
              # as set above
              if not horovod_enabled():  # alone
                  num_shards = 1
              else:
                  # A shard to a card.
                  num_shards = hvd.size()  # of all machines
              train(num_shards)
            """,
            id="turned round",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is None: pass
              else: num_shards = hvd.size()  # cards
            """,
            """\
            def main(argv):
              if not horovod_enabled():
                num_shards = 1
              else: num_shards = hvd.size()  # cards
            """,
            id="turned round, each block on a line",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is None:
                num_shards = 1  # alone
              else:
                num_shards = hvd.size()
            """,
            """\
            def main(argv):
              if not horovod_enabled():
                num_shards = 1  # alone
              else:
                num_shards = hvd.size()
            """,
            id="turned round, one shard without Horovod already",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                num_shards = hvd.size()
              else:
                num_shards = 1  # alone
            """,
            """\
            def main(argv):
              if horovod_enabled():
                num_shards = hvd.size()
              else:
                num_shards = 1  # alone
            """,
            id="one shard without Horovod already",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                num_shards = hvd.size()
              else:
                pass  # as set above
            """,
            """\
            def main(argv):
              # as set above
              if horovod_enabled():
                num_shards = hvd.size()
              else:
                num_shards = 1
            """,
            id="nothing done without Horovod",
        ),
    ],
)
def test_counts_one_shard_in_either_order(before: str, after: str) -> None:
    count_shards.changes(before, after)


def test_counts_one_shard_where_the_block_stands_on_the_line() -> None:
    count_shards.changes(
        """\
        def main(argv):
          if hvd is not None: num_shards = hvd.size()  # cards
          go(num_shards)
        """,
        """\
        def main(argv):
          if horovod_enabled(): num_shards = hvd.size()  # cards
          else:
            num_shards = 1
          go(num_shards)
        """,
    )


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                num_shards = hvd.local_size()
            """,
            3,
            "found `hvd.local_size`, expected `hvd.size`",
            id="another number",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                num_shards = hvd.size()
              else:
                num_shards = FLAGS.num_cores
            """,
            2,
            "has an `else` already",
            id="another number without Horovod",
        ),
        pytest.param(
            """\
            def main(argv):
              if horovod_enabled():
                num_shards = hvd.size()
            """,
            2,
            "lacks `else: num_shards = 1`",
            id="half made: the question, not the other branch",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is not None:
                num_shards = hvd.size()
              elif FLAGS.num_cores:
                num_shards = FLAGS.num_cores
            """,
            2,
            "has an `else` already",
            id="another question without Horovod",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is None:
                num_shards = FLAGS.num_cores
              else:
                num_shards = hvd.size()
            """,
            2,
            "has an `else` already",
            id="another number without Horovod, the branches turned round",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is None:
                num_shards = hvd.size()
            """,
            2,
            "found `is`, expected `is not`",
            id="the opposite",
        ),
        pytest.param(
            """\
            def main(argv):
              if hvd is None:
                pass
              else:
                num_shards = hvd.local_size()
            """,
            5,
            "found `hvd.local_size`, expected `hvd.size`",
            id="another number, the branches turned round",
        ),
    ],
)
def test_leaves_other_counts_alone(code: str, line: int, why: str) -> None:
    count_shards.drifts(code, line=line, why=why)


def test_says_where_shards_are_counted_otherwise() -> None:
    count_shards.drifts(
        """\
        def start():
          if hvd is not None:
            hvd.init()
        def main(argv):
          num_shards = FLAGS.num_cores
        """,
        line=5,
        why="expected `num_shards = hvd.size()` under `if hvd is not None:`",
    )


def test_counts_shards_where_that_moved() -> None:
    count_shards.follows(
        """\
        def train(argv):
          if hvd is not None:
            num_shards = hvd.size()
        """,
        """\
        def train(argv):
          if horovod_enabled():
            num_shards = hvd.size()
          else:
            num_shards = 1
        """,
    )


def test_takes_the_checkpoint_interval_from_a_flag() -> None:
    save_every.changes(
        """\
        def main(argv):
          # How to run.
          run_config = tf.estimator.RunConfig(
              session_config=get_session_config(use_xla=False),
              save_checkpoints_steps=600)  # minutes
        """,
        """\
        def main(argv):
          # How to run.
          run_config = tf.estimator.RunConfig(
              session_config=get_session_config(use_xla=False),
              save_checkpoints_steps=FLAGS.cp_every_n_steps)  # minutes
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def main(argv):
              if train:
                config = tf.estimator.RunConfig(
                    save_checkpoints_steps=600,  # minutes
                    keep_checkpoint_max=600,
                )
            """,
            """\
            def main(argv):
              if train:
                config = tf.estimator.RunConfig(
                    save_checkpoints_steps=FLAGS.cp_every_n_steps,  # minutes
                    keep_checkpoint_max=600,
                )
            """,
            id="not the last argument, with a comment and an equal number beside it",
        ),
        pytest.param(
            """\
            def main(argv):
              train(tf.estimator.RunConfig(save_checkpoints_steps = 600))  # at once
            """,
            """\
            def main(argv):
              train(tf.estimator.RunConfig(save_checkpoints_steps = FLAGS.cp_every_n_steps))  # at once
            """,  # noqa: E501
            id="a call inside a call, spaces around the sign",
        ),
        pytest.param(
            """\
            def main(argv):
              run_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
              run_config = tf.estimator.tpu.RunConfig(save_checkpoints_steps=600)  # TPU
              options = dict(save_checkpoints_steps=600)
            """,
            """\
            def main(argv):
              run_config = tf.estimator.RunConfig(save_checkpoints_steps=FLAGS.cp_every_n_steps)
              run_config = tf.estimator.tpu.RunConfig(save_checkpoints_steps=600)  # TPU
              options = dict(save_checkpoints_steps=600)
            """,
            id="twins in other calls",
        ),
    ],
)
def test_takes_the_checkpoint_interval_however_it_is_laid_out(before: str, after: str) -> None:
    save_every.changes(before, after)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            """\
            def main(argv):
              run_config = tf.estimator.RunConfig(save_checkpoints_steps=1000)
            """,
            "is 1000, expected 600",
            id="another interval",
        ),
    ],
)
def test_leaves_other_intervals_alone(code: str, why: str) -> None:
    save_every.drifts(code, line=2, why=why)


CALLEE = ("RunConfig", "estimator", "tf")


def test_leaves_the_interval_of_another_call_alone() -> None:
    save_every.misses("def main(argv):\n  run(save_checkpoints_steps=600)\n", *CALLEE)
    save_every.misses("def evaluate(argv):\n  run(save_checkpoints_steps=600)\n", *CALLEE)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("tf.estimator.RunConfig()", "has no save_checkpoints_steps, in `main`"),
        (
            "tf.estimator.tpu.RunConfig()",
            "calls tf.estimator.tpu.RunConfig in `main`, expected tf.",
        ),
    ],
)
def test_says_which_configuration_is_like_it(call: str, why: str) -> None:
    code = f"def main(argv):\n  config = {call}\n  checkpoint = tf.train.latest_checkpoint(x)\n"
    save_every.drifts(code, line=2, why=why)


def test_takes_the_checkpoint_interval_where_that_moved() -> None:
    code = "def train(argv):\n  config = tf.estimator.RunConfig(save_checkpoints_steps={})\n"
    save_every.follows(code.format(600), code.format("FLAGS.cp_every_n_steps"))


def test_takes_the_checkpoint_interval_beside_a_configuration_of_another_kind() -> None:
    code = "def train(argv):\n  return tf.estimator.RunConfig(save_checkpoints_steps={})\n"
    code += "\n\ndef main(argv):\n  run_config = tf.estimator.tpu.RunConfig(cluster=None)\n"
    save_every.changes(code.format(600), code.format("FLAGS.cp_every_n_steps"))


@pytest.mark.parametrize(
    "place", ["def train():", "def set_env():", "class Training:", "if TRAIN:"]
)
@pytest.mark.parametrize("interval", ["save_checkpoints_steps=200", "save_checkpoints_secs=9", ""])
def test_leaves_one_of_two_configurations_elsewhere_alone(place: str, interval: str) -> None:
    save_every.ignores(
        f"""\
        {place}
          config = tf.estimator.RunConfig({interval})
        def evaluate():
          config = tf.estimator.RunConfig(save_checkpoints_steps=600)
        """
    )


def test_says_where_the_other_configurations_stand() -> None:
    save_every.drifts(
        """\
        def train():
          return tf.estimator.RunConfig(save_checkpoints_steps=600)
        def evaluate():
          return tf.estimator.RunConfig(save_checkpoints_steps=600)
        """,
        line=2,
        why="stands in `train`, expected in `main`",
    )


def test_does_not_guess_between_two_configurations() -> None:
    outcome = save_every.ignores(
        """\
        def main(argv):
          one = tf.estimator.RunConfig(save_checkpoints_steps=600)
          two = tf.estimator.RunConfig(save_checkpoints_steps=600)
        """
    )
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [2, 3]


@each_comment_block
@pytest.mark.parametrize("by", ["  ", "    ", "\t"], ids=["two", "four", "tab"])
def test_removes_the_commented_code_whatever_its_indent(check: RuleCheck, by: str) -> None:
    quote = indent(check.rule.before, by)
    check.changes(
        f"def main(argv):\n{by}prepare()  # first\n{quote}{by}train()  # then\n",
        f"def main(argv):\n{by}prepare()  # first\n{by}train()  # then\n",
    )


@each_comment_block
def test_keeps_comments_and_blank_lines_around_the_commented_code(check: RuleCheck) -> None:
    quote = indent(check.rule.before, "    ")
    check.changes(
        f"""\
def main(argv):
    prepare()

    # Before it.
{quote}    # Behind it.

    train()
""",
        """\
def main(argv):
    prepare()

    # Before it.
    # Behind it.

    train()
""",
    )


@each_comment_block
def test_removes_the_commented_code_at_the_end_of_a_block(check: RuleCheck) -> None:
    quote = indent(check.rule.before, "    ")
    check.changes(
        f"""\
def main(argv):
  if train:
    fit()  # long

{quote}
  else:
    # Only look.
    pass
""",
        """\
def main(argv):
  if train:
    fit()  # long


  else:
    # Only look.
    pass
""",
    )


@each_comment_block
def test_removes_commented_code_that_was_indented_otherwise_than_its_block(
    check: RuleCheck,
) -> None:
    quote = check.rule.before
    check.changes(
        f"def main(argv):\n  if train:  # or not\n{quote}    fit()\n",
        "def main(argv):\n  if train:  # or not\n    fit()\n",
    )


@each_comment_block
def test_removes_commented_code_without_a_space_behind_the_sign(check: RuleCheck) -> None:
    quote = indent(re.sub("^# ", "#", check.rule.before, flags=re.MULTILINE), "  ")
    check.changes(
        f"def main(argv):\n  # Now.\n\n{quote}  fit()\n",
        "def main(argv):\n  # Now.\n\n  fit()\n",
    )


@each_comment_block
def test_leaves_commented_code_that_was_edited_alone(check: RuleCheck) -> None:
    index, line = next(
        each for each in enumerate(check.rule.before.splitlines()) if "FLAGS" in each[1]
    )
    quote = indent(check.rule.before.replace("FLAGS", "FLAG"), "  ")
    code = f"def main(argv):\n  # Now.\n\n{quote}  fit()\n"
    why = f"found `{line.replace('FLAGS', 'FLAG')}`, expected `{line}`"
    check.drifts(code, line=4 + index, why=why)


@each_comment_block
def test_leaves_the_first_half_of_the_commented_code_alone(check: RuleCheck) -> None:
    lines = check.rule.before.splitlines(keepends=True)
    middle = len(lines) // 2
    half = indent("".join(lines[:middle]), "  ")
    code = f"def main(argv):\n{half}  fit()\n"
    why = f"followed by nothing, expected `{lines[middle].strip()}`"
    check.drifts(code, line=1 + middle, why=why)


@each_comment_block
def test_leaves_the_commented_code_of_another_function_alone(check: RuleCheck) -> None:
    quote = indent(check.rule.before, "  ")
    check.drifts(
        f"def main(argv):\n  pass\n\ndef run(argv):\n{quote}  fit()\n", line=5, why="in `run`"
    )


@each_comment_block
def test_does_not_guess_between_two_copies_of_the_commented_code(check: RuleCheck) -> None:
    quote = indent(check.rule.before, "  ")
    outcome = check.ignores(f"def main(argv):\n{quote}  fit()\n{quote}  fit()\n")
    assert outcome.state is State.AMBIGUOUS


@pytest.mark.parametrize("check", [drop_estimator, drop_evaluation])
def test_does_not_remove_commented_code_beside_a_copy_that_was_edited(check: RuleCheck) -> None:
    block = check.rule.before
    code = f"def main():\n{block}\n{block.replace('params', 'options')}\n    pass\n"
    assert check.ignores(code).state is State.AMBIGUOUS


def test_takes_longer_commented_code_with_lines_in_common_for_another() -> None:
    lines = drop_evaluation.rule.before.splitlines(keepends=True)
    other = ["# for cycle in cycles:\n", *lines[2:20], *(f"# step({n})\n" for n in range(12))]
    code = f"def main():\n{''.join(lines)}\n    pass\n{''.join(other)}\n    pass\n"
    drop_evaluation.changes(code, code.replace("".join(lines), ""))


def test_leaves_an_estimator_that_is_no_comment_alone() -> None:
    outcome = drop_estimator.ignores(
        """\
        def main(argv):
          # The one in use.
          train_estimator = tf.estimator.tpu.TPUEstimator(
              model_fn=model_fn_instance)
        """
    )
    assert outcome.state is State.APPLIED


def test_leaves_an_evaluation_that_is_no_comment_alone() -> None:
    outcome = drop_evaluation.ignores(
        """\
        def main(argv):
          if FLAGS.eval_after_training:
            # Run evaluation after training finishes.
            evaluate()
        """
    )
    assert outcome.state is State.APPLIED


def test_hands_the_logging_interval_to_the_model() -> None:
    set_interval.changes(
        """\
        def main(argv):
          if train:
            # More of them.
            params['batch_size'] = FLAGS.train_batch_size  # per card

            # Now.
            fit(params)
        """,
        """\
        def main(argv):
          if train:
            # More of them.
            params['batch_size'] = FLAGS.train_batch_size  # per card
            params['every_n_iter'] = FLAGS.log_every_n_steps

            # Now.
            fit(params)
        """,
    )


def test_hands_the_logging_interval_behind_the_last_line_of_a_block() -> None:
    set_interval.changes(
        """\
        def main(argv):
            if train:
                params["batch_size"] = (FLAGS.train_batch_size)
                # That is all.
            fit(params)
        """,
        """\
        def main(argv):
            if train:
                params["batch_size"] = (FLAGS.train_batch_size)
                params['every_n_iter'] = FLAGS.log_every_n_steps
                # That is all.
            fit(params)
        """,
    )


def test_does_not_hand_over_the_logging_interval_twice() -> None:
    outcome = set_interval.ignores(
        """\
        def main(argv):
          params["every_n_iter"] = FLAGS.log_every_n_steps  # early
          params['batch_size'] = FLAGS.train_batch_size
        """
    )
    assert outcome.state is State.APPLIED
    assert [site.line for site in outcome.sites] == [2]


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def main(argv):
              params['batch_size'] = FLAGS.train_batch_size
              params['every_n_iter'] = 50
            """,
            3,
            "found `50`, expected `FLAGS.log_every_n_steps`",
            id="another interval",
        ),
        pytest.param(
            """\
            def main(argv):
              params["every_n_iter"] = 50
              params['batch_size'] = FLAGS.train_batch_size
            """,
            2,
            "found `50`, expected `FLAGS.log_every_n_steps`",
            id="another interval, the key in double quotes",
        ),
        pytest.param(
            """\
            def main(argv):
              params['batch_size'] = FLAGS.eval_batch_size
            """,
            2,
            "found `FLAGS.eval_batch_size`, expected `FLAGS.train_batch_size`",
            id="another size of batch in the line before",
        ),
        pytest.param(
            """\
            class Trainer:
              params['batch_size'] = FLAGS.train_batch_size
              def train():
                params['batch_size'] = FLAGS.train_batch_size
            """,
            2,
            "in `Trainer`",
            id="two other places",
        ),
    ],
)
def test_leaves_other_parameters_alone(code: str, line: int, why: str) -> None:
    set_interval.drifts(code, line=line, why=why)


def test_hands_the_logging_interval_to_the_model_where_that_moved() -> None:
    code = "def train(params):\n  params['batch_size'] = FLAGS.train_batch_size  # per card\n"
    set_interval.follows(
        code,
        f"{code}  params['every_n_iter'] = FLAGS.log_every_n_steps\n",
        "params['batch_size'] = FLAGS.eval_batch_size",
        "params['every_n_iter'] = 100",
        "def inside():\n      params['batch_size'] = FLAGS.train_batch_size",
    )


def test_hands_no_interval_to_a_model_that_may_be_another() -> None:
    set_interval.drifts(
        """\
        def train(params):
          params['batch_size'] = FLAGS.batch_size
        def evaluate(params):
          params['batch_size'] = FLAGS.train_batch_size
        """,
        line=4,
        why="in `evaluate`",
    )


def test_imports_the_writer_of_hyper_parameters_behind_the_other_imports() -> None:
    import_writer.changes(
        """\
        import os

        # Ours.
        import utils  # and theirs

        # Flags.
        FLAGS = flags.FLAGS
        """,
        """\
        import os

        # Ours.
        import utils  # and theirs
        from TensorFlow.common.tb_utils import write_hparams_v1

        # Flags.
        FLAGS = flags.FLAGS
        """,
    )


def test_imports_the_writer_before_the_habana_module_is_loaded() -> None:
    import_writer.changes(
        """\
        import utils
        from TensorFlow.common import library_loader  # HPU
        library_loader.load_habana_module()

        FLAGS = flags.FLAGS
        """,
        """\
        import utils
        from TensorFlow.common import library_loader  # HPU
        from TensorFlow.common.tb_utils import write_hparams_v1
        library_loader.load_habana_module()

        FLAGS = flags.FLAGS
        """,
    )


def test_imports_the_writer_behind_a_path_to_look_in() -> None:
    import_writer.changes(
        """\
        import sys
        sys.path.append('..')  # where TensorFlow/common is
        import utils

        FLAGS = flags.FLAGS
        """,
        """\
        import sys
        sys.path.append('..')  # where TensorFlow/common is
        import utils
        from TensorFlow.common.tb_utils import write_hparams_v1

        FLAGS = flags.FLAGS
        """,
    )


def test_imports_the_writer_where_it_has_another_name() -> None:
    import_writer.changes(
        """\
        import utils
        from TensorFlow.common.tb_utils import write_hparams_v1 as write  # short
        """,
        """\
        import utils
        from TensorFlow.common.tb_utils import write_hparams_v1
        from TensorFlow.common.tb_utils import write_hparams_v1 as write  # short
        """,
    )


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            "from TensorFlow.common.tb_utils import TBSummary, write_hparams_v1\n",
            id="behind another name",
        ),
        pytest.param(
            "from TensorFlow.common.tb_utils import (\n    write_hparams_v1,  # ours\n)\n",
            id="in brackets",
        ),
    ],
)
def test_does_not_import_the_writer_twice(code: str) -> None:
    assert import_writer.ignores(code).state is State.APPLIED


def test_writes_the_hyper_parameters_behind_the_training_configuration() -> None:
    write_hparams.changes(
        """\
        def main(argv):
          # How to run.
          run_config = tf.estimator.RunConfig(
              save_checkpoints_steps=600)  # minutes

          # What to run.
          model = find(FLAGS.model_name)
        """,
        """\
        def main(argv):
          # How to run.
          run_config = tf.estimator.RunConfig(
              save_checkpoints_steps=600)  # minutes
          write_hparams_v1(FLAGS.model_dir, FLAGS.flag_values_dict())

          # What to run.
          model = find(FLAGS.model_name)
        """,
    )


def test_writes_the_hyper_parameters_of_training_and_not_of_evaluation() -> None:
    write_hparams.changes(
        """\
        def main(argv):
            run_config = tf.estimator.RunConfig()  # as it comes
            if evaluates:
                run_config = tf.estimator.tpu.RunConfig(cluster=None)
            eval_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
        """,
        """\
        def main(argv):
            run_config = tf.estimator.RunConfig()  # as it comes
            write_hparams_v1(FLAGS.model_dir, FLAGS.flag_values_dict())
            if evaluates:
                run_config = tf.estimator.tpu.RunConfig(cluster=None)
            eval_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
        """,
    )


def test_does_not_write_the_hyper_parameters_twice() -> None:
    outcome = write_hparams.ignores(
        """\
        def main(argv):
          run_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
          prepare()
          write_hparams_v1(
              FLAGS.model_dir,  # beside the weights
              FLAGS.flag_values_dict())
        """
    )
    assert outcome.state is State.APPLIED
    assert [site.line for site in outcome.sites] == [4]


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def main(argv):
              run_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
              write_hparams_v1(FLAGS.model_dir, {})
            """,
            3,
            "found `{}`, expected `FLAGS.flag_values_dict()`",
            id="other hyper-parameters",
        ),
        pytest.param(
            """\
            def main(argv):
              run_config = tf.estimator.tpu.RunConfig(model_dir=FLAGS.model_dir)
            """,
            2,
            "found `tf.estimator.tpu.RunConfig`, expected `tf.estimator.RunConfig`",
            id="another configuration",
        ),
        pytest.param(
            """\
            def main(argv):
              def configure():
                run_config = tf.estimator.RunConfig(save_checkpoints_steps=600)
            """,
            3,
            "expected `run_config = tf.estimator.RunConfig(...)`",
            id="a function inside",
        ),
    ],
)
def test_leaves_other_configurations_alone(code: str, line: int, why: str) -> None:
    write_hparams.drifts(code, line=line, why=why)


def test_writes_the_hyper_parameters_where_the_configuration_moved() -> None:
    code = "def train(argv):\n  run_config = tf.estimator.RunConfig(save_checkpoints_steps=600)\n"
    main = "\n\ndef main(argv):\n  run_config = tf.estimator.tpu.RunConfig()\n"
    write_hparams.follows(
        code + main,
        f"{code}  write_hparams_v1(FLAGS.model_dir, FLAGS.flag_values_dict())\n{main}",
        "write_hparams_v1(FLAGS.model_dir, {})",
    )


def test_does_not_miss_the_block_above_another_branch() -> None:
    block = indent(drop_estimator.rule.before, "  ")
    code = "def main(argv):\n  if a:\n    b()\n" + block + "  elif c:\n    d()\n"
    drop_estimator.drifts(code, line=4, why="stands above an `elif`")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("def set_env(hvd):", id="a parameter"),
        pytest.param("def set_env():\n    hvd = find()", id="a variable"),
        pytest.param("def set_env():\n    import byteps.tensorflow as hvd", id="an import"),
        pytest.param(
            "def set_env():\n    for hvd in ():\n        pass", id="what a loop runs over"
        ),
        pytest.param("def set_env(horovod_enabled):", id="what the edit asks"),
    ],
)
def test_edits_no_name_that_is_the_function_s_own(head: str) -> None:
    line = "os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())"
    outcome = count_threads.ignores(f"{head}\n    {line}\n")
    assert outcome.state is State.DRIFTED
    assert outcome.nearest
    assert "is a parameter or variable of `set_env` there" in outcome.nearest.why
    count_threads.changes(
        f"def set_env():\n    global hvd\n    {line}\n",
        "def set_env():\n    global hvd\n    "
        f"{line.replace('hvd is None', 'not horovod_enabled()')}\n",
    )


def test_loads_nothing_under_a_name_that_the_module_has_for_something_else() -> None:
    code = "import os\nlibrary_loader = None\n"
    load_habana.drifts(code, line=2, why="binds a name that the edit imports")
