import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("normalization_v2-1")
count_workers = RuleCheck("normalization_v2-2")


def test_takes_hvd_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        import normalization

        # Statistics of all cards.
        from horovod_estimator import hvd, hvd_info  # hvd may be None

        EPSILON = 1e-3
        """,
        """\
        import normalization

        # Statistics of all cards.
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled  # hvd may be None

        EPSILON = 1e-3
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from horovod_estimator import hvd_info, hvd
            """,
            """\
            from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
            """,
            id="names in another order",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                hvd,  # or None
                hvd_info,
            )
            """,
            """\
            from TensorFlow.common.horovod_helpers import (
                hvd,  # or None
                horovod_enabled,
            )
            """,
            id="one name to a line, each with its comment",
        ),
        pytest.param(
            """\
            from horovod_estimator import hvd, show_model, hvd_info
            """,
            """\
            from horovod_estimator import show_model
            from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
            """,
            id="another name stays where it comes from",
        ),
    ],
)
def test_takes_hvd_however_the_import_is_laid_out(before: str, after: str) -> None:
    take_hvd.changes(before, after)


def test_takes_hvd_though_hvd_info_is_not_imported() -> None:
    take_hvd.changes(
        "import normalization\nfrom horovod_estimator import hvd  # cards\n",
        """\
        import normalization
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled  # cards
        """,
    )


def test_leaves_an_import_of_hvd_info_alone() -> None:
    take_hvd.drifts(
        "import normalization\nfrom horovod_estimator import hvd_info\n",
        line=2,
        why="lacks `hvd`",
    )


def test_leaves_another_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator.utis import hvd, hvd_info\n")


def test_counts_the_workers_only_while_horovod_runs() -> None:
    count_workers.changes(
        """\
        class SyncBatchNormalization(Normalization):
            def _calculate_mean_and_var(self, x, axes):
                # How many take part?
                if hvd is not None:  # more than one
                    shards = hvd.size()
                else:  # just one
                    shards = 1
                return shards
        """,
        """\
        class SyncBatchNormalization(Normalization):
            def _calculate_mean_and_var(self, x, axes):
                # How many take part?
                if horovod_enabled():  # more than one
                    shards = hvd.size()
                else:  # just one
                    shards = 1
                return shards
        """,
    )


def test_counts_the_workers_inside_a_name_scope() -> None:
    count_workers.changes(
        """\
        class SyncBatchNormalization:
          def _calculate_mean_and_var(self, x):
            with scope('moments'):
              if (hvd is not None):
                shards = hvd.size()  # of all machines
        """,
        """\
        class SyncBatchNormalization:
          def _calculate_mean_and_var(self, x):
            with scope('moments'):
              if (horovod_enabled()):
                shards = hvd.size()  # of all machines
        """,
    )


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            class BatchNormalization:
                def _calculate_mean_and_var(self, x):
                    if hvd is not None:
                        pass
            """,
            3,
            "in `BatchNormalization._calculate_mean_and_var`",
            id="another class",
        ),
        pytest.param(
            """\
            class SyncBatchNormalization:
                def call(self, x):
                    if hvd is not None:
                        pass
            """,
            3,
            "in `SyncBatchNormalization.call`",
            id="another method",
        ),
        pytest.param(
            """\
            class SyncBatchNormalization:
                def _calculate_mean_and_var(self, x):
                    def moments(y):
                        if hvd is not None:
                            pass
            """,
            4,
            "in `SyncBatchNormalization._calculate_mean_and_var.moments`",
            id="a function inside the method",
        ),
        pytest.param(
            """\
            class SyncBatchNormalization:
                def _calculate_mean_and_var(self, x):
                    if hvd is not None or x.size() > 1:
                        pass
            """,
            3,
            "found `hvd is not None or x.size() > 1`, expected `hvd is not None`",
            id="another question",
        ),
    ],
)
def test_leaves_look_alikes_alone(code: str, line: int, why: str) -> None:
    count_workers.drifts(code, line=line, why=why)


def test_does_not_guess_between_two_questions() -> None:
    outcome = count_workers.outcome(
        """\
        class SyncBatchNormalization:
            def _calculate_mean_and_var(self, x):
                if hvd is not None:
                    x = hvd.allreduce(x)
                if hvd is not None:
                    x = x / hvd.size()
        """
    )
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [3, 5]


def test_keeps_hvd_info_where_it_is_used() -> None:
    code = "\n\nclass Layer:\n    def call(self):\n        hvd_info('called')\n"
    take_hvd.changes(
        f"import os\nfrom horovod_estimator import hvd, hvd_info  # Horovod{code}",
        "import os\nfrom horovod_estimator import hvd_info  # Horovod\n"
        f"from TensorFlow.common.horovod_helpers import hvd, horovod_enabled{code}",
    )


def test_drops_a_line_of_its_own_for_what_it_never_used() -> None:
    take_hvd.changes(
        "import os\nfrom horovod_estimator import hvd\nfrom horovod_estimator import hvd_info\n",
        "import os\nfrom TensorFlow.common.horovod_helpers import hvd, horovod_enabled\n",
    )
