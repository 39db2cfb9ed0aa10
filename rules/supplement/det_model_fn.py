"""det_model_fn.py: make the hooks of training for training alone."""

from patcher.edits import if_test
from patcher.model import Rule, Section

SECTION = Section(
    heading="supplement/det_model_fn.py",
    path="efficientdet/det_model_fn.py",
    rules=(
        Rule(
            item=1,
            title="log while training only",
            before="if is_rank0():",
            after="if is_rank0() and mode == tf.estimator.ModeKeys.TRAIN:",
            edit=if_test(within="_model_fn", holding="LoggingTensorHook"),
            why="The document's logging interval is a parameter of training, and evaluation, which "
            "never uses the hooks, died for want of it.",
        ),
    ),
)
