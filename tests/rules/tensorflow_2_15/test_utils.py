from tests.rule_check import RuleCheck

tpu_header = RuleCheck("tensorflow_2_15/utils-1")
tpu_call = RuleCheck("tensorflow_2_15/utils-2")
header = RuleCheck("tensorflow_2_15/utils-3")
call = RuleCheck("tensorflow_2_15/utils-4")


def test_the_tpu_layer_takes_a_mask() -> None:
    tpu_header.changes(
        """\
        class TpuBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):  # Keras calls it
            return inputs
        """,
        """\
        class TpuBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims, **kwargs):  # Keras calls it
            return inputs
        """,
    )


def test_a_header_in_lines_keeps_them() -> None:
    header.changes(
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self,
                       inputs,  # [bs, h, w, c]
                       reduction_axes,
                       keep_dims):
            return inputs
        """,
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self,
                       inputs,  # [bs, h, w, c]
                       reduction_axes,
                       keep_dims, **kwargs):
            return inputs
        """,
    )


def test_each_layer_has_a_header_of_its_own() -> None:
    code = """\
        class BatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            return inputs
        """
    tpu_header.ignores(code)
    header.ignores(code)


def test_other_methods_keep_their_parameters() -> None:
    header.ignores(
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _variance(self, inputs, reduction_axes, keep_dims):
            return inputs
        """
    )


def test_points_at_a_method_with_other_parameters() -> None:
    code = """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims, mask=None):
            return inputs
        """
    header.drifts(code, line=2, why="has `mask=None` as well")


def test_the_tpu_layer_hands_the_mask_on() -> None:
    tpu_call.changes(
        """\
        class TpuBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            shard_mean, shard_variance = super(TpuBatchNormalization, self)._moments(
                inputs, reduction_axes, keep_dims=keep_dims)  # of this shard
            return shard_mean, shard_variance
        """,
        """\
        class TpuBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            shard_mean, shard_variance = super(TpuBatchNormalization, self)._moments(
                inputs, reduction_axes, keep_dims=keep_dims,
                **kwargs)  # of this shard
            return shard_mean, shard_variance
        """,
    )


def test_the_synchronised_layer_hands_the_mask_on() -> None:
    call.changes(
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            # of this worker
            shard_mean, shard_variance = super(
                SyncBatchNormalization, self)._moments(inputs, reduction_axes, keep_dims=keep_dims)
            return shard_mean, shard_variance
        """,
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            # of this worker
            shard_mean, shard_variance = super(
                SyncBatchNormalization, self)._moments(inputs, reduction_axes, keep_dims=keep_dims, **kwargs)
            return shard_mean, shard_variance
        """,  # noqa: E501
    )


def test_what_another_layer_asks_for_stays() -> None:
    code = """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            shard_mean, shard_variance = nn.moments(inputs, reduction_axes, keep_dims=keep_dims)
            return shard_mean, shard_variance
        """
    call.ignores(code)
    tpu_call.ignores(code)
