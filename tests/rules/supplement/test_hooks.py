from tests.rule_check import RuleCheck

clock = RuleCheck("supplement/hooks-1")
once = RuleCheck("supplement/hooks-2")


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


def test_empties_the_record_that_was_written() -> None:
    once.changes(
        """\
        class LoggingTensorHook(tf.train.SessionRunHook):
            def _summary(self, tensor_values):
                for tag, value in tensor_values.items():
                    this_summary.value.add(tag=tag, simple_value=value)
                    writer.add_summary(this_summary, tensor_values['step'])  # one more
                writer.flush()
        """,
        """\
        class LoggingTensorHook(tf.train.SessionRunHook):
            def _summary(self, tensor_values):
                for tag, value in tensor_values.items():
                    this_summary.value.add(tag=tag, simple_value=value)
                    writer.add_summary(this_summary, tensor_values['step'])  # one more
                    this_summary.Clear()
                writer.flush()
        """,
    )


def test_leaves_other_records_alone() -> None:
    once.ignores(
        """\
        class LoggingTensorHook(tf.train.SessionRunHook):
            def _summary(self, tensor_values):
                writer.add_summary(tf.Summary(), tensor_values['step'])
        """
    )
