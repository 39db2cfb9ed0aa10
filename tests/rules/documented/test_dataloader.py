import pytest

from tests.rule_check import RuleCheck

take_hvd = RuleCheck("dataloader-1")
shard = RuleCheck("dataloader-2")


def test_takes_hvd_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        import anchors
        # Horovod
        from horovod_estimator import hvd  # or None
        """,
        """\
        import anchors
        # Horovod
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled  # or None
        """,
    )


def test_keeps_other_names_of_the_import() -> None:
    take_hvd.changes(
        """\
        from horovod_estimator import hvd, hvd_info
        """,
        """\
        from horovod_estimator import hvd_info
        from TensorFlow.common.horovod_helpers import hvd, horovod_enabled
        """,
    )


def test_leaves_other_imports_from_the_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator import hvd_info\n")


def test_leaves_another_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator.utis import hvd\n")


def test_shards_only_while_horovod_runs() -> None:
    shard.changes(
        """\
        class InputReader:
            def __call__(self, params):
                if hvd is not None:  # per card
                    shard()
        """,
        """\
        class InputReader:
            def __call__(self, params):
                if horovod_enabled():  # per card
                    shard()
        """,
    )


def test_leaves_other_methods_alone() -> None:
    shard.ignores(
        """\
        class InputReader:
            def __init__(self):
                if hvd is not None:
                    pass
        """
    )


def test_leaves_other_questions_alone() -> None:
    shard.drifts(
        """\
        class InputReader:
            def __call__(self, params):
                if hvd is None:
                    pass
        """,
        line=3,
        why="found `is`, expected `is not`",
    )


@pytest.mark.parametrize(
    "own",
    [
        "def horovod_enabled():\n    return hvd.is_initialized()\n",
        "class horovod_enabled: pass\n",
        "horovod_enabled = hvd.is_initialized\n",
        "from runtime import horovod_enabled\n",
        "try:\n    from runtime import horovod_enabled\nexcept ImportError: pass\n",
    ],
)
def test_imports_no_name_that_the_file_has_for_something_else(own: str) -> None:
    code = f"from horovod_estimator import hvd\n{own}"
    line = own.splitlines().index(next(o for o in own.splitlines() if "horovod_en" in o)) + 2
    take_hvd.drifts(code, line=line, why="binds a name that the edit imports")


def test_takes_hvd_under_its_own_name_however_that_is_written() -> None:
    take_hvd.changes(
        "from horovod_estimator import hvd as hvd\n",
        "from TensorFlow.common.horovod_helpers import hvd as hvd, horovod_enabled\n",
    )


def test_says_that_an_import_shares_its_line() -> None:
    code = "import os\nx = 1; from horovod_estimator import hvd\n"
    take_hvd.drifts(code, line=2, why="shares its line with other statements")
