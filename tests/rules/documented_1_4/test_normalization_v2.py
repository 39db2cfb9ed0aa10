from tests.rule_check import RuleCheck

take_hvd = RuleCheck("documented_1_4/normalization_v2-1")
count = RuleCheck("documented_1_4/normalization_v2-2")


def test_takes_hvd_from_horovod() -> None:
    take_hvd.changes(
        """\
        import normalization
        from horovod_estimator import hvd, hvd_info

        # Keras
        """,
        """\
        import normalization
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None

        # Keras
        """,
    )


def test_leaves_other_names_of_the_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator import hvd_info\n")


def test_counts_the_workers_only_once_horovod_was_started() -> None:
    count.changes(
        """\
        class SyncBatchNormalization:
            def _calculate_mean_and_var(self, x, axes, keep_dims):
                # Over all cards.
                if hvd is not None:
                    num_shards = hvd.size()
                else:  # one card
                    num_shards = 1
        """,
        """\
        class SyncBatchNormalization:
            def _calculate_mean_and_var(self, x, axes, keep_dims):
                # Over all cards.
                if hvd is not None and hvd.is_initialized():
                    num_shards = hvd.size()
                else:  # one card
                    num_shards = 1
        """,
    )


def test_leaves_another_layer_alone() -> None:
    count.ignores(
        """\
        class BatchNormalization:
            def _calculate_mean_and_var(self, x, axes, keep_dims):
                if hvd is not None:
                    num_shards = hvd.size()
        """
    )
