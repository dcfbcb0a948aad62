"""Classic mistakes in exported predictions are found by what explains the labels."""

import numpy as np
import pytest
from submissions import logits_of, predicted_classes

from fmnist.dataset import CLASS_NAMES, official_labels
from fmnist.imports.diagnosis import diagnose

LABELS = official_labels()[1]
GOOD = predicted_classes(9_200)
ALPHABET = np.array(sorted(range(10), key=CLASS_NAMES.__getitem__))


def blocks(order: np.ndarray) -> np.ndarray:
    """Return the predictions of a good model for images sorted by class, in this order of classes."""
    return np.concatenate([GOOD[label == LABELS] for label in order])


@pytest.mark.parametrize(
    ("classes", "says"),
    [
        (GOOD, ""),
        (predicted_classes(2_500), ""),
        (
            (GOOD + 1) % 10,
            "near chance. The classes count from 1, so each is one too high. Put in order, it would be",
        ),
        ((GOOD + 9) % 10, "near chance. The classes are each one too low. Put in order, it would be 92.0%."),
        (np.argsort(ALPHABET)[GOOD], "The classes are in alphabetical order of their names. Put in order, it would be"),
        (
            np.array([1, 2, 0, 4, 3, 6, 7, 5, 9, 8])[GOOD],
            "in another order: 0 means Pullover, 1 means T-shirt/top, 2 means",
        ),
        (
            np.array([1, 2, 0, 3, 4, 5, 6, 7, 8, 9])[GOOD],
            "order: 0 means Pullover, 1 means T-shirt/top and 2 means Trouser. Put in order",
        ),
        (
            np.array([1, 2, 3, 0, 4, 5, 6, 7, 8, 9])[GOOD],
            "order: 0 means Dress, 1 means T-shirt/top, 2 means Trouser and 1 more. Put in order",
        ),
        (np.array([6, 1, 2, 3, 4, 5, 0, 7, 8, 9])[GOOD], "in another order: 0 means Shirt and 6 means T-shirt/top."),
        (blocks(np.arange(10)), "near chance. The rows are sorted by class: first T-shirt/top, last Ankle boot."),
        (blocks(ALPHABET), "near chance. The rows are sorted by class: first Ankle boot, last Trouser."),
        (GOOD[::-1], "near chance. The rows are in reverse order."),
        (official_labels()[0][:10_000], "near chance. These are predictions of the first training images"),
        (
            np.random.default_rng(0).permutation(GOOD),
            "near chance. The rows may be shuffled, or the model was fed other",
        ),
        (np.full(10_000, 3), "The accuracy is 10.0%, near chance. The rows may be shuffled"),
        (
            LABELS.astype(np.int64),
            "An accuracy of 100.00% is above every published result: were test images trained on?",
        ),
    ],
)
def test_what_is_wrong_is_said(classes, says):
    said = diagnose(LABELS, classes)
    assert said == says if not says else says in said


def test_an_array_that_was_reshaped_instead_of_transposed():
    scores = logits_of(GOOD).T.reshape(10_000, 10)
    assert "reshaped where it should have been transposed" in diagnose(LABELS, scores.argmax(axis=1), scores)


def test_chance_explains_nothing():
    for seed in range(20):
        said = diagnose(LABELS, np.random.default_rng(seed).integers(0, 10, 10_000))
        assert said.endswith("The rows may be shuffled, or the model was fed other images than it was trained for.")
