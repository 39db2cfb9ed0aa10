"""The upsampling of the patched trees, built and run in the stack."""

from pathlib import Path

from tests.commands import run
from tests.runtime.processes import Command, python, said


def test_batches_of_any_size_are_upsampled(miniature: Path, stack_python: Command) -> None:
    """With the document's edit alone they are not: its shape takes the size for known."""
    code = """
        import numpy as np
        import tensorflow.compat.v1 as tf
        from efficientdet_arch import nearest_upsampling

        tf.disable_v2_behavior()
        data = tf.placeholder(tf.float32, [None, 2, 3, 1])
        large = nearest_upsampling(data, 2)
        ranks = {len(t.shape) for op in tf.get_default_graph().get_operations() for t in op.outputs}
        value = np.arange(24).reshape(4, 2, 3, 1)
        with tf.Session() as session:
            same = session.run(large, {data: value}) == value.repeat(2, 1).repeat(2, 2)
        print(same.all(), max(ranks), large.shape.as_list())
    """
    run("apply", miniature, "--pack", "documented", "--pack", "tensorflow_2_15")
    tree = miniature / "efficientdet"
    broken = python(code, tree, command=stack_python)
    assert "Invalid value in tensor used for shape: -2" in broken.stderr
    run("apply", miniature, "--pack", "supplement")
    assert said(python(code, tree, command=stack_python)) == ["True 5 [None, 4, 6, 1]"]
