import pytest

from tests.rule_check import RuleCheck

upsample = RuleCheck("efficientdet_arch-1")


def test_upsamples_with_rank_5_and_says_why() -> None:
    upsample.changes(
        """\
        def nearest_upsampling(data, scale):
          # Broadcasting picks the nearest pixel.
          data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
              [1, 1, scale, 1, scale, 1], dtype=data.dtype)  # cheap
          return merged(data)
        """,
        """\
        def nearest_upsampling(data, scale):
          # Broadcasting picks the nearest pixel.
          #
          # 6D tensors are currently not supported
          # TODO: SW-35724 revert change when they are supported
          data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
              [1 * 1, scale, 1, scale, 1], dtype=data.dtype)  # cheap
          return merged(data)
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
                with tf.name_scope('up'):
                    data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
                        [1, 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            """\
            def nearest_upsampling(data, scale):
                with tf.name_scope('up'):
                    #
                    # 6D tensors are currently not supported
                    # TODO: SW-35724 revert change when they are supported
                    data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
                        [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            id="blocks of four, inside a name scope",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = (
                  tf.reshape(data, [bs, h, 1, w, 1, c])  # room for copies
                  * tf.ones([1, 1, scale, 1, scale, 1], dtype=data.dtype)
              )
            """,
            """\
            def nearest_upsampling(data, scale):
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = (
                  tf.reshape(data, [bs * h, 1, w, 1, c])  # room for copies
                  * tf.ones([1 * 1, scale, 1, scale, 1], dtype=data.dtype)
              )
            """,
            id="a factor to a line, with a comment between them",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              x = 1

              data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
                  # Copies to the right and below.
                  [1, 1, scale, 1, scale, 1],
                  dtype=data.dtype,
              )
            """,
            """\
            def nearest_upsampling(data, scale):
              x = 1

              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
                  # Copies to the right and below.
                  [1 * 1, scale, 1, scale, 1],
                  dtype=data.dtype,
              )
            """,
            id="an argument to a line, with a comment inside the call",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
                  [1, 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            """\
            def nearest_upsampling(data, scale):
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
                  [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            id="its comment is there already, left by a change taken back",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
                  [1, 1, 2, 1, 2, 1], dtype=data.dtype)
            """,
            """\
            def nearest_upsampling(data, scale):
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
                  [1 * 1, 2, 1, 2, 1], dtype=data.dtype)
            """,
            id="a factor that is written out",
        ),
        pytest.param(
            """\
            def nearest_upsampling(x, rows, columns):
              batch, high, w, c = x.shape
              x = tf.reshape(x, [batch, high, 1, w, 1, c]) * tf.ones(
                  [1, 1, rows, 1, columns, 1], dtype=x.dtype, name='ones')
            """,
            """\
            def nearest_upsampling(x, rows, columns):
              batch, high, w, c = x.shape
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              x = tf.reshape(x, [batch * high, 1, w, 1, c]) * tf.ones(
                  [1 * 1, rows, 1, columns, 1], dtype=x.dtype, name='ones')
            """,
            id="parameters renamed, one of them split in two",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = tf.reshape(data, [bs, h, 1, data.shape[2], 1, c]) * tf.ones(
                  [1, 1, 2 * scale, 1, scale, 1], data.dtype)
            """,
            """\
            def nearest_upsampling(data, scale):
              #
              # 6D tensors are currently not supported
              # TODO: SW-35724 revert change when they are supported
              data = tf.reshape(data, [bs * h, 1, data.shape[2], 1, c]) * tf.ones(
                  [1 * 1, 2 * scale, 1, scale, 1], data.dtype)
            """,
            id="expressions in place of names",
        ),
    ],
)
def test_upsamples_however_it_is_laid_out(before: str, after: str) -> None:
    upsample.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = tf.reshape(data, [bs, h, 2, w, 1, c]) * tf.ones(
                  [1, 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            2,
            "found `2`, expected `1`",
            id="another shape",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = tf.reshape(data, [bs, rows(), 1, w, 1, c]) * tf.ones(
                  [1, 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            2,
            "found `rows()`, expected `h`",
            id="no variable where two are multiplied",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              wide = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
                  [1, 1, scale, 1, scale, 1], dtype=data.dtype)
            """,
            2,
            "found `wide`, expected `data`",
            id="another variable",
        ),
        pytest.param(
            """\
            def nearest_upsampling(data, scale):
              data = tf.reshape(data, [bs, c, h, 1, w, 1]) * tf.ones(
                  [1, 1, 1, scale, 1, scale], dtype=data.dtype)
            """,
            2,
            "found `tf.reshape(data, [bs, c, h, 1, w, 1]) * tf.ones(",
            id="channels first",
        ),
    ],
)
def test_leaves_look_alikes_alone(code: str, line: int, why: str) -> None:
    upsample.drifts(code, line=line, why=why)


def test_upsamples_where_that_moved() -> None:
    upsample.follows(
        """\
        def upsampling(data, scale):
          data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
              [1, 1, scale, 1, scale, 1], dtype=data.dtype)
        """,
        """\
        def upsampling(data, scale):
          #
          # 6D tensors are currently not supported
          # TODO: SW-35724 revert change when they are supported
          data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
              [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
        """,
    )


def test_leaves_its_twin_beside_it_alone() -> None:
    upsample.changes(
        """\
        def nearest_upsampling(data, mask, scale):
          data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
              [1, 1, scale, 1, scale, 1], dtype=data.dtype)
          mask = tf.reshape(mask, [bs, h, 1, w, 1, c])  # rank 6 as well
        """,
        """\
        def nearest_upsampling(data, mask, scale):
          #
          # 6D tensors are currently not supported
          # TODO: SW-35724 revert change when they are supported
          data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
              [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
          mask = tf.reshape(mask, [bs, h, 1, w, 1, c])  # rank 6 as well
        """,
    )


def test_takes_the_edit_for_made_where_its_comment_is_gone() -> None:
    upsample.ignores(
        """\
        def nearest_upsampling(data, scale):
          data = tf.reshape(data, [bs * h, 1, w, 1, c]) * tf.ones(
              [1 * 1, scale, 1, scale, 1], dtype=data.dtype)
        """
    )
