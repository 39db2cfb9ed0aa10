"""efficientdet_arch.py: upsample batches of a size that is not known in advance."""

from patcher.edits import statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="supplement/efficientdet_arch.py",
    path="efficientdet/efficientdet_arch.py",
    rules=(
        Rule(
            item=1,
            title="take an unknown batch size from the data",
            before="bs = -1 if bs is None else bs",
            after="bs = tf.shape(data)[0] if bs is None else bs",
            edit=statement(within="nearest_upsampling"),
            why="The document's upsampling multiplies the batch size by the height, and -1 times "
            "the height is no shape: a model for batches of any size could not be built.",
        ),
    ),
)
