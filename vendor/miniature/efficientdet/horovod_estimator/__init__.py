"""Estimators that train on one worker, or on many under Horovod."""

try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None

import tensorflow.compat.v1 as tf

from .estimator import HorovodEstimator
from .utis import hvd_info, hvd_info_rank0, hvd_try_init


def show_model():
    """Logs name and shape of each trainable variable of the default graph."""
    for variable in tf.trainable_variables():
        hvd_info_rank0('{} {}'.format(variable.op.name, variable.shape.as_list()))
