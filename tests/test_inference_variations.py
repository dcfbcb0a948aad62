"""Garments drawn in code and varied in one way each are read by the shipped robust network, or get no answer."""

import pytest
from variations import GARMENT_VARIATIONS, encode, make_shape

from fmnist.cli.picture_commands import default_run
from fmnist.inference.picture import load_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reader, load_reader

LEAST_RIGHT = {  # of 20: two shapes of each class
    "item on a plain ground": 18,
    "drawing": 19,
    "white item, transparent ground": 16,
    "dark item, transparent ground": 16,
    "white strokes, transparent ground": 19,
    "letterbox, black": 18,
    "letterbox, grey": 18,
    "polaroid": 17,
    "axes around a picture": 17,
    "axes, colour map": 14,
    "lined paper": 18,
    "lined paper, askew": 18,
    "squared paper": 17,
    "pencil, uneven light": 16,
    "lined paper, uneven light": 17,
    "white on black": 18,
    "colour without an outline": 17,
    "filled by scribbling": 14,
    "lines of one pixel": 18,
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(default_run())


@pytest.mark.parametrize("name", LEAST_RIGHT)
def test_a_variation_is_read(name, reader):
    right = 0
    for label in range(10):
        for seed in range(2):
            prepared = prepare(load_picture(encode(GARMENT_VARIATIONS[name](make_shape(label, seed)))))
            right += prepared.has_item and int(reader.read(prepared).probs.argmax()) == label
    assert right >= LEAST_RIGHT[name]
