from rules.supplement.hooks import SECTION
from tests.checks import RuleCheck

clock = RuleCheck(SECTION, item=1)


def test_starts_the_clock_at_every_step() -> None:
    clock.changes(
        """\
        class LoggingTensorHook(tf.train.SessionRunHook):
            def before_run(self, run_context):
                # due now?
                if self._step % self._every_n_iter == 0:
                    return SessionRunArgs(fetches=self._avg_ops)  # ask

                self._tic = time.time()  # tick

            def after_run(self, run_context, run_values):
                self._step += 1
        """,
        """\
        class LoggingTensorHook(tf.train.SessionRunHook):
            def before_run(self, run_context):
                # due now?
                self._tic = time.time()  # tick
                if self._step % self._every_n_iter == 0:
                    return SessionRunArgs(fetches=self._avg_ops)  # ask

            def after_run(self, run_context, run_values):
                self._step += 1
        """,
    )


def test_leaves_the_clock_of_another_hook_alone() -> None:
    clock.ignores(
        """\
        class EvalHook(tf.train.SessionRunHook):
            def before_run(self, run_context):
                if self._step % self._every_n_iter == 0:
                    return SessionRunArgs(fetches=self._avg_ops)

                self._tic = time.time()
        """
    )
