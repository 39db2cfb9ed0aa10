import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("init-1")


def test_takes_hvd_and_passes_on_horovod_enabled() -> None:
    take_hvd.changes(
        '''\
        """Estimators for many cards."""

        # Horovod is optional.
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None

        # Ours.
        from .estimator import HorovodEstimator
        ''',
        '''\
        """Estimators for many cards."""

        # Horovod is optional.
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled

        # Ours.
        from .estimator import HorovodEstimator
        ''',
    )


def test_keeps_every_comment_of_what_it_replaces() -> None:
    take_hvd.changes(
        """\
        import socket
        try:  # Horovod
            # One process per card.
            import horovod.tensorflow as hvd  # starts MPI
        except ImportError:  # a laptop
            hvd = None  # one card
            # Nothing else to do.
        import estimator  # ours
        """,
        """\
        import socket
        # Horovod
        # One process per card.
        # starts MPI
        # a laptop
        # one card
        # Nothing else to do.
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        import estimator  # ours
        """,
    )


def test_keeps_the_head_of_a_file_that_starts_with_the_attempt() -> None:
    take_hvd.changes(
        """\
        #!/usr/bin/env python
        # Whoever wrote this.

        try:
          import horovod.tensorflow as hvd
        except (ImportError):
          hvd = None
        """,
        """\
        #!/usr/bin/env python
        # Whoever wrote this.

        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        """,
    )


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            import os
            try:
                import horovod.torch as hvd
            except ImportError:
                hvd = None
            """,
            3,
            "found `horovod.torch`, expected `horovod.tensorflow`",
            id="another framework",
        ),
        pytest.param(
            """\
            import os
            try:
                import horovod.tensorflow as hvd
            except RuntimeError:
                hvd = None
            """,
            4,
            "found `RuntimeError`, expected `ImportError`",
            id="another error",
        ),
        pytest.param(
            """\
            import os
            try:
                import horovod.tensorflow as hvd
                hvd.init()
            except ImportError:
                hvd = None
            """,
            4,
            "has `hvd.init()` as well",
            id="it does more than import",
        ),
        pytest.param(
            """\
            import os
            try:
                import horovod.tensorflow as hvd
            except ImportError:
                hvd = None
            else:
                hvd.init()
            """,
            6,
            "has `else:` as well",
            id="it does more once that has worked",
        ),
        pytest.param(
            """\
            import os
            try:
                import horovod.tensorflow as hvd
            finally:
                hvd = None
            """,
            2,
            "lacks `except ImportError:`",
            id="it does it in any case",
        ),
        pytest.param(
            """\
            import os
            import horovod.tensorflow as hvd
            """,
            2,
            "expected in `try:`",
            id="it does not only attempt to",
        ),
    ],
)
def test_leaves_other_attempts_alone(code: str, line: int, why: str) -> None:
    take_hvd.drifts(code, line=line, why=why)


def test_leaves_an_attempt_inside_a_function_alone() -> None:
    take_hvd.drifts(
        """\
        def size():
            try:
                import horovod.tensorflow as hvd
            except ImportError:
                hvd = None
        """,
        line=3,
        why="stands by itself, expected in `try:`",
    )


def test_finds_the_names_imported_among_others() -> None:
    outcome = take_hvd.ignores(
        """\
        from TensorFlow.common.horovod_helpers import (
            comm_local_rank,
            horovod_enabled,
            hvd,
        )
        """
    )
    assert outcome.state is State.APPLIED


def test_does_not_import_twice_where_the_old_attempt_is_left_over() -> None:
    code = """\
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None
        """
    assert take_hvd.outcome(code).state is State.AMBIGUOUS
    assert not take_hvd.plan(code).changed
