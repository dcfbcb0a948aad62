"""How unlike the training images a picture is, by cases that can be counted by hand."""

import numpy as np
import pytest

from fmnist.inference.familiarity import NEIGHBOURS, find_nearest, measure_distance, measure_unlikeness, normalise
from fmnist.runs.records import Reference

ANGLES = np.deg2rad(np.arange(0, 2 * NEIGHBOURS))
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)  # a row a degree


def test_rows_are_brought_to_length_one_and_an_empty_one_stays():
    rows = normalise(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]], atol=1e-7)


@pytest.mark.parametrize("length", [1, 20])
def test_the_distance_is_the_chord_to_the_kth_nearest_whatever_the_length(length: float):
    (distance,) = measure_distance(CIRCLE[:1] * np.float32(length), CIRCLE)
    assert distance == pytest.approx(2 * np.sin(np.deg2rad(NEIGHBOURS - 1) / 2), abs=1e-4)


def test_the_opposite_is_farthest():
    far, near = measure_distance(np.array([[-1, 0], [1, 0]], np.float32), CIRCLE)
    assert far == pytest.approx(2, abs=0.01)
    assert near < 0.2


class HalvesClassifier:
    """Its features are how much of an image is in its left half, and in its right."""

    def features(self, images):
        return np.stack([images[:, :, :14].sum(axis=(1, 2)), images[:, :, 14:].sum(axis=(1, 2))], axis=1).astype("f4")


def test_an_image_is_as_unlike_as_the_less_unlike_of_it_and_its_mirror_image():
    left = np.zeros((1, 28, 28), np.uint8)
    left[0, :, :14] = 1
    both = np.ones((1, 28, 28), np.uint8)
    reference = np.tile(np.array([[1, 0]], np.float32), (NEIGHBOURS, 1))
    images = np.concatenate([left, left[:, :, ::-1], both])
    unlikeness = measure_unlikeness(HalvesClassifier(), images, reference)
    np.testing.assert_allclose(unlikeness, [0, 0, 2 * np.sin(np.deg2rad(45) / 2)], atol=1e-3)


def test_the_nearest_images_come_in_order():
    reference = Reference(CIRCLE, np.arange(100, 100 + len(CIRCLE), dtype=np.int32), limit=1, temperature=1)
    assert find_nearest(CIRCLE[3:4] * 5, reference, 1).tolist() == [103]
    assert set(find_nearest(CIRCLE[3:4], reference, 3).tolist()) == {102, 103, 104}
