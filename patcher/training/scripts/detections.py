"""Draws what a saved model detects: `detections.py MODEL PICTURES ANNOTATIONS DRAWN`.

MODEL is a folder as the upstream exports it, PICTURES one of pictures, ANNOTATIONS tells in COCO's
form what is in them, and DRAWN is for a picture of the first of them. How many shapes these have,
and how many of them were detected, is printed as JSON. It runs on the Python of a stack, isolated.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf
from PIL import Image, ImageDraw

COLUMNS, ROWS, SCALE, GAP = 4, 3, 2, 6
SCORE = 0.4  # of a detection that is drawn
COLOURS = ("yellow", "cyan", "orange", "magenta", "white")


def main(model: str, pictures: str, annotations: str, drawn: str) -> None:
    """Draw the picture and print the numbers."""
    with open(annotations, encoding="utf-8") as file:
        coco = json.load(file)
    names = {each["id"]: each["name"] for each in coco["categories"]}
    shown = coco["images"][: COLUMNS * ROWS]
    images = [np.array(Image.open(os.path.join(pictures, each["file_name"]))) for each in shown]
    found = detected(model, images)
    boxes = [[each for each in coco["annotations"] if each["image_id"] == i["id"]] for i in shown]
    sheet(images, found, names).save(drawn)
    right = sum(any(map(is_of(box), rows)) for all_, rows in zip(boxes, found) for box in all_)
    print(json.dumps({"shapes": sum(map(len, boxes)), "detected": right}))


def detected(model: str, images: list[Any]) -> list[Any]:
    """For each picture `[n, 7]`: its number, y, x, height, width, score, and class."""
    with tf.Session(graph=tf.Graph()) as session:
        tf.saved_model.load(session, ["serve"], model)
        runs = (session.run("detections:0", {"image_arrays:0": [image]})[0] for image in images)
        return [rows[rows[:, 5] >= SCORE] for rows in runs]


def is_of(box: dict[str, Any]) -> Any:
    """Whether a detection is of a box: of its class, and sharing half of their union."""
    x, y, width, height = box["bbox"]

    def matches(row: Any) -> bool:
        down = min(y + height, row[1] + row[3]) - max(y, row[1])
        across = min(x + width, row[2] + row[4]) - max(x, row[2])
        shared = max(down, 0) * max(across, 0)
        union = width * height + row[3] * row[4] - shared
        return int(row[6]) == box["category_id"] and bool(shared >= union / 2)

    return matches


def sheet(images: list[Any], found: list[Any], names: dict[int, str]) -> Image.Image:
    """The pictures, enlarged, with a box and a label for each detection."""
    side = SCALE * images[0].shape[0]
    size = (COLUMNS * (side + GAP) + GAP, ROWS * (side + GAP) + GAP)
    whole = Image.new("RGB", size, "white")
    for place, (image, rows) in enumerate(zip(images, found)):
        one = Image.fromarray(image).resize((side, side))
        pen = ImageDraw.Draw(one)
        for _, y, x, height, width, score, number in rows:
            label = f"{names.get(int(number), int(number))} {score:.0%}"
            colour = COLOURS[int(number) % len(COLOURS)]
            edges = [SCALE * each for each in (x, y, x + width, y + height)]
            pen.rectangle(edges, outline=colour, width=2)
            top = edges[1] - 13 if edges[1] > 13 else edges[3] + 1
            pen.rectangle(pen.textbbox((edges[0], top), label), fill=colour)
            pen.text((edges[0], top), label, fill="black")
        across, down = place % COLUMNS, place // COLUMNS
        whole.paste(one, (GAP + across * (side + GAP), GAP + down * (side + GAP)))
    return whole


if __name__ == "__main__":
    tf.disable_v2_behavior()
    main(*sys.argv[1:])
