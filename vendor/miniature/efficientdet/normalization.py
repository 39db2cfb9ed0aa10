"""What the layers that normalise need to know of TensorFlow's replicas."""

import tensorflow.compat.v1 as tf
from tensorflow.python.distribute import distribution_strategy_context


def aggregation():
    """Returns how the replicas' copies of a moving average become one."""
    if distribution_strategy_context.has_strategy():
        return tf.VariableAggregation.MEAN
    return tf.VariableAggregation.NONE
