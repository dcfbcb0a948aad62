"""Confusion matrices compared cell by cell: by hand for single runs, by simulation for models with several seeds."""

import numpy as np
import pytest
from scipy.stats import binom

from fmnist.evaluation.confusions import compare_confusions

MIXED = {(0, 6): -3.5, (6, 0): -2.5, (2, 4): -3, (4, 2): -3, (2, 6): -3, (6, 2): -3, (4, 6): -3, (6, 4): -3.5}
SELDOM = {(5, 7): -5, (7, 9): -4, (9, 7): -4, (5, 9): -5.5, (3, 0): -5, (0, 3): -5, (8, 6): -6, (1, 3): -5}
IMAGES = 100  # of each class
LABELS = np.repeat(np.arange(10), IMAGES)


def draw_models(rng, runs, seed_effect):
    """The predictions of two models of the same truth: logits by class, image, run and class, and run and image."""
    logits = np.full((10, 10), -30.0) + 30 * np.eye(10)
    for cell, value in (MIXED | SELDOM).items():
        logits[cell] = value
    base = logits[LABELS] + 2 * rng.standard_normal((len(LABELS), 10), dtype=np.float32)

    def draw_run():
        shift = seed_effect * rng.standard_normal((10, 10))
        return (base + shift[LABELS] + rng.standard_normal(base.shape, dtype=np.float32)).argmax(axis=1)

    return [np.stack([draw_run() for _ in range(count)]) for count in runs]


def test_confusions_are_compared_cell_by_cell():
    # Twenty images of class 6 are class 0 to a and right for b; one image of class 1 is class 3 to b and right for a.
    labels = np.repeat([6, 1], [40, 10])
    predicted_a, predicted_b = labels.copy(), labels.copy()
    predicted_a[:20], predicted_b[45] = 0, 3
    difference = compare_confusions(labels, predicted_a, predicted_b)
    expected = np.zeros((10, 10), dtype=int)
    expected[6, 0], expected[6, 6], expected[1, 1], expected[1, 3] = 20, -20, 1, -1
    np.testing.assert_array_equal(difference.counts, expected)
    assert np.argwhere(difference.beyond_chance).tolist() == [[6, 0], [6, 6]]
    assert difference.p_values[6, 0] == pytest.approx(100 * 2 * 0.5**20)
    assert difference.p_values[1, 3] == 1
    assert (difference.exact, difference.scope) == (True, "runs")


def test_classes_that_cannot_be_compared_are_refused_with_the_rule():
    labels = np.arange(10)
    with pytest.raises(ValueError, match="predicted_b must have the same length, not 10 and 9"):
        compare_confusions(labels, labels, labels[:9])
    with pytest.raises(ValueError, match="predicted_b must lie between 0 and 9"):
        compare_confusions(labels, labels, labels + 1)


def test_runs_are_counted_by_their_mean():
    labels = np.repeat([6, 1], [40, 10])
    several = np.stack([np.where(np.arange(50) < count, 0, labels) for count in (10, 20)])
    difference = compare_confusions(labels, several, np.stack([labels, labels]))
    assert (difference.counts[6, 0], difference.counts[6, 6], difference.counts[1, 1]) == (15, -15, 0)
    assert (difference.exact, difference.scope) == (False, "networks")
    assert compare_confusions(labels, several, labels).scope == "runs"
    assert (compare_confusions(labels, several, several).p_values == 1).all()


def test_a_difference_that_all_seeds_share_is_found():
    rng = np.random.default_rng(1)
    a, b = draw_models(rng, (3, 3), 0.1)
    b[:, (LABELS == 6) & (rng.random(len(LABELS)) < 0.3)] = 0
    difference = compare_confusions(LABELS, a, b)
    assert difference.beyond_chance[6, 0]
    assert difference.beyond_chance[6, 6]


@pytest.mark.parametrize(("runs", "seed_effect"), [((2, 2), 0.4), ((3, 3), 0.4), ((5, 3), 0.7)])
def test_models_of_the_same_truth_rarely_differ(runs, seed_effect):
    rng, matrices = np.random.default_rng(sum(runs)), 200
    claims = sum(
        compare_confusions(LABELS, *draw_models(rng, runs, seed_effect)).beyond_chance.any() for _ in range(matrices)
    )
    assert claims <= binom.ppf(0.99, matrices, 0.05)
