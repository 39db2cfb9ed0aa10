"""The average precision of detections."""

import numpy as np
import tensorflow.compat.v1 as tf

_ENOUGH = 0.5  # Of the union of a detection and a box, what both have to share.


def average_precision(detections, truths):
  """Returns the metric and the operation that adds a batch to it.

  The metric is the area under precision over recall, the mean of all classes
  of which there is a box. A box counts as detected once.

  Args:
    detections: As from `efficientdet_arch.detections`.
    truths: The same of what there is; rows with a score below 0.5 are left out.
  """
  seen, boxes = [], []  # Of each image.

  def add(some, others):
    seen.extend(some)
    boxes.extend(rows[rows[:, 4] > 0.5] for rows in others)

  def result():
    classes = np.unique(np.concatenate([rows[:, 5] for rows in boxes]))
    found = np.float32(np.mean([_of_class(seen, boxes, each) for each in classes]))
    del seen[:], boxes[:]
    return found

  update = tf.py_func(add, [detections, truths], [])
  return tf.reshape(tf.py_func(result, [], tf.float32), []), update


def _of_class(seen, boxes, number):
  """Returns the area under precision over recall for a class."""
  scored = []  # The score of each detection, and whether it is right.
  for some, truths in zip(seen, boxes):
    left = truths[truths[:, 5] == number]
    mine = some[some[:, 5] == number]
    for row in mine[np.argsort(-mine[:, 4])]:
      shares = _shares(row, left)
      right = bool(len(left)) and shares.max() >= _ENOUGH
      left = np.delete(left, shares.argmax(), axis=0) if right else left
      scored.append((row[4], right))
  total = sum((truths[:, 5] == number).sum() for truths in boxes)
  right = np.cumsum([right for _, right in sorted(scored, reverse=True)])
  precision = right / np.arange(1, len(right) + 1)
  # At each recall, the best precision of that recall or a higher one.
  best = np.maximum.accumulate(precision[::-1])[::-1]
  return float(np.sum(np.diff(right, prepend=0) * best)) / total


def _shares(row, others):
  """Returns the intersection of a box with each of others, by their union."""
  sides = np.minimum(row[2:4], others[:, 2:4]) - np.maximum(row[:2], others[:, :2])
  shared = np.prod(np.maximum(sides, 0), axis=1)
  return shared / (_area(row) + _area(others) - shared)


def _area(rows):
  return (rows[..., 2] - rows[..., 0]) * (rows[..., 3] - rows[..., 1])
