from tests.rule_check import RuleCheck

take_hvd = RuleCheck("documented_1_4/dataloader-1")
shard = RuleCheck("documented_1_4/dataloader-2")


def test_takes_hvd_from_horovod() -> None:
    take_hvd.changes(
        """\
        import anchors
        from horovod_estimator import hvd  # many cards
        from object_detection import preprocessor
        """,
        """\
        import anchors
        # many cards
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None
        from object_detection import preprocessor
        """,
    )


def test_leaves_other_names_of_the_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator import hvd_info\n")


def test_shards_only_once_horovod_was_started() -> None:
    shard.changes(
        """\
        class InputReader:
          def __call__(self, params):
            # A part each.
            if hvd is not None:  # many cards
              dataset = dataset.shard(hvd.size(), hvd.rank())
        """,
        """\
        class InputReader:
          def __call__(self, params):
            # A part each.
            if hvd is not None and hvd.is_initialized():  # many cards
              dataset = dataset.shard(hvd.size(), hvd.rank())
        """,
    )


def test_leaves_another_reader_alone() -> None:
    shard.ignores(
        """\
        class SegmentationInputReader:
          def __call__(self, params):
            if hvd is not None:
              dataset = dataset.shard(hvd.size(), hvd.rank())
        """
    )
