"""Runs a trained detector on pictures, and exports it."""

import numpy as np
import tensorflow.compat.v1 as tf
from PIL import Image

import efficientdet_arch
import hparams_config
from visualize import vis_utils

_NAMES = {1: 'box', 2: 'disc', 3: 'triangle'}


def restore_ckpt(sess, ckpt_path, enable_ema=True):
  """Loads a checkpoint, or the newest one in a folder.

  Args:
    sess: The session with the model.
    ckpt_path: The checkpoint or the folder.
    enable_ema: Whether to load the averages of the weights in their place.
  """
  if tf.io.gfile.isdir(ckpt_path):
    ckpt_path = tf.train.latest_checkpoint(ckpt_path)
  names = None
  if enable_ema:
    names = tf.train.ExponentialMovingAverage(decay=0.0).variables_to_restore()
  tf.train.Saver(names).restore(sess, ckpt_path)


class ServingDriver:
  """A detector in a session of its own.

  Args:
    model_name: See `hparams_config.get_params`.
    ckpt_path: See `restore_ckpt`.
    image_size: Pixels a side of what the network sees; None for the default.
    num_classes: Classes of the model; None for the default.
  """

  def __init__(self, model_name, ckpt_path, image_size=None, num_classes=None):
    self._params = hparams_config.get_params(model_name, '')
    self._ckpt_path = ckpt_path
    self._params['image_size'] = image_size or self._params['image_size']
    self._params['num_classes'] = num_classes or self._params['num_classes']
    self._sess = tf.Session()

  def build(self):
    """Builds the model for one picture, and loads its weights."""
    size = self._params['image_size']
    with self._sess.graph.as_default():
      self._images = tf.placeholder(tf.uint8, [1, None, None, 3], name='image_arrays')
      images = tf.image.resize_images(self._images, [size, size]) / 127.5 - 1
      logits, boxes = efficientdet_arch.efficientdet(images, self._params, training=False)
      self._detections = _in_pixels(
          efficientdet_arch.detections(logits, boxes), tf.shape(self._images))
      restore_ckpt(self._sess, self._ckpt_path)

  def serve_images(self, images):
    """Returns the detections of one picture, `[1, height, width, 3]`, `uint8`.

    They are `[1, n, 7]`: 0, y, x, height and width in pixels, score, class.
    """
    return self._sess.run(self._detections, {self._images: images})

  def export(self, output_dir):
    """Writes the model as a saved model that is served with pictures."""
    signature = tf.saved_model.predict_signature_def(
        {self._images.name: self._images}, {self._detections.name: self._detections})
    builder = tf.saved_model.Builder(output_dir)
    builder.add_meta_graph_and_variables(
        self._sess, tags=['serve'], signature_def_map={'serving_default': signature})
    builder.save()


def _in_pixels(rows, shape):
  """Returns rows of `efficientdet_arch.detections` as `serve_images` does."""
  top_left, bottom_right, others = tf.split(rows, 3, axis=-1)
  size = tf.cast(shape[1:3], tf.float32)
  return tf.concat(
      [tf.zeros_like(rows[..., :1]), top_left * size, (bottom_right - top_left) * size, others],
      axis=-1, name='detections')


def visualize(image, detections, min_score_thresh):
  """Returns a picture with the detections of a score drawn onto it."""
  drawn = Image.fromarray(image)
  for _, y, x, height, width, score, number in detections:
    if score >= min_score_thresh:
      label = '{}: {:.0%}'.format(_NAMES.get(int(number), int(number)), score)
      vis_utils.draw_bounding_box_on_image(
          drawn, y, x, y + height, x + width, display_str_list=[label])
  return np.array(drawn)
