from patcher.model import State
from tests.rule_check import RuleCheck

imported = RuleCheck("supplement/utils-1")
guard = RuleCheck("supplement/utils-2")


def test_imports_the_name_behind_the_imports() -> None:
    imported.changes(
        """\
        from horovod_estimator import hvd
        import normalization_v2  # the second

        relu_fn = tf.nn.swish
        """,
        """\
        from horovod_estimator import hvd
        import normalization_v2  # the second
        from TensorFlow.common.horovod_helpers import horovod_enabled

        relu_fn = tf.nn.swish
        """,
    )


def test_the_documents_import_is_enough() -> None:
    imported.ignores("from TensorFlow.common.horovod_helpers import hvd, horovod_enabled\n")


def test_an_import_that_stands_twice_is_there() -> None:
    """As where the document's edit comes second."""
    code = """\
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        from TensorFlow.common.horovod_helpers import horovod_enabled
        """
    assert imported.ignores(code).state is State.APPLIED


def test_counts_the_workers_only_while_horovod_runs() -> None:
    guard.changes(
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            num_shards = hvd.size()  # workers
            if num_shards > 1:
              pass
        """,
        """\
        class SyncBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            num_shards = hvd.size() if horovod_enabled() else 1  # workers
            if num_shards > 1:
              pass
        """,
    )


def test_leaves_the_shards_of_a_tpu_alone() -> None:
    guard.ignores(
        """\
        class TpuBatchNormalization(tf.layers.BatchNormalization):
          def _moments(self, inputs, reduction_axes, keep_dims):
            num_shards = hvd.size()
        """
    )
