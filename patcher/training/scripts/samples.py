"""Writes sample data, in a Python that has TensorFlow: `samples.py FOLDER FILES`.

Every picture holds one to three boxes, each in the colour of its class, on a dark ground.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf

PICTURES, SIDE = 8, 128
COLOURS = ((220, 40, 40), (40, 200, 40), (60, 60, 230))


def feature(kind: str, values: Iterable[Any]) -> Any:
    """A feature of `bytes`, `float` or `int64`."""
    return tf.train.Feature(**{f"{kind}_list": {"value": values}})


def picture(random: np.random.Generator, boxes: Any, classes: Any) -> Any:
    """A picture of the boxes, `[n, 4]` as fractions: top, left, bottom, right."""
    image = np.full((SIDE, SIDE, 3), random.integers(0, 60, 3), np.uint8)
    for box, number in zip(boxes, classes):
        top, left, bottom, right = (SIDE * box).astype(int)
        image[top:bottom, left:right] = COLOURS[number - 1]
    return image


def example(random: np.random.Generator, number: int) -> Any:
    """A `tf.train.Example` as the upstream's decoder wants it."""
    count = random.integers(1, 4)
    corners, sides = random.uniform(0.0, 0.6, (count, 2)), random.uniform(0.2, 0.4, (count, 2))
    boxes = np.concatenate([corners, corners + sides], 1)
    classes = random.integers(1, 1 + len(COLOURS), count)
    image = picture(random, boxes, classes)
    names = ("ymin", "xmin", "ymax", "xmax")
    edges = {f"image/object/bbox/{name}": boxes[:, at] for at, name in enumerate(names)}
    features = {
        **{name: feature("float", values) for name, values in edges.items()},
        "image/encoded": feature("bytes", [tf.io.encode_png(image).numpy()]),
        "image/source_id": feature("bytes", [b"%d" % number]),
        "image/height": feature("int64", [SIDE]),
        "image/width": feature("int64", [SIDE]),
        "image/object/class/label": feature("int64", classes),
        "image/object/area": feature("float", SIDE**2 * np.prod(boxes[:, 2:] - boxes[:, :2], 1)),
        "image/object/is_crowd": feature("int64", [0] * count),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def main(folder: str, files: int) -> None:
    """Write the files, the same ones every time."""
    random = np.random.default_rng(0)
    for file in range(files):
        name = os.path.join(folder, f"train-{file:03}.tfrecord")
        with tf.io.TFRecordWriter(name) as records:
            for number in range(PICTURES):
                one = example(random, PICTURES * file + number)
                records.write(one.SerializeToString(deterministic=True))


main(sys.argv[1], int(sys.argv[2]))
