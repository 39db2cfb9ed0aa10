"""utils.py: take hvd from where every other module takes it."""

from patcher.edits import import_from
from patcher.model import Rule, Section

SECTION = Section(
    heading="utils.py",
    path="efficientdet/utils.py",
    rules=(
        Rule(
            item=1,
            title="take hvd and horovod_enabled from TensorFlow.common",
            before="from horovod_estimator import hvd",
            after="from TensorFlow.common.horovod_helpers import hvd, horovod_enabled",
            edit=import_from(),
            why="One place decides whether Horovod is used.",
        ),
    ),
)
