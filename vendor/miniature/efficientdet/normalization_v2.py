"""Batch normalisation by the statistics of all workers' batches."""

import tensorflow.compat.v1 as tf

import normalization
import utils
from horovod_estimator import hvd, hvd_info


class SyncBatchNormalization:
    """Normalises each channel of an image map; computes in float32."""

    def __init__(self, name, momentum=0.9, epsilon=1e-3):
        self._name = name
        self._momentum = momentum
        self._epsilon = epsilon

    def __call__(self, x, training):
        """Returns `x`, `[bs, h, w, c]`, normalised, in the type of `x`.

        Training takes mean and variance from the batch, and adds the updates of
        their moving averages to `UPDATE_OPS`; evaluation takes the averages.
        """
        channels = x.shape.as_list()[-1:]
        zeros, ones = tf.zeros_initializer(), tf.ones_initializer()
        with tf.variable_scope(self._name):
            beta = tf.get_variable('beta', channels, initializer=zeros)
            gamma = tf.get_variable('gamma', channels, initializer=ones)
            moving = {'trainable': False, 'aggregation': normalization.aggregation()}
            mean = tf.get_variable('moving_mean', channels, initializer=zeros, **moving)
            variance = tf.get_variable('moving_variance', channels, initializer=ones, **moving)

        y = tf.cast(x, tf.float32)
        if training:
            averages = mean, variance
            mean, variance = self._calculate_mean_and_var(y, [0, 1, 2], keep_dims=False)
            for average, value in zip(averages, (mean, variance)):
                update = tf.assign_sub(average, (average - value) * (1 - self._momentum))
                tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
        y = tf.nn.batch_normalization(y, mean, variance, beta, gamma, self._epsilon)
        return tf.cast(y, x.dtype)

    def _calculate_mean_and_var(self, x, axes, keep_dims):
        """Returns mean and variance of `x` over `axes` and over the workers."""
        if hvd is not None:
            num_shards = hvd.size()
        else:
            num_shards = 1

        def mean_of(values):
            return utils.mean_over_workers(tf.reduce_mean(values, axes, keepdims=True), num_shards)

        mean = mean_of(x)
        variance = mean_of(tf.square(x - mean))
        if keep_dims:
            return mean, variance
        return tf.squeeze(mean, axes), tf.squeeze(variance, axes)
