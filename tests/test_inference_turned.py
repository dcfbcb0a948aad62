"""Pictures on their side: turned as asked, and a turn is suggested where it clearly helps."""

import numpy as np
import pytest
from variations import GARMENT_VARIATIONS, make_shape

from fmnist.cli.picture_commands import default_run
from fmnist.inference.picture import Picture, picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.turned import turn_picture


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(default_run())


def pixels_of(name, label, seed=0):
    return np.asarray(GARMENT_VARIATIONS[name](make_shape(label, seed)).convert("RGB"))


def test_a_picture_turns_with_its_alpha_channel_and_comes_back():
    pixels = np.zeros((4, 6, 4), np.uint8)
    pixels[0, 5] = (10, 20, 30, 255)
    picture = picture_from_array(pixels)
    once = turn_picture(picture, 1)
    assert once.pixels.shape == (6, 4, 3)
    assert once.pixels[0, 0].tolist() == [10, 20, 30]
    assert (once.alpha[0, 0], once.alpha.sum()) == (255, 255)
    back = turn_picture(once, 3)
    np.testing.assert_array_equal(back.pixels, picture.pixels)
    np.testing.assert_array_equal(back.alpha, picture.alpha)


@pytest.mark.parametrize(("turned", "expected"), [(1, 3), (2, 2), (3, 1)])
def test_the_turn_that_is_suggested_leads_to_the_right_answer(reader, turned, expected):
    suggested = []
    for label in range(10):
        picture = turn_picture(Picture(pixels_of("drawing", label)), turned)
        reading = reader.read(prepare(picture))
        if reading.turn:
            suggested.append(reading.turn)
            assert int(reader.read(prepare(turn_picture(picture, reading.turn))).probs.argmax()) == label
    assert len(suggested) >= 2
    assert set(suggested) == {expected}


@pytest.mark.parametrize("name", ["drawing", "item on a plain ground"])
def test_no_turn_is_suggested_for_what_stands_upright(reader, name):
    readings = [reader.read(prepare(Picture(pixels_of(name, label)))) for label in range(10)]
    assert [reading.turn for reading in readings] == [0] * 10
