"""The occlusion map, for models that look at a known place."""

import numpy as np
import pytest

from fmnist.inference.explain import PATCH, occlusion_map


def corner_probs(images):
    """Class 3 is the share of ink in the top left 4 × 4 pixels, class 0 the rest."""
    ink = images[:, :4, :4].mean(axis=(1, 2)) / 255
    return np.stack([1 - ink, 0 * ink, 0 * ink, ink], axis=1).astype(np.float32)


@pytest.fixture
def white():
    return np.full((28, 28), 255, np.uint8)


def test_only_where_the_model_looks_matters(white):
    drop = occlusion_map(corner_probs, white, 3)
    assert drop.shape == (28, 28)
    assert drop.dtype == np.float32
    assert (drop[:4, :4] > 0).all()
    assert (drop[4 + PATCH :] == 0).all() and (drop[:, 4 + PATCH :] == 0).all()
    assert drop.argmax() in {28 * row + column for row in range(4) for column in range(4)}


def test_evidence_against_a_class_is_negative(white):
    np.testing.assert_allclose(occlusion_map(corner_probs, white, 0), -occlusion_map(corner_probs, white, 3), atol=1e-6)


def test_the_very_corner_by_hand(white):
    # The pixel (0, 0) is under the four patches around (0 or 2, 0 or 2). Cut off at the border they cover 3 or 5 of the
    # rows, that is 3 or 4 of the 4 that count: 9, 12, 12 and 16 of the 16 pixels.
    assert occlusion_map(corner_probs, white, 3)[0, 0] == pytest.approx((9 + 12 + 12 + 16) / 4 / 16)


def test_the_model_is_called_once(white):
    calls = []

    def count(images):
        calls.append(len(images))
        return corner_probs(images)

    occlusion_map(count, white, 3)
    assert len(calls) == 1
    assert calls[0] < 400


def test_covering_nothing_changes_nothing():
    assert not occlusion_map(corner_probs, np.zeros((28, 28), np.uint8), 3).any()


def test_a_model_that_ignores_the_image_leans_on_nothing(white):
    assert not occlusion_map(lambda images: np.full((len(images), 10), 0.1, np.float32), white, 5).any()
