import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

ask_rank = RuleCheck("documented_1_4/utis-1")
start = RuleCheck("documented_1_4/utis-2")
name_rank = RuleCheck("documented_1_4/utis-3")
name_rank0 = RuleCheck("documented_1_4/utis-4")
take_hvd = RuleCheck("documented_1_4/utis-5")

QUESTIONS = [(ask_rank, "is_rank0"), (name_rank, "hvd_info"), (name_rank0, "hvd_info_rank0")]
each_question = pytest.mark.parametrize(
    ("check", "function"), [pytest.param(*pair, id=pair[1]) for pair in QUESTIONS]
)


@each_question
def test_asks_whether_horovod_was_started(check: RuleCheck, function: str) -> None:
    check.changes(
        f"""\
        def {function}(msg):
            # Who am I?
            if hvd is not None:  # many cards
                return hvd.rank()
        """,
        f"""\
        def {function}(msg):
            # Who am I?
            if hvd is not None and hvd.is_initialized():  # many cards
                return hvd.rank()
        """,
    )


@each_question
def test_leaves_other_functions_alone(check: RuleCheck, function: str) -> None:
    check.ignores(f"def {function}_of(msg):\n    if hvd is not None:\n        pass\n")


def test_starts_horovod_where_many_were_launched() -> None:
    """The document's own question would never start it."""
    start.changes(
        """\
        def hvd_try_init():
            global IS_HVD_INIT
            # Once is enough.
            if not IS_HVD_INIT and hvd is not None:
                hvd.init()  # over MPI
                IS_HVD_INIT = True
        """,
        """\
        def hvd_try_init():
            global IS_HVD_INIT
            # Once is enough.
            if not IS_HVD_INIT and (horovod_enabled() or hvd is not None and hvd.is_initialized()):
                hvd_init()  # over MPI
                IS_HVD_INIT = True
        """,
    )


def test_leaves_another_start_alone() -> None:
    start.ignores(
        """\
        def hvd_try_init():
            if not IS_HVD_INIT and hvd is not None:
                hvd.shutdown()
        """
    )


def test_takes_the_horovod_functions_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        import socket

        try:
            import horovod.tensorflow as hvd
        except ImportError:  # one card
            hvd = None
        """,
        """\
        import socket

        # one card
        from TensorFlow.common.horovod_helpers import hvd, hvd_init, horovod_enabled
        """,
    )


def test_the_first_documents_import_is_the_same() -> None:
    code = "from TensorFlow.common.horovod_helpers import hvd, hvd_init, horovod_enabled\n"
    assert take_hvd.ignores(code).state is State.APPLIED
