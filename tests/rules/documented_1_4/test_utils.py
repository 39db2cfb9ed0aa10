from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("documented_1_4/utils-1")


def test_takes_an_hvd_that_can_be_asked_without_horovod() -> None:
    """The document's own is None then, and the first layer asks it for the number of workers."""
    take_hvd.changes(
        """\
        import numpy as np
        from horovod_estimator import hvd
        import normalization_v2  # the second
        """,
        """\
        import numpy as np
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        import normalization_v2  # the second
        """,
    )


def test_the_first_documents_import_is_the_same() -> None:
    code = "from TensorFlow.common.horovod_helpers import hvd, horovod_enabled\n"
    assert take_hvd.ignores(code).state is State.APPLIED
