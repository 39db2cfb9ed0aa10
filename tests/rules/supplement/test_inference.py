from tests.rule_check import RuleCheck

averages = RuleCheck("supplement/inference-1")


def test_loads_averages_only_where_there_are_any() -> None:
    averages.changes(
        """\
        def restore_ckpt(sess, ckpt_path, enable_ema=True):
          if enable_ema:  # of the weights
            ema = tf.train.ExponentialMovingAverage(decay=0.0)
          else:
            ema = None
        """,
        """\
        def restore_ckpt(sess, ckpt_path, enable_ema=True):
          if enable_ema and any(
              name.endswith('/ExponentialMovingAverage')
              for name, _ in tf.train.list_variables(ckpt_path)):  # of the weights
            ema = tf.train.ExponentialMovingAverage(decay=0.0)
          else:
            ema = None
        """,
    )


def test_leaves_other_questions_alone() -> None:
    averages.ignores(
        """\
        def restore_ckpt(sess, ckpt_path, enable_ema=True):
          if enable_ema:
            print('averages')
        """
    )
