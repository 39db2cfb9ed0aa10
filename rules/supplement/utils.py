"""utils.py: ask Horovod for the number of workers only while it runs."""

from patcher.edits import import_from, statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="supplement/utils.py",
    path="efficientdet/utils.py",
    rules=(
        Rule(
            item=1,
            title="import horovod_enabled",
            before="",
            after="from TensorFlow.common.horovod_helpers import horovod_enabled",
            edit=import_from(),
            why="The guard of supplement/utils-2 needs it; the document's edits import it as well.",
        ),
        Rule(
            item=2,
            title="normalise over one worker unless Horovod runs",
            before="num_shards = hvd.size()",
            after="num_shards = hvd.size() if horovod_enabled() else 1",
            edit=statement(within="SyncBatchNormalization._moments"),
            why="Without Horovod, or before it is started, hvd cannot say how many workers there "
            "are, and a one-card run died in its first layer.",
        ),
    ),
)
