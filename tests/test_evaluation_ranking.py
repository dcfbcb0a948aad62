"""How well probabilities separate a class: areas agree with scikit-learn, intervals cover, and limits are defined."""

import numpy as np
import pytest
import scipy
from sklearn.metrics import average_precision_score, roc_auc_score

from fmnist.evaluation.ranking import rank_class


def two_classes(positive: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels 1 and 0, and probabilities in which the scores are those of class 1."""
    probs = np.zeros((len(scores), 10))
    probs[:, 1], probs[:, 0] = scores, 1 - scores
    return positive.astype(int), probs


def sample(distance: float, images: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw scores of two normal distributions, as probabilities; a tenth of the images are of the class."""
    positive = np.arange(images) < images // 10
    return two_classes(positive, scipy.stats.norm.cdf(rng.normal(distance * positive)))


def test_areas_and_curves_agree_with_scikit_learn():
    labels, probs = sample(1.5, 500, np.random.default_rng(0))
    probs = np.round(probs, 2)  # with ties
    found = rank_class(labels, probs, 1)
    assert found.roc.value == pytest.approx(roc_auc_score(labels == 1, probs[:, 1]))
    assert found.average_precision.value == pytest.approx(average_precision_score(labels == 1, probs[:, 1]))
    assert np.trapezoid(found.recall, found.false_positive_rate) == pytest.approx(found.roc.value)
    steps = -np.diff(found.precision_recall) @ found.precision[:-1]
    assert steps == pytest.approx(found.average_precision.value, abs=0.01)


def test_intervals_cover_the_true_area():
    rng, distance, draws = np.random.default_rng(1), 2.0, 200
    area = scipy.stats.norm.cdf(distance / np.sqrt(2))
    found = [rank_class(*sample(distance, 1_000, rng), 1) for _ in range(draws)]
    covered = np.mean([one.roc.interval.low <= area <= one.roc.interval.high for one in found])
    assert 0.91 <= covered <= 0.99  # the interval is for 95%
    precision = np.mean([one.average_precision.value for one in found])
    intervals = [one.average_precision.interval for one in found]
    assert np.mean([one.low <= precision <= one.high for one in intervals]) >= 0.91


def test_perfect_separation_has_an_interval_below_one():
    labels, probs = two_classes(np.arange(20) < 10, np.where(np.arange(20) < 10, 0.9, 0.1))
    found = rank_class(labels, probs, 1)
    for area in (found.roc, found.average_precision):
        assert area.value == 1
        assert 0.5 < area.interval.low < 1 == pytest.approx(area.interval.high)


def test_guessing_has_half_the_area():
    labels, probs = two_classes(np.arange(20) < 10, np.full(20, 0.5))
    found = rank_class(labels, probs, 1)
    assert found.roc.value == 0.5
    assert found.average_precision.value == 0.5


@pytest.mark.parametrize("label", [0, 1])
def test_without_images_of_the_class_or_of_others_nothing_is_defined(label):
    labels, probs = two_classes(np.ones(5, bool), np.full(5, 0.5))
    found = rank_class(labels, probs, label)
    assert np.isnan([found.roc.value, *found.roc.interval, found.average_precision.value]).all()
    assert len(found.recall) == len(found.precision) == 0


def test_a_single_image_has_a_wide_interval():
    labels, probs = two_classes(np.array([True, False, False]), np.array([0.9, 0.1, 0.2]))
    interval = rank_class(labels, probs, 1).roc.interval
    assert interval.low < 0.3
