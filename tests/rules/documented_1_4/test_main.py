import pytest

from tests.rule_check import RuleCheck

take_hvd = RuleCheck("documented_1_4/main-1")
count_threads = RuleCheck("documented_1_4/main-8")
choose_device = RuleCheck("documented_1_4/main-9")
share_cores = RuleCheck("documented_1_4/main-10")
count_shards = RuleCheck("documented_1_4/main-11")


def test_takes_hvd_from_horovod_and_the_rest_from_the_package() -> None:
    take_hvd.changes(
        """\
        import utils
        # ours
        from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd

        flags.DEFINE_string('mode', 'train', 'What to do')
        """,
        """\
        import utils
        # ours
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None
        from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0

        flags.DEFINE_string('mode', 'train', 'What to do')
        """,
    )


def test_leaves_a_module_of_the_package_alone() -> None:
    take_hvd.ignores(
        """\
        from horovod_estimator.own import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd
        """
    )


def test_counts_threads_only_once_horovod_was_started() -> None:
    count_threads.changes(
        """\
        def set_env(use_amp):
            # One each.
            os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())  # cards
        """,
        """\
        def set_env(use_amp):
            # One each.
            os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None or not hvd.is_initialized() else str(hvd.size())  # cards
        """,  # noqa: E501
    )


def test_leaves_another_variable_alone() -> None:
    count_threads.ignores(
        """\
        def set_env(use_amp):
            os.environ['TF_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())
        """
    )


SESSION = """\
    def get_session_config(use_xla):
        # Which card?
        if {}:
            config.gpu_options.visible_device_list = str(hvd.local_rank())
        # Which cores?
        if {}:
            config.inter_op_parallelism_threads = 2
    """
BEFORE, AFTER = "hvd is not None", "hvd is not None and hvd.is_initialized()"


@pytest.mark.parametrize(
    ("check", "questions"), [(choose_device, (AFTER, BEFORE)), (share_cores, (BEFORE, AFTER))]
)
def test_asks_whether_horovod_was_started(check: RuleCheck, questions: tuple[str, str]) -> None:
    check.changes(SESSION.format(BEFORE, BEFORE), SESSION.format(*questions))


@pytest.mark.parametrize("check", [choose_device, share_cores])
def test_leaves_questions_about_other_things_alone(check: RuleCheck) -> None:
    check.ignores("def get_session_config(use_xla):\n    if hvd is not None:\n        pass\n")


def test_counts_one_shard_unless_horovod_was_started() -> None:
    count_shards.changes(
        """\
        def main(argv):
            num_shards = FLAGS.num_cores
            # A part each.
            if hvd is not None:
                num_shards = hvd.size()  # cards
        """,
        """\
        def main(argv):
            num_shards = FLAGS.num_cores
            # A part each.
            if hvd is not None and hvd.is_initialized():
                num_shards = hvd.size()  # cards
            else:
                num_shards = 1
        """,
    )


def test_leaves_another_count_alone() -> None:
    count_shards.ignores(
        """\
        def main(argv):
            if hvd is not None:
                num_hosts = hvd.cross_size()
        """
    )
