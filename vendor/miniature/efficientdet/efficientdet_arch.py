"""The network: a coarse map upsampled onto a finer one, and two heads on that."""

import math

import tensorflow.compat.v1 as tf

import utils
from normalization_v2 import SyncBatchNormalization

STRIDE = 8  # Pixels a side of a cell of the output maps.
_PRIOR = 0.01  # Probability that an untrained cell gives to each class.


def nearest_upsampling(data, scale):
  """Returns `data`, `[bs, h, w, c]`, with each pixel `scale` by `scale` times."""
  bs, h, w, c = data.shape.as_list()
  bs = -1 if bs is None else bs
  data = tf.reshape(data, [bs, h, 1, w, 1, c]) * tf.ones(
      [1, 1, scale, 1, scale, 1], dtype=data.dtype)
  return tf.reshape(data, [bs, h * scale, w * scale, c])


def _convolve(x, channels, name, stride=1, scale=2.0):
  """Returns `x` under a 3 by 3 convolution; `scale` sets its first weights."""
  kernel = tf.get_variable(
      name + '/kernel', [3, 3, x.shape.as_list()[-1], channels], x.dtype,
      # A seed from the layer's turn, as the graph's own depends on every edit.
      initializer=tf.variance_scaling_initializer(
          scale, seed=len(tf.trainable_variables())))
  return tf.nn.conv2d(x, kernel, strides=stride, padding='SAME')


def _block(x, channels, name, training, stride=1):
  """Returns `x` convolved, normalised and rectified."""
  x = _convolve(x, channels, name, stride)
  return tf.nn.relu(SyncBatchNormalization(name)(x, training))


def _head(x, channels, name, bias):
  """Returns `x` convolved to float32 outputs that start out close to `bias`."""
  outputs = tf.cast(_convolve(x, channels, name, scale=0.01), tf.float32)
  return outputs + tf.get_variable(
      name + '/bias', [channels], initializer=tf.constant_initializer(bias))


def efficientdet(images, params, training):
  """Returns class logits and coded boxes for each cell of a grid.

  Args:
    images: `[bs, image_size, image_size, 3]`.
    params: The hyper-parameters.
    training: Whether to normalise by the batch.

  Returns:
    `[bs, cells, cells, num_classes]` and `[bs, cells, cells, 4]`, float32,
    where `cells` is `image_size / STRIDE`.
  """
  width = params['width']
  x = _block(images, width, 'stem', training, stride=2)
  x = _block(x, 2 * width, 'stage1', training, stride=2)
  fine = _block(x, 4 * width, 'stage2', training, stride=2)
  coarse = _block(fine, 4 * width, 'stage3', training, stride=2)
  merged = fine + nearest_upsampling(coarse, scale=2)
  merged = _convolve(merged, 4 * width, 'merge')
  merged = tf.nn.relu(utils.batch_normalization(merged, training, 'merge'))
  logits = _head(merged, params['num_classes'], 'class',
                 bias=-math.log((1 - _PRIOR) / _PRIOR))
  return logits, _head(merged, 4, 'box', bias=0.0)


def detections(logits, boxes):
  """Returns the most likely box of each cell, `[bs, cells * cells, 6]`.

  Args:
    logits: `[bs, cells, cells, num_classes]`.
    boxes: `[bs, cells, cells, 4]`, coded as by `dataloader`.

  Returns:
    In each row: top, left, bottom and right, as fractions of the image, the
    score, and the class, counted from 1.
  """
  cells = logits.shape.as_list()[1]
  grid = tf.range(cells, dtype=tf.float32)
  corners = tf.stack(tf.meshgrid(grid, grid, indexing='ij'), axis=-1)
  offsets, sizes = tf.split(boxes, 2, axis=-1)
  centres, halves = corners + offsets, tf.exp(tf.minimum(sizes, 4.0)) / 2
  rows = tf.concat([
      tf.concat([centres - halves, centres + halves], axis=-1) / cells,
      tf.reduce_max(tf.sigmoid(logits), axis=-1, keepdims=True),
      tf.cast(1 + tf.argmax(logits, axis=-1)[..., tf.newaxis], tf.float32),
  ], axis=-1)
  return tf.reshape(rows, [-1, cells * cells, 6])
