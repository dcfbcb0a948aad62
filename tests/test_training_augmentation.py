"""Augmentation: what changes is chance under a seed; shapes, range, labels and what the images show stay."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fmnist.recipes.config import RunConfig
from fmnist.training.augmentation import choose_views, erase_rectangles, show_views
from fmnist.training.batches import (
    Batch,
    augment_batch,
    scale_images,
    shuffled_batches,
    smooth_targets,
    stack_batches,
)
from fmnist.training.compiling import feed_training, feed_validation

BATCHES = arrays(np.uint8, st.tuples(st.integers(1, 8), st.just(28), st.just(28)))
SETTINGS = st.fixed_dictionaries(
    {"mirror": st.booleans(), "shift": st.integers(0, 4), "erase": st.floats(0, 1, allow_nan=False)}
)
CONFIG = RunConfig("ann", "tuned", 3, 2, 8, 1e-3, keep="last", mirror=True, shift=2, erase=0.5, label_smoothing=0.1)


def numbered(n: int) -> np.ndarray:
    """Images of which each pixel of image i has the value i + 1."""
    return np.broadcast_to(np.arange(1, n + 1, dtype=np.uint8)[:, None, None], (n, 28, 28)).copy()


def shown(images: np.ndarray, seed: int, *, mirror: bool = False, shift: int = 0) -> np.ndarray:
    """Views of images that chance chooses."""
    return show_views(images, choose_views(len(images), np.random.default_rng(seed), mirror=mirror, shift=shift), shift)


@given(BATCHES, SETTINGS, st.integers(0, 2**31))
def test_augmented_images_keep_shape_and_type_and_follow_the_seed(images: np.ndarray, how: dict, seed: int) -> None:
    before, labels, config = images.copy(), np.zeros(len(images), int), replace(CONFIG, **how)
    first, second = (augment_batch(images, labels, config, np.random.default_rng(seed)) for _ in range(2))
    assert first.shape == images.shape
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(images, before)


@given(BATCHES)
def test_nothing_asked_for_changes_nothing(images: np.ndarray) -> None:
    config = replace(CONFIG, mirror=False, shift=0, erase=0.0)
    unchanged = augment_batch(images, np.zeros(len(images), int), config, np.random.default_rng(0))
    np.testing.assert_array_equal(unchanged, images)


def test_about_half_of_the_images_are_mirrored_and_the_others_left() -> None:
    images = np.random.default_rng(1).integers(0, 256, (2000, 28, 28), dtype=np.uint8)
    mirrored = shown(images, 2, mirror=True)
    turned = (mirrored == images[:, :, ::-1]).all(axis=(1, 2))
    left = (mirrored == images).all(axis=(1, 2))
    assert (turned ^ left).all()
    assert turned.mean() == pytest.approx(0.5, abs=0.05)


def test_every_shift_within_the_limit_occurs_and_moves_the_whole_image() -> None:
    dot = np.zeros((2000, 28, 28), np.uint8)
    dot[:, 10, 15] = 200
    shifted = shown(dot, 0, shift=2)
    image, row, column = np.nonzero(shifted)
    np.testing.assert_array_equal(image, np.arange(2000))
    assert set(zip(row - 10, column - 15, strict=True)) == {(i, j) for i in range(-2, 3) for j in range(-2, 3)}


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_view_is_named_by_a_number_of_its_own(mirror: bool, shift: int) -> None:
    image = np.random.default_rng(0).integers(1, 256, (1, 28, 28), dtype=np.uint8)
    config = replace(CONFIG, mirror=mirror, shift=shift)
    views = show_views(np.repeat(image, config.views, axis=0), np.arange(config.views), shift)
    assert len({view.tobytes() for view in views}) == config.views
    chosen = choose_views(2000, np.random.default_rng(1), mirror=mirror, shift=shift)
    assert set(chosen) == set(range(config.views))


def test_what_a_shift_brings_in_is_empty() -> None:
    full = np.full((500, 28, 28), 255, np.uint8)
    shifted = shown(full, 0, shift=3)
    down, right = 28 - (shifted > 0).any(axis=2).sum(axis=1), 28 - (shifted > 0).any(axis=1).sum(axis=1)
    np.testing.assert_array_equal((shifted > 0).sum(axis=(1, 2)), (28 - down) * (28 - right))
    assert {0, 1, 2, 3} == set(down) == set(right)


def test_erasing_covers_one_rectangle_of_the_named_size_in_the_named_share_of_images() -> None:
    images = np.zeros((3000, 28, 28), np.uint8)
    changed = erase_rectangles(images, np.random.default_rng(0), 0.25) > 0
    erased = changed.any(axis=(1, 2))
    assert erased.mean() == pytest.approx(0.25, abs=0.03)
    rows, columns = changed.any(axis=2), changed.any(axis=1)
    for spans in (rows[erased], columns[erased]):  # noise may be 0 at the rim: the span is found all the same
        first, last = spans.argmax(axis=1), 27 - spans[:, ::-1].argmax(axis=1)
        assert (spans.sum(axis=1) / (last - first + 1)).mean() > 0.99
    areas = changed[erased].mean(axis=(1, 2))
    assert areas.min() > 0.01
    assert areas.max() < 0.23
    assert areas.mean() == pytest.approx(0.11, abs=0.01)


def test_erasing_leaves_the_rest_of_an_image() -> None:
    images = np.full((50, 28, 28), 7, np.uint8)
    erased = erase_rectangles(images, np.random.default_rng(0), 1.0)
    assert ((erased == 7).mean(axis=(1, 2)) > 0.75).all()


@given(st.floats(0, 0.9), st.lists(st.integers(0, 9), min_size=1))
def test_smoothed_targets_are_probabilities_whose_largest_is_the_label(smoothing: float, labels: list[int]) -> None:
    targets = smooth_targets(np.array(labels), smoothing)
    assert targets.dtype == np.float32
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(targets.argmax(axis=1), labels)
    np.testing.assert_allclose(targets.min(axis=1), smoothing / 10, rtol=1e-6, atol=1e-9)


def test_an_epoch_shows_each_image_once_with_its_own_label() -> None:
    labels = np.arange(30) % 10
    batches = shuffled_batches(numbered(30), labels, CONFIG)
    epochs = [[next(batches) for _ in range(4)] for _ in range(2)]
    for epoch in epochs:
        assert [len(images) for images, _ in epoch] == [8, 8, 8, 6]
        images, targets = (np.concatenate(part) for part in zip(*epoch, strict=True))
        assert images.dtype == np.uint8
        number = np.rint(np.median(images, axis=(1, 2))).astype(int) - 1  # most pixels are untouched
        assert sorted(number) == list(range(30))
        np.testing.assert_array_equal(targets.argmax(axis=1), labels[number])
    assert not np.array_equal(epochs[0][0][0], epochs[1][0][0])


def test_batches_begun_at_a_later_epoch_are_those_of_an_uninterrupted_training() -> None:
    images, labels = numbered(20), np.arange(20) % 10
    whole = shuffled_batches(images, labels, CONFIG)
    expected = [next(whole) for _ in range(6)][3:]
    later = shuffled_batches(images, labels, CONFIG, first_epoch=1)
    for (images_a, targets_a), (images_b, targets_b) in zip(expected, later, strict=False):
        np.testing.assert_array_equal(images_a, images_b)
        np.testing.assert_array_equal(targets_a, targets_b)


def test_stacks_hold_the_batches_in_order_and_no_two_sizes() -> None:
    labels = np.arange(30) % 10
    batches = shuffled_batches(numbered(30), labels, CONFIG)
    expected = [next(batches) for _ in range(8)]
    stacks = list(stack_batches(expected, most=2))
    assert [images.shape[:2] for images, _ in stacks] == [(2, 8), (1, 8), (1, 6)] * 2
    for position in (0, 1):
        unstacked = [batch for stack in stacks for batch in stack[position]]
        for ours, theirs in zip(unstacked, (batch[position] for batch in expected), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_what_a_training_is_fed_are_its_batches_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    def batches() -> Iterator[Batch]:
        return shuffled_batches(numbered(30), np.arange(30) % 10, CONFIG)

    for backend in ("tensorflow", "jax"):
        monkeypatch.setattr(keras.backend, "backend", lambda name=backend: name)
        fed = islice(feed_training(batches, CONFIG.batch_size), 8)
        for (inputs, targets), (images, expected) in zip(fed, batches(), strict=False):
            np.testing.assert_array_equal(inputs, scale_images(images))
            np.testing.assert_array_equal(targets, expected)


def test_a_validation_is_fed_the_images_in_order_as_they_are() -> None:
    images, labels = numbered(7), np.arange(7)
    ((inputs, targets),) = feed_validation(images, labels)
    np.testing.assert_array_equal(inputs, scale_images(images))
    np.testing.assert_array_equal(targets, np.eye(10, dtype=np.float32)[:7])
