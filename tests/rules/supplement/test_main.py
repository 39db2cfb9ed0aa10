from patcher.model import State
from tests.rule_check import RuleCheck

imported = RuleCheck("supplement/main-1")
start = RuleCheck("supplement/main-2")


def test_imports_the_function_behind_the_imports() -> None:
    imported.changes(
        """\
        import utils
        from horovod_estimator import hvd_try_init  # the last

        FLAGS = flags.FLAGS
        """,
        """\
        import utils
        from horovod_estimator import hvd_try_init  # the last
        from TensorFlow.common.horovod_helpers import hvd_init

        FLAGS = flags.FLAGS
        """,
    )


def test_an_import_that_is_there_is_enough() -> None:
    code = "from TensorFlow.common.horovod_helpers import hvd, hvd_init\n"
    assert imported.ignores(code).state is State.APPLIED


def test_starts_horovod_where_several_workers_were_launched() -> None:
    start.changes(
        """\
        def main(argv):
          # before anything asks
          hvd_try_init()
          set_env()
        """,
        """\
        def main(argv):
          # before anything asks
          if any(int(os.environ.get(name) or 1) > 1 for name in (
              'HOROVOD_SIZE', 'OMPI_COMM_WORLD_SIZE', 'MV2_COMM_WORLD_SIZE', 'PMI_SIZE',
              'SLURM_STEP_NUM_TASKS')):
            hvd_init()
          hvd_try_init()
          set_env()
        """,
    )


def test_leaves_other_functions_alone() -> None:
    start.ignores(
        """\
        def evaluate(argv):
          hvd_try_init()
        """
    )
