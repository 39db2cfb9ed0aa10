from tests.rule_check import RuleCheck

order = RuleCheck("supplement/dataloader-1")
share = RuleCheck("supplement/dataloader-2")


def test_shuffles_alike_in_every_worker() -> None:
    order.changes(
        """\
        class InputReader:
            def __call__(self, params):
                dataset = tf.data.Dataset.list_files(
                    self._file_pattern, shuffle=self._is_training)

                # shares
                if hvd is not None:
                    dataset = dataset.shard(hvd.size(), hvd.rank())
        """,
        """\
        class InputReader:
            def __call__(self, params):
                dataset = tf.data.Dataset.list_files(
                    self._file_pattern, shuffle=self._is_training,
                    seed=0)

                # shares
                if hvd is not None:
                    dataset = dataset.shard(hvd.size(), hvd.rank())
        """,
    )


def test_leaves_a_reader_that_shares_nothing_out_alone() -> None:
    order.ignores(
        """\
        class SegmentationInputReader:
            def __call__(self, params):
                dataset = tf.data.Dataset.list_files(
                    self._file_pattern, shuffle=self._is_training)
        """
    )


def test_leaves_an_order_of_its_own_alone() -> None:
    order.ignores(
        """\
        class InputReader:
            def __call__(self, params):
                dataset = tf.data.Dataset.list_files(self._file_pattern, shuffle=False)
        """
    )


def test_shares_out_the_files_of_training_only() -> None:
    share.changes(
        """\
        class InputReader:
          def __call__(self, params=None):
            if hvd is not None:
              # by the number of workers
              dataset = dataset.shard(hvd.size(), hvd.rank())
        """,
        """\
        class InputReader:
          def __call__(self, params=None):
            if hvd is not None:
              # by the number of workers
              dataset = dataset.shard(hvd.size(), hvd.rank()) if self._is_training else dataset
        """,
    )


def test_leaves_other_cuts_alone() -> None:
    share.ignores(
        """\
        class InputReader:
          def __call__(self, params=None):
            dataset = dataset.take(hvd.size())
        """
    )
