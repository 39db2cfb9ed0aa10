"""Reads detection TFRecords and lays their boxes out on the network's grid."""

import tensorflow.compat.v1 as tf

from efficientdet_arch import STRIDE
from horovod_estimator import hvd

_SIDES = ('ymin', 'xmin', 'ymax', 'xmax')
_SHUFFLED_RECORDS = 64


def _parse_record(record, image_size):
  """Decodes a serialised `tf.train.Example`.

  Returns:
    image: `[image_size, image_size, 3]`, from -1 to 1.
    boxes: `[n, 4]`, in the order of `_SIDES`, as fractions of the image.
    classes: `[n]`, counted from 0. Objects marked as crowds are left out.
  """
  def per_object(dtype):
    return tf.io.FixedLenSequenceFeature([], dtype, allow_missing=True)

  spec = {'image/object/bbox/' + side: per_object(tf.float32) for side in _SIDES}
  spec['image/object/class/label'] = per_object(tf.int64)
  spec['image/object/is_crowd'] = per_object(tf.int64)
  spec['image/encoded'] = tf.io.FixedLenFeature([], tf.string)
  example = tf.io.parse_single_example(record, spec)

  image = tf.io.decode_image(
      example['image/encoded'], channels=3, expand_animations=False)
  image = tf.image.resize_images(image, [image_size, image_size]) / 127.5 - 1
  boxes = tf.stack(
      [example['image/object/bbox/' + side] for side in _SIDES], axis=1)
  classes = example['image/object/class/label'] - 1
  single = tf.equal(example['image/object/is_crowd'], 0)
  return image, tf.boolean_mask(boxes, single), tf.boolean_mask(classes, single)


def _assign_targets(boxes, classes, cells, num_classes):
  """Gives each box to the cell that holds its centre.

  Of two boxes with their centres in one cell, one is learned.

  Args:
    boxes: `[n, 4]`, as fractions of the image.
    classes: `[n]`, counted from 0.
    cells: Cells a side of the grid.
    num_classes: Length of the one-hot classes.

  Returns:
    classes: `[cells, cells, num_classes]`, one-hot, or all 0 without a box.
    boxes: `[cells, cells, 4]`: the centre's offset from the cell's corner, y
      and x, then the logarithms of height and width, all in cells.
  """
  top_left, bottom_right = tf.split(boxes * cells, 2, axis=1)
  centres = (top_left + bottom_right) / 2
  corners = tf.clip_by_value(tf.floor(centres), 0, cells - 1)
  sizes = tf.maximum(bottom_right - top_left, 1 / STRIDE)
  coded = tf.concat([centres - corners, tf.log(sizes)], axis=1)

  def on_grid(values):
    grid = tf.zeros([cells, cells, values.shape.as_list()[-1]])
    return tf.tensor_scatter_nd_update(grid, tf.cast(corners, tf.int32), values)

  return {'classes': on_grid(tf.one_hot(classes, num_classes)),
          'boxes': on_grid(coded)}


class InputReader:
  """The `input_fn` of an estimator; each worker gets its share of the files.

  Args:
    file_pattern: Glob of TFRecord files.
    is_training: Whether to repeat the records for ever and shuffle them.
    use_fake_data: Whether to read no more than the first batch, over and over.
  """

  def __init__(self, file_pattern, is_training, use_fake_data=False):
    self._file_pattern = file_pattern
    self._is_training = is_training
    self._use_fake_data = use_fake_data

  def __call__(self, params):
    """Returns a dataset of batches of images and of their targets."""
    image_size = params['image_size']

    def with_targets(record):
      image, boxes, classes = _parse_record(record, image_size)
      return image, _assign_targets(
          boxes, classes, image_size // STRIDE, params['num_classes'])

    dataset = tf.data.Dataset.list_files(self._file_pattern, shuffle=self._is_training)
    if hvd is not None:
      dataset = dataset.shard(hvd.size(), hvd.rank())
    dataset = tf.data.TFRecordDataset(dataset)
    if self._is_training:
      if self._use_fake_data:
        dataset = dataset.take(params['batch_size'])
      dataset = dataset.repeat().shuffle(_SHUFFLED_RECORDS, seed=0)
    dataset = dataset.map(with_targets, num_parallel_calls=2)
    # Batches of one size, which the graph then knows.
    return dataset.batch(params['batch_size'], drop_remainder=True).prefetch(1)
