"""dataloader.py: shard the input only while Horovod is running."""

from patcher.edits import if_test, import_from
from patcher.model import Rule, Section

SECTION = Section(
    heading="dataloader.py",
    path="efficientdet/dataloader.py",
    rules=(
        Rule(
            item=1,
            title="take hvd and horovod_enabled from TensorFlow.common",
            before="from horovod_estimator import hvd",
            after="from TensorFlow.common.horovod_helpers import hvd, horovod_enabled",
            edit=import_from(),
            why="The input reader must know whether Horovod runs, not whether it is installed.",
        ),
        Rule(
            item=2,
            title="shard the input files only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="InputReader.__call__"),
            why="A one-card run imports Horovod but never starts it.",
        ),
    ),
)
