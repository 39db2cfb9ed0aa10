"""An estimator for every worker, of which the first one keeps the books."""

import tensorflow.compat.v1 as tf

from .utis import is_rank0


class HorovodEstimator(tf.estimator.Estimator):
    """An `Estimator` that saves checkpoints and counts steps on one worker only.

    All workers share `model_dir`, so that they agree on the step to start from.
    Scalars are left to `LoggingTensorHook`; else their tags would come up twice.
    """

    def __init__(self, model_fn, model_dir, config, params):
        config = config.replace(save_summary_steps=None)
        if not is_rank0():
            config = config.replace(save_checkpoints_steps=None, log_step_count_steps=None)
        super().__init__(model_fn, model_dir, config, params)
