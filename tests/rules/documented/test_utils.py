import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("utils-1")


def test_takes_hvd_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        from absl import logging
        # The other cards.
        from horovod_estimator import hvd  # or None
        import normalization_v2
        """,
        """\
        from absl import logging
        # The other cards.
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled  # or None
        import normalization_v2
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from horovod_estimator import (hvd)
            """,
            """\
            from TensorFlow.common.horovod_helpers import (hvd, horovod_enabled)
            """,
            id="brackets that only group",
        ),
        pytest.param(
            """\
            from horovod_estimator import (
                hvd,  # or None
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
            try:
                from horovod_estimator import hvd
            except ImportError:  # tests
                hvd = None
            """,
            """\
            try:
                from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
            except ImportError:  # tests
                hvd = None
            """,
            id="an import that may fail is at module level too",
        ),
    ],
)
def test_takes_hvd_however_the_import_is_laid_out(before: str, after: str) -> None:
    take_hvd.changes(before, after)


def test_keeps_other_names_of_the_import_and_its_comments() -> None:
    take_hvd.changes(
        """\
        # Cards and messages.
        from horovod_estimator import hvd_info, hvd  # ours
        """,
        """\
        # Cards and messages.
        from horovod_estimator import hvd_info  # ours
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        """,
    )


def test_keeps_other_names_of_an_import_in_brackets_tidy() -> None:
    take_hvd.changes(
        """\
        from horovod_estimator import (
            hvd_info,  # with the rank
            hvd,
        )
        """,
        """\
        from horovod_estimator import (
            hvd_info,  # with the rank
        )
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        """,
    )


def test_takes_hvd_under_another_name() -> None:
    take_hvd.changes(
        "import os\nfrom horovod_estimator import hvd as cards\n",
        "import os\nfrom TensorFlow.common.horovod_helpers import hvd as cards, horovod_enabled\n",
    )


def test_leaves_an_import_inside_a_function_alone() -> None:
    take_hvd.drifts(
        """\
        def size():
            from horovod_estimator import hvd
            return hvd.size()
        """,
        line=2,
        why="in `size`",
    )


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from ..horovod_estimator import hvd\n", id="relative to another folder"),
        pytest.param("from horovod_estimator import *\n", id="a star names nothing"),
        pytest.param("import horovod_estimator as hvd\n", id="a module under that name"),
    ],
)
def test_leaves_other_imports_alone(code: str) -> None:
    assert take_hvd.ignores(code).state is State.DRIFTED


def test_an_import_in_an_attempt_brings_in_all_itself() -> None:
    helpers = "from TensorFlow.common.horovod_helpers import"
    attempt = "try:\n    {}\nexcept ImportError:\n    hvd = None\n"
    take_hvd.changes(
        f"{helpers} horovod_enabled\n{attempt.format('from horovod_estimator import hvd')}",
        f"{helpers} horovod_enabled\n{attempt.format(f'{helpers} hvd, horovod_enabled')}",
    )
