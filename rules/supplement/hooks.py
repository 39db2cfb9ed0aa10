"""hooks.py: measure every step from its own beginning, and write each value once."""

from patcher.edits import statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="supplement/hooks.py",
    path="efficientdet/horovod_estimator/hooks.py",
    rules=(
        Rule(
            item=1,
            title="start the clock at every step",
            before="""\
if self._step % self._every_n_iter == 0:
    return SessionRunArgs(fetches=self._avg_ops)

self._tic = time.time()
""",
            after="""\
self._tic = time.time()
if self._step % self._every_n_iter == 0:
    return SessionRunArgs(fetches=self._avg_ops)
""",
            edit=statement(within="LoggingTensorHook.before_run"),
            why="The clock stood still at the steps that are logged: step_time counted two steps, "
            "and all of them since the start where every step is logged.",
        ),
        Rule(
            item=2,
            title="write each value once",
            before="",
            after="this_summary.Clear()",
            edit=statement(
                within="LoggingTensorHook._summary",
                after="writer.add_summary(this_summary, ...)",
            ),
            why="A record held the values of all records before it, so the event file grew by the "
            "square of the number of tags, and TensorBoard met most values several times.",
        ),
    ),
)
