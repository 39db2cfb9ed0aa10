"""efficientdet_arch.py: upsample with tensors that the hardware can hold."""

from patcher.edits import statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="efficientdet_arch.py",
    path="efficientdet/efficientdet_arch.py",
    rules=(
        Rule(
            item=1,
            title="upsample with rank 5 in place of rank 6",
            before="""\
data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
    [1, 1, scale, 1, scale, 1], dtype=data.dtype)
""",
            after="""\
#
# 6D tensors are currently not supported
# TODO: SW-35724 revert change when they are supported
data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
    [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
""",
            edit=statement(within="nearest_upsampling"),
            why="Reducing 6D tensor to 5D as 6D are not currently supported by HW.",
        ),
    ),
)
