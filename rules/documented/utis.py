"""utis.py: ask whether Horovod runs, not whether it can be imported."""

from patcher.edits import if_statement, if_test, statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="utis.py",
    path="efficientdet/horovod_estimator/utis.py",
    rules=(
        Rule(
            item=1,
            title="take the Horovod functions from TensorFlow.common",
            before="""\
try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None
""",
            after="from TensorFlow.common.horovod_helpers import hvd, hvd_init, horovod_enabled",
            edit=statement(),
            why="One place decides whether Horovod is used, and starts it.",
        ),
        Rule(
            item=2,
            title="ask for the rank only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="is_rank0"),
            why="A one-card run is rank 0 without asking.",
        ),
        Rule(
            item=3,
            title="start Horovod only where it was asked for",
            before="""\
if not IS_HVD_INIT and hvd is not None:
    hvd.init()
""",
            after="""\
if not IS_HVD_INIT and horovod_enabled():
    hvd_init()
""",
            edit=if_statement(within="hvd_try_init"),
            why="A one-card run never starts Horovod.",
        ),
        Rule(
            item=4,
            title="name the rank in messages only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="hvd_info"),
            why="A one-card run has no rank to name.",
        ),
        Rule(
            item=5,
            title="name the rank in messages of rank 0 only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="hvd_info_rank0"),
            why="A one-card run has no rank to name.",
        ),
    ),
)
