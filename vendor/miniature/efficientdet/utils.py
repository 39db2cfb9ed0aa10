"""Summaries, the class loss and the mean over workers."""

import tensorflow.compat.v1 as tf

from horovod_estimator import hvd

summaries = []  # Pairs of a tag and a scalar tensor.


def scalar(name, tensor):
  """Records the mean of `tensor` to be logged under the tag `name`."""
  summaries.append((name, tf.reduce_mean(tensor)))


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
