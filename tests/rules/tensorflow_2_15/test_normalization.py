from tests.rule_check import RuleCheck

strategy = RuleCheck("tensorflow_2_15/normalization-1")


def test_imports_the_public_module_under_the_old_name() -> None:
    strategy.changes(
        """\
        from tensorflow.python.compat import compat
        from tensorflow.python.distribute import distribution_strategy_context  # which one?
        from tensorflow.python.framework import ops
        """,
        """\
        from tensorflow.python.compat import compat
        from tensorflow import distribute as distribution_strategy_context  # which one?
        from tensorflow.python.framework import ops
        """,
    )


def test_leaves_the_renamed_module_alone() -> None:
    strategy.ignores("from tensorflow.python.distribute import distribute_lib\n")


def test_follows_another_name_for_it() -> None:
    strategy.changes(
        "from tensorflow.python.distribute import distribution_strategy_context as ds\n",
        "from tensorflow import distribute as ds\n",
    )
