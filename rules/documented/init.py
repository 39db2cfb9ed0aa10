"""__init__.py of horovod_estimator: pass on horovod_enabled beside hvd.

The document has lost this section's heading; it stands behind the horizontal rule.
"""

from patcher.edits import statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="__init__.py",
    path="efficientdet/horovod_estimator/__init__.py",
    rules=(
        Rule(
            item=1,
            title="take hvd and horovod_enabled from TensorFlow.common",
            before="""\
try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None
""",
            after="from TensorFlow.common.horovod_helpers import hvd, horovod_enabled",
            edit=statement(),
            why="main.py and det_model_fn.py import both names from this package.",
            deviation="The heading is lost in the document: the edit stands behind the rule.",
        ),
    ),
)
