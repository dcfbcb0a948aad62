"""Count how many of the pictures drawn in code are read rightly, for the table in docs/pictures.md."""

import sys
from collections.abc import Iterator

import numpy as np
from not_garments import NOT_GARMENTS
from variations import GARMENT_VARIATIONS, SHAPES, encode, make_shape

from fmnist.cli.picture_commands import default_run
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.picture import load_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.turned import turn_picture

N_OTHERS = 20


def is_right(reader: Reader, data: bytes, label: int) -> bool:
    """Return whether a picture is read rightly, after the turn that is suggested if there is one."""
    picture = load_picture(data)
    reading = reader.read(prepare(picture))
    if reading.turn:
        reading = reader.read(prepare(turn_picture(picture, reading.turn)))
    return int(reading.probs.argmax()) == label


def is_doubted(reader: Reader, data: bytes) -> bool:
    """Return whether a picture gets no answer, or one that is marked as unfamiliar."""
    prepared = prepare(load_picture(data))
    return not prepared.has_item or reader.read(prepared).unfamiliar


def count(reader: Reader) -> Iterator[str]:
    """Count all variations, one line of a table each."""
    for name, make in GARMENT_VARIATIONS.items():
        shapes = [make_shape(label, seed) for label in range(len(CLASS_NAMES)) for seed in range(SHAPES)]
        right = sum(is_right(reader, encode(make(shape)), shape.label) for shape in shapes)
        yield f"| {name} | {right} of {len(shapes)} |"
    for name, draw in NOT_GARMENTS.items():
        pictures = [encode(draw(np.random.default_rng(seed))) for seed in range(N_OTHERS)]
        doubted = sum(is_doubted(reader, data) for data in pictures)
        yield f"| {name} | {doubted} of {N_OTHERS} |"


if __name__ == "__main__":
    for line in count(load_reader(default_run())):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
