"""normalization_v2.py: synchronise statistics only while Horovod runs."""

from patcher.edits import if_test, import_from
from patcher.model import Rule, Section

SECTION = Section(
    heading="normalization_v2.py",
    path="efficientdet/normalization_v2.py",
    rules=(
        Rule(
            item=1,
            title="take hvd and horovod_enabled from TensorFlow.common",
            before="from horovod_estimator import hvd, hvd_info",
            after="from TensorFlow.common.horovod_helpers import hvd, horovod_enabled",
            edit=import_from(),
            why="The layer must know whether Horovod runs; hvd_info it never used.",
        ),
        Rule(
            item=2,
            title="count the workers only while Horovod runs",
            before="if hvd is not None:",
            after="if horovod_enabled():",
            edit=if_test(within="SyncBatchNormalization._calculate_mean_and_var"),
            why="A one-card run normalises over its own batch.",
        ),
    ),
)
