"""Metrics agree with scikit-learn, with small cases worked by hand, and keep their invariants."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from fmnist.evaluation.metrics import (
    FrequentConfusion,
    accuracy,
    class_scores,
    confusion_rates,
    correct_predictions,
    count_confusions,
    cross_entropy,
    frequent_confusions,
    image_losses,
    macro_accuracy,
    top_two_by_class,
)


def predictions(seed, n=300):
    """Random labels and probabilities that are right about two times out of three."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n)
    probs = rng.dirichlet(np.ones(10), n) + 0.4 * np.eye(10)[labels]
    return labels, probs / probs.sum(axis=1, keepdims=True)


def certain(labels, predicted):
    """Predictions that put everything on one class."""
    return np.array(labels), np.eye(10)[predicted]


def confusions(labels, probs):
    """The confusion matrix of predictions given as probabilities."""
    return count_confusions(labels, probs.argmax(axis=1))


seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 60)


def test_top_two_accuracy_agrees_with_scikit_learn_in_each_class():
    labels, probs = predictions(2)
    found = top_two_by_class(labels, probs)
    for label in range(10):
        chosen = labels == label
        expected = sklearn_metrics.top_k_accuracy_score(labels[chosen], probs[chosen], k=2, labels=range(10))
        assert found[label] == pytest.approx(expected)


def test_top_two_accuracy_of_an_absent_class_is_undefined_and_ties_count():
    probs = np.full((2, 10), 0.05)
    probs[0, [1, 2, 3]] = 0.25, 0.2, 0.2
    probs[1, [1, 2, 3]] = 0.25, 0.25, 0.15
    found = top_two_by_class(np.array([3, 3]), probs)
    assert found[3] == 0.5
    assert np.isnan(np.delete(found, 3)).all()


def test_metrics_agree_with_scikit_learn():
    labels, probs = predictions(1)
    predicted = probs.argmax(axis=1)
    counts = confusions(labels, probs)
    scores = class_scores(counts)
    expected = sklearn_metrics.precision_recall_fscore_support(labels, predicted)
    assert accuracy(labels, probs) == pytest.approx(sklearn_metrics.accuracy_score(labels, predicted), abs=1e-12)
    assert macro_accuracy(labels, probs) == pytest.approx(
        sklearn_metrics.balanced_accuracy_score(labels, predicted), abs=1e-12
    )
    assert cross_entropy(labels, probs) == pytest.approx(sklearn_metrics.log_loss(labels, probs), abs=1e-9)
    np.testing.assert_array_equal(counts, sklearn_metrics.confusion_matrix(labels, predicted))
    for ours, theirs in zip((scores.precision, scores.recall, scores.f1, scores.support), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize(("by", "normalize"), [("row", "true"), ("column", "pred")])
def test_confusion_rates_agree_with_scikit_learn(by, normalize):
    labels, probs = predictions(2)
    theirs = sklearn_metrics.confusion_matrix(labels, probs.argmax(axis=1), normalize=normalize)
    np.testing.assert_allclose(confusion_rates(confusions(labels, probs), by), theirs, atol=1e-12)


def test_a_small_case_worked_by_hand():
    # Class 0: two right, one called 6. Class 6: one right, one called 0. Class 9: one right.
    labels, probs = certain([0, 0, 0, 6, 6, 9], [0, 0, 6, 6, 0, 9])
    scores = class_scores(confusions(labels, probs))
    assert correct_predictions(labels, probs).tolist() == [True, True, False, True, False, True]
    assert accuracy(labels, probs) == pytest.approx(4 / 6)
    assert macro_accuracy(labels, probs) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert scores.precision[[0, 6, 9]] == pytest.approx([2 / 3, 1 / 2, 1])
    assert scores.recall[[0, 6, 9]] == pytest.approx([2 / 3, 1 / 2, 1])
    assert scores.f1[[0, 6, 9]] == pytest.approx([2 / 3, 1 / 2, 1])
    assert scores.support.tolist() == [3, 0, 0, 0, 0, 0, 2, 0, 0, 1]


def test_no_images_are_counted_as_no_confusions():
    nothing = np.array([], dtype=int)
    np.testing.assert_array_equal(count_confusions(nothing, nothing), np.zeros((10, 10), int))


@pytest.mark.parametrize(
    ("labels", "predicted", "rule"),
    [
        ([0, 1], [0, 10], "predicted must lie between 0 and 9, not between 0 and 10"),
        ([0, -1], [0, 1], "labels must lie between 0 and 9, not between -1 and 0"),
        ([0, 1], [0.0, 1.0], "predicted must be whole numbers, not float64"),
        ([0, 1], [[0, 1]], r"predicted must have shape \(n,\), not \(1, 2\)"),
        ([0, 1], [0], "labels and predicted must have the same length, not 2 and 1"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_rule(labels, predicted, rule):
    with pytest.raises(ValueError, match=rule):
        count_confusions(np.array(labels), np.array(predicted))


def test_what_does_not_exist_is_not_a_number():
    # Class 1 occurs and is never predicted; class 2 is predicted and never occurs; class 3 neither.
    scores = class_scores(confusions(*certain([1], [2])))
    assert math.isnan(scores.precision[1])
    assert (scores.recall[1], scores.f1[1]) == (0, 0)
    assert (scores.precision[2], scores.f1[2]) == (0, 0)
    assert math.isnan(scores.recall[2])
    assert np.isnan([scores.precision[3], scores.recall[3], scores.f1[3]]).all()
    assert np.isnan(confusion_rates(confusions(*certain([1], [2])), "row")[0]).all()


def test_a_certain_mistake_costs_a_finite_loss():
    labels, probs = certain([1, 3], [2, 3])
    assert image_losses(labels, probs) == pytest.approx([7 * math.log(10), 0])


def test_frequent_confusions_are_ordered_and_leave_out_what_is_right():
    counts = np.diag(np.full(10, 50))
    counts[6, 0], counts[0, 6], counts[4, 2] = 30, 20, 20
    assert frequent_confusions(counts, limit=2) == [
        FrequentConfusion(true=6, predicted=0, count=30, support=80),
        FrequentConfusion(true=0, predicted=6, count=20, support=70),
    ]
    assert len(frequent_confusions(counts, limit=20)) == 3
    assert frequent_confusions(np.eye(10, dtype=int)) == []


@given(seeds, sizes)
@settings(max_examples=30)
def test_the_order_of_the_images_does_not_matter(seed, n):
    labels, probs = predictions(seed, n)
    shuffled = np.random.default_rng(seed).permutation(n)
    np.testing.assert_array_equal(confusions(labels, probs), confusions(labels[shuffled], probs[shuffled]))
    assert cross_entropy(labels, probs) == pytest.approx(cross_entropy(labels[shuffled], probs[shuffled]))


@given(seeds, sizes)
@settings(max_examples=30)
def test_renaming_the_classes_moves_the_matrix_with_them(seed, n):
    labels, probs = predictions(seed, n)
    renamed = np.random.default_rng(seed).permutation(10)
    counts = confusions(labels, probs)
    moved = confusions(renamed[labels], probs[:, np.argsort(renamed)])
    np.testing.assert_array_equal(moved[np.ix_(renamed, renamed)], counts)


@given(seeds, sizes)
@settings(max_examples=30)
def test_sums_and_bounds_hold(seed, n):
    labels, probs = predictions(seed, n)
    counts = confusions(labels, probs)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(labels, minlength=10))
    np.testing.assert_array_equal(counts.sum(axis=0), np.bincount(probs.argmax(axis=1), minlength=10))
    np.testing.assert_allclose(np.nansum(confusion_rates(counts, "row"), axis=1), counts.sum(axis=1) > 0)
    np.testing.assert_allclose(np.nansum(confusion_rates(counts, "column"), axis=0), counts.sum(axis=0) > 0)
    assert 0 <= macro_accuracy(labels, probs) <= 1
    assert cross_entropy(labels, probs) >= 0
