"""Summaries, the class loss, the mean over workers and the layers that need it."""

import tensorflow.compat.v1 as tf
from tensorflow.python.tpu import tpu_function

from horovod_estimator import hvd

summaries = []  # Pairs of a tag and a scalar tensor.


def scalar(name, tensor):
  """Records the mean of `tensor` to be logged under the tag `name`."""
  summaries.append((name, tf.reduce_mean(tensor)))


def get_tpu_host_call(global_step, params):
  """Returns the function that writes the recorded scalars, and its tensors.

  A TPU hands the tensors to its host. None without scalars.
  """
  if not summaries:
    return None

  def write(step, *values):
    return [tf.print(params['model_dir'], step, tag, value)
            for (tag, _), value in zip(summaries, values)]

  return write, [global_step] + [tensor for _, tensor in summaries]


def mean_over_workers(tensor, num_shards):
    """Returns the elementwise mean of `tensor` over `num_shards` workers."""
    return hvd.allreduce(tensor) if num_shards > 1 else tensor


def focal_loss(logits, targets, alpha=0.25, gamma=2.0):
  """Returns the focal loss of each logit, in the shape of `logits`.

  Args:
    logits: Any shape.
    targets: 0 or 1, in the shape of `logits`.
    alpha: Weight of the targets that are 1; those that are 0 weigh `1 - alpha`.
    gamma: How strongly logits that are right already are discounted.
  """
  cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(
      labels=targets, logits=logits)
  error = tf.abs(targets - tf.sigmoid(logits))
  weight = targets * alpha + (1 - targets) * (1 - alpha)
  return weight * tf.pow(error, gamma) * cross_entropy


class TpuBatchNormalization(tf.layers.BatchNormalization):
  """Normalises by the statistics of all TPU cores' batches."""

  def _moments(self, inputs, reduction_axes, keep_dims):
    """Returns mean and variance over `reduction_axes` and over the cores."""
    shard_mean, shard_variance = super(TpuBatchNormalization, self)._moments(
        inputs, reduction_axes, keep_dims=keep_dims)
    num_shards = tpu_function.get_tpu_context().number_of_shards or 1

    def mean_over_cores(tensor):
      return tf.tpu.cross_replica_sum(tensor) / num_shards if num_shards > 1 else tensor

    return _pooled(shard_mean, shard_variance, mean_over_cores)


class SyncBatchNormalization(tf.layers.BatchNormalization):
  """Normalises by the statistics of all workers' batches."""

  def _moments(self, inputs, reduction_axes, keep_dims):
    """Returns mean and variance over `reduction_axes` and over the workers."""
    shard_mean, shard_variance = super(SyncBatchNormalization, self)._moments(
      inputs, reduction_axes, keep_dims=keep_dims)
    num_shards = hvd.size()
    return _pooled(shard_mean, shard_variance,
                   lambda tensor: mean_over_workers(tensor, num_shards))


def _pooled(mean, variance, mean_of):
  """Returns mean and variance of shards put together; `mean_of` averages over them."""
  pooled = mean_of(mean)
  return pooled, mean_of(variance + tf.square(mean)) - tf.square(pooled)


def batch_normalization(x, training, name, use_tpu=False):
    """Returns `x`, `[bs, h, w, c]`, normalised by the batches of all shards."""
    layer = TpuBatchNormalization if use_tpu else SyncBatchNormalization
    return layer(momentum=0.9, fused=False, name=name)(x, training=training)
