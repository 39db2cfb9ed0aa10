"""utils.py: take the mask that newer Keras hands to the moments of a batch."""

from patcher.edits import parameters, statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="tensorflow_2_15/utils.py",
    path="efficientdet/utils.py",
    rules=(
        Rule(
            item=1,
            title="let the TPU normalization take a mask",
            before="def _moments(self, inputs, reduction_axes, keep_dims):",
            after="def _moments(self, inputs, reduction_axes, keep_dims, **kwargs):",
            edit=parameters(within="TpuBatchNormalization"),
            why="Newer Keras passes `mask=`, and the layer could not be built.",
        ),
        Rule(
            item=2,
            title="hand the mask on from the TPU normalization",
            before="""\
shard_mean, shard_variance = super(TpuBatchNormalization, self)._moments(
    inputs, reduction_axes, keep_dims=keep_dims)
""",
            after="""\
shard_mean, shard_variance = super(TpuBatchNormalization, self)._moments(
    inputs, reduction_axes, keep_dims=keep_dims, **kwargs)
""",
            edit=statement(within="TpuBatchNormalization._moments"),
            why="A mask must not be lost on the way; older Keras neither passes nor takes one.",
        ),
        Rule(
            item=3,
            title="let the synchronised normalization take a mask",
            before="def _moments(self, inputs, reduction_axes, keep_dims):",
            after="def _moments(self, inputs, reduction_axes, keep_dims, **kwargs):",
            edit=parameters(within="SyncBatchNormalization"),
            why="Newer Keras passes `mask=`, and the layer could not be built.",
        ),
        Rule(
            item=4,
            title="hand the mask on from the synchronised normalization",
            before="""\
shard_mean, shard_variance = super(SyncBatchNormalization, self)._moments(
    inputs, reduction_axes, keep_dims=keep_dims)
""",
            after="""\
shard_mean, shard_variance = super(SyncBatchNormalization, self)._moments(
    inputs, reduction_axes, keep_dims=keep_dims, **kwargs)
""",
            edit=statement(within="SyncBatchNormalization._moments"),
            why="A mask must not be lost on the way; older Keras neither passes nor takes one.",
        ),
    ),
)
