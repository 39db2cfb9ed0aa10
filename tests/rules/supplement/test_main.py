from patcher.model import State
from tests.rule_check import RuleCheck

imported = RuleCheck("supplement/main-1")
start = RuleCheck("supplement/main-2")
resources = RuleCheck("supplement/main-3")
signals = RuleCheck("supplement/main-4")
handler = RuleCheck("supplement/main-5")


def test_imports_the_function_behind_the_imports() -> None:
    imported.changes(
        """\
        import utils
        from horovod_estimator import hvd_try_init  # the last

        FLAGS = flags.FLAGS
        """,
        """\
        import utils
        from horovod_estimator import hvd_try_init  # the last
        from TensorFlow.common.horovod_helpers import hvd_init

        FLAGS = flags.FLAGS
        """,
    )


def test_an_import_that_is_there_is_enough() -> None:
    code = "from TensorFlow.common.horovod_helpers import hvd, hvd_init\n"
    assert imported.ignores(code).state is State.APPLIED


def test_starts_horovod_where_several_workers_were_launched() -> None:
    start.changes(
        """\
        def main(argv):
          # before anything asks
          hvd_try_init()
          set_env()
        """,
        """\
        def main(argv):
          # before anything asks
          if any(int(os.environ.get(name) or 1) > 1 for name in (
              'HOROVOD_SIZE', 'OMPI_COMM_WORLD_SIZE', 'MV2_COMM_WORLD_SIZE', 'PMI_SIZE',
              'SLURM_STEP_NUM_TASKS')):
            hvd_init()
          hvd_try_init()
          set_env()
        """,
    )


def test_leaves_other_functions_alone() -> None:
    start.ignores(
        """\
        def evaluate(argv):
          hvd_try_init()
        """
    )


def test_imports_what_the_handler_needs() -> None:
    signals.changes(
        """\
        import os
        import utils  # ours

        FLAGS = flags.FLAGS
        """,
        """\
        import os
        import signal
        import utils  # ours

        FLAGS = flags.FLAGS
        """,
    )


def test_handles_the_signal_before_training() -> None:
    handler.changes(
        """\
        def main(argv):
          if FLAGS.mode == 'train':
            params['batch_size'] = FLAGS.train_batch_size  # of a worker
            estimator.train(input_fn)
        """,
        """\
        def main(argv):
          if FLAGS.mode == 'train':
            from horovod_estimator.utis import is_rank0
            def end_training(*_):
              raise tf.errors.OutOfRangeError(None, None, 'asked to end')
            signal.signal(signal.SIGTERM, end_training if is_rank0() else signal.SIG_IGN)
            params['batch_size'] = FLAGS.train_batch_size  # of a worker
            estimator.train(input_fn)
        """,
    )


def test_leaves_the_batch_of_evaluation_alone() -> None:
    handler.ignores(
        """\
        def main(argv):
          params['batch_size'] = FLAGS.eval_batch_size
        """
    )


def test_keeps_the_weights_in_resource_variables() -> None:
    resources.changes(
        """\
        if __name__ == '__main__':
          tf.disable_v2_behavior()  # as in 2020
          # Nothing is logged before.
          tf.app.run(main)
        """,
        """\
        if __name__ == '__main__':
          tf.disable_v2_behavior()  # as in 2020
          tf.enable_resource_variables()
          # Nothing is logged before.
          tf.app.run(main)
        """,
    )


def test_finds_the_switch_outside_the_block() -> None:
    resources.changes(
        "tf.disable_v2_behavior()\ntf.app.run(main)\n",
        "tf.disable_v2_behavior()\ntf.enable_resource_variables()\ntf.app.run(main)\n",
    )


def test_leaves_a_program_that_keeps_the_new_behaviour_alone() -> None:
    resources.ignores(
        """\
        if __name__ == '__main__':
          tf.disable_eager_execution()
          tf.app.run(main)
        """
    )


def test_leaves_a_switch_in_a_function_alone() -> None:
    resources.ignores(
        """\
        def legacy():
          tf.disable_v2_behavior()
        """
    )
