"""Writes sample data, in a Python that has TensorFlow: `samples.py FOLDER NAME=FILES...`.

Every picture holds one to three shapes on a dark ground: a red box, a green disc, a blue triangle,
each a class of its own, and none on top of another. Each NAME is a set of its own: FILES TFRecords,
`NAME-*`; their boxes, in COCO's form, as `NAME.json`; and the pictures, in a folder NAME.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf

PICTURES, SIDE = 8, 128  # pictures in a file, and pixels a side
CLASSES = {"box": (220, 40, 40), "disc": (40, 200, 40), "triangle": (60, 60, 230)}
EDGES = ("ymin", "xmin", "ymax", "xmax")


def feature(kind: str, values: Iterable[Any]) -> Any:
    """A feature of `bytes`, `float` or `int64`."""
    return tf.train.Feature(**{f"{kind}_list": {"value": values}})


def boxes_of(random: np.random.Generator) -> Any:
    """Up to three boxes that do not touch, `[n, 4]` pixels in the order of EDGES."""
    count = random.integers(1, 4)
    corners, sides = random.uniform(0.0, 0.6, (count, 2)), random.uniform(0.2, 0.4, (count, 2))
    kept: list[Any] = []
    for box in (SIDE * np.concatenate([corners, corners + sides], 1)).round().astype(int):
        if not any((box[:2] <= other[2:]).all() and (other[:2] <= box[2:]).all() for other in kept):
            kept.append(box)
    return np.array(kept)


def picture(random: np.random.Generator, boxes: Any, classes: Any) -> Any:
    """A picture of a shape in each box."""
    image = np.full((SIDE, SIDE, 3), random.integers(0, 60, 3), np.uint8)
    names = list(CLASSES)
    for (top, left, bottom, right), number in zip(boxes, classes):
        # From 0 to 1 inside the box: down, and across.
        y, x = np.mgrid[0.5 : bottom - top, 0.5 : right - left] / [
            [[bottom - top]],
            [[right - left]],
        ]
        name = names[number - 1]
        inside = {
            "box": y >= 0,
            "disc": (y - 0.5) ** 2 + (x - 0.5) ** 2 <= 0.25,
            "triangle": abs(x - 0.5) <= y / 2,
        }
        image[top:bottom, left:right][inside[name]] = CLASSES[name]
    return image


def example(number: int, png: bytes, boxes: Any, classes: Any) -> Any:
    """A `tf.train.Example` as the upstream's decoder wants it."""
    features = {
        **{
            f"image/object/bbox/{e}": feature("float", boxes[:, i] / SIDE)
            for i, e in enumerate(EDGES)
        },
        "image/encoded": feature("bytes", [png]),
        "image/source_id": feature("bytes", [b"%d" % number]),
        "image/height": feature("int64", [SIDE]),
        "image/width": feature("int64", [SIDE]),
        "image/object/class/label": feature("int64", classes),
        "image/object/area": feature("float", np.prod(boxes[:, 2:] - boxes[:, :2], 1)),
        "image/object/is_crowd": feature("int64", [0] * len(boxes)),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def in_coco_form(number: int, boxes: Any, classes: Any) -> list[dict[str, Any]]:
    """The boxes of a picture as COCO's annotations, but for their ids."""
    return [
        {
            "image_id": number,
            "category_id": int(kind),
            "bbox": [int(left), int(top), int(right - left), int(bottom - top)],
            "area": int((right - left) * (bottom - top)),
            "iscrowd": 0,
        }
        for (top, left, bottom, right), kind in zip(boxes, classes)
    ]


def write(folder: str, name: str, files: int, seed: int) -> None:
    """Write a set, the same of the same seed every time."""
    random = np.random.default_rng(seed)
    images: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    for file in range(files):
        with tf.io.TFRecordWriter(os.path.join(folder, f"{name}-{file:03}.tfrecord")) as records:
            for number in range(PICTURES * file + 1, PICTURES * (file + 1) + 1):
                boxes = boxes_of(random)
                classes = random.integers(1, 1 + len(CLASSES), len(boxes))
                png = tf.io.encode_png(picture(random, boxes, classes)).numpy()
                one = example(number, png, boxes, classes)
                records.write(one.SerializeToString(deterministic=True))
                image = f"{number:04}.png"
                with open(os.path.join(folder, name, image), "wb") as drawn:
                    drawn.write(png)
                images.append({"id": number, "file_name": image, "width": SIDE, "height": SIDE})
                found += in_coco_form(number, boxes, classes)
    write_coco(os.path.join(folder, f"{name}.json"), images, found)


def write_coco(file: str, images: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    """Write pictures and boxes in COCO's form; ids of boxes begin with 1, as 0 stands for none."""
    coco = {
        "images": images,
        "annotations": [{"id": number, **each} for number, each in enumerate(found, 1)],
        "categories": [{"id": number, "name": kind} for number, kind in enumerate(CLASSES, 1)],
    }
    with open(file, "w", encoding="utf-8") as output:
        json.dump(coco, output)


def main(folder: str, *sets: str) -> None:
    """Write all sets."""
    for seed, each in enumerate(sets):
        name, _, files = each.partition("=")
        write(folder, name, int(files), seed)


main(*sys.argv[1:])
