import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.duplicates import compare_without, find_near_duplicates, find_nearest, measure_distance
from fmnist.evaluation.intervals import wilson_interval

RNG = np.random.default_rng(0)


def noise(count: int) -> np.ndarray:
    """Images of noise with a black margin, in which nothing is near to anything."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = RNG.integers(0, 256, (count, 20, 20))
    return images


def test_equal_and_shifted_images_have_no_distance_and_unrelated_ones_about_the_root_of_two():
    images = noise(4)
    moved = np.roll(images, (1, -1), axis=(1, 2))
    assert measure_distance(images, images) == pytest.approx(0)
    assert measure_distance(images, moved) == pytest.approx(0)
    assert measure_distance(images, noise(4)) == pytest.approx(np.sqrt(2), abs=0.25)


def test_by_hand():
    a, b = np.zeros((2, 28, 28), np.uint8)
    a[10, 10], b[10, 10] = 100, 200  # each has four differences of its own value
    assert measure_distance(a, b) == pytest.approx(100 * 2 / np.sqrt(200 * 400))


def test_near_duplicates_are_found_and_mirrored_images_are_none():
    others = noise(30)
    images = noise(12)
    images[3] = np.roll(others[17], 1, axis=0)
    images[8] = np.clip(others[5].astype(int) + RNG.integers(-6, 7, (28, 28)), 0, 255)
    images[9] = others[2, :, ::-1]
    told: list[tuple[int, int]] = []
    found = find_near_duplicates(images, others, lambda done, total: told.append((done, total)))
    assert found.limit == 0  # the mirror image of image 9 is there
    assert not len(found.image)
    assert told == [(1, 2), (2, 2)]
    found = find_near_duplicates(images[:9], others)
    assert list(zip(found.image, found.other, strict=True))[:2] == [(3, 17), (8, 5)]  # chance makes others
    assert found.distance[0] == 0 < found.distance[1] < found.limit


def test_fewer_others_than_candidates_are_enough():
    others = noise(3)
    assert find_nearest(others, others, lambda: None).place.tolist() == [0, 1, 2]


def test_accuracy_without_some_images_by_hand():
    correct, left_out = np.arange(100) < 90, np.arange(100) >= 80
    found = compare_without(correct, left_out)
    assert (found.on_all, found.on_rest, found.right, found.left_out) == (0.9, 1.0, 10, 20)
    assert found.change == pytest.approx(0.1)
    rest, some = wilson_interval(80, 80), wilson_interval(10, 20)
    low = 0.2 * (0.5 - np.hypot(1 - rest[0], some[1] - 0.5))
    high = 0.2 * (0.5 + np.hypot(rest[1] - 1, 0.5 - some[0]))
    assert found.interval == pytest.approx((low, high))


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_the_change_lies_in_its_interval(seed: int, runs: int):
    rng = np.random.default_rng(seed)
    left_out = np.arange(60) < rng.integers(1, 59)
    found = compare_without(rng.random((runs, 60)) < 0.8, left_out)
    assert found.interval[0] - 1e-12 <= found.change <= found.interval[1] + 1e-12
