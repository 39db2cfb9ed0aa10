from tests.rule_check import RuleCheck

batch_size = RuleCheck("supplement/efficientdet_arch-1")


def test_takes_the_batch_size_from_the_data() -> None:
    batch_size.changes(
        """\
        def nearest_upsampling(data, scale):
          with tf.name_scope('nearest_upsampling'):
            bs, h, w, c = data.get_shape().as_list()
            bs = -1 if bs is None else bs  # any
            return tf.reshape(data, [bs, h * scale, w * scale, c])
        """,
        """\
        def nearest_upsampling(data, scale):
          with tf.name_scope('nearest_upsampling'):
            bs, h, w, c = data.get_shape().as_list()
            bs = tf.shape(data)[0] if bs is None else bs  # any
            return tf.reshape(data, [bs, h * scale, w * scale, c])
        """,
    )


def test_leaves_other_functions_alone() -> None:
    batch_size.ignores("def resize(data):\n  bs = -1 if bs is None else bs\n")


def test_points_at_another_choice() -> None:
    code = "def nearest_upsampling(data, scale):\n  bs = 1 if bs is None else bs\n"
    batch_size.drifts(code, line=2, why="found `1`, expected `-1`")
