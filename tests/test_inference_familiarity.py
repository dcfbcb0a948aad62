"""How unlike the training images a picture is, by cases that can be counted by hand."""

import numpy as np
import pytest

from fmnist.inference.familiarity import NEIGHBOURS, find_nearest, measure_unlikeness, normalise
from fmnist.records import Reference

ANGLES = np.deg2rad(np.arange(0, 2 * NEIGHBOURS))
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)  # a row a degree


def test_rows_are_brought_to_length_one_and_an_empty_one_stays():
    rows = normalise(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]], atol=1e-7)


@pytest.mark.parametrize("length", [1, 20])
def test_unlikeness_is_the_chord_to_the_tenth_nearest_whatever_the_length(length: float):
    (unlikeness,) = measure_unlikeness(CIRCLE[:1] * np.float32(length), CIRCLE)
    assert unlikeness == pytest.approx(2 * np.sin(np.deg2rad(NEIGHBOURS - 1) / 2), abs=1e-4)


def test_the_opposite_is_farthest():
    far, near = measure_unlikeness(np.array([[-1, 0], [1, 0]], np.float32), CIRCLE)
    assert far == pytest.approx(2, abs=0.01)
    assert near < 0.2


def test_the_nearest_images_come_in_order():
    reference = Reference(CIRCLE, np.arange(100, 100 + len(CIRCLE), dtype=np.int32), limit=1, temperature=1)
    assert find_nearest(CIRCLE[3:4] * 5, reference, 1).tolist() == [103]
    assert set(find_nearest(CIRCLE[3:4], reference, 3).tolist()) == {102, 103, 104}
