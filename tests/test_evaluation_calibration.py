"""Calibration agrees with scikit-learn and with cases worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_1samp
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from fmnist.evaluation.calibration import (
    answer_above,
    apply_temperature,
    fit_temperature,
    measure_coverage,
    measure_reliability,
    score_calibration,
    score_scaling,
)


def sure(predicted, confidence):
    """One row of probabilities: `confidence` on the predicted class, the rest spread evenly."""
    row = np.full(10, (1 - confidence) / 9)
    row[predicted] = confidence
    return row


def drawn_from(probs, rng):
    """Labels drawn from the probabilities themselves, which are then perfectly calibrated."""
    return (rng.random((len(probs), 1)) > probs.cumsum(axis=1)[:, :-1]).sum(axis=1)


def softmax_of_noise(seed, n=2000):
    logits = 2 * np.random.default_rng(seed).normal(size=(n, 10))
    probs = np.exp(logits)
    return probs / probs.sum(axis=1, keepdims=True)


def answers(labels, probs):
    """The confidences, and which predictions are correct."""
    return probs.max(axis=1), probs.argmax(axis=1) == labels


# Confidences 0.9 (right), 0.9 (wrong), 0.6 (right) and 0.3 (wrong); the true classes are 1, 1, 2 and 2.
LABELS = np.array([1, 1, 2, 2])
PROBS = np.array([sure(1, 0.9), sure(5, 0.9), sure(2, 0.6), sure(5, 0.3)])


def test_reliability_by_hand():
    reliability = measure_reliability(LABELS, PROBS, bins=2)
    assert reliability.edges.tolist() == [0, 0.5, 1]
    assert reliability.count.tolist() == [1, 3]
    assert reliability.confidence == pytest.approx([0.3, 0.8])
    assert reliability.accuracy == pytest.approx([0, 2 / 3])
    assert reliability.expected_error == pytest.approx((0.3 + 3 * (0.8 - 2 / 3)) / 4)


def test_a_confidence_on_an_edge_belongs_below_it():
    assert measure_reliability(np.array([0]), sure(0, 0.5)[None], bins=2).count.tolist() == [1, 0]
    assert measure_reliability(np.array([0]), sure(0, 1.0)[None], bins=2).count.tolist() == [0, 1]


def test_empty_bins_are_not_numbers_and_do_not_count():
    reliability = measure_reliability(LABELS, PROBS, bins=10)
    assert np.isnan(reliability.accuracy[[0, 1, 3, 4]]).all()
    assert reliability.expected_error == pytest.approx((2 * 0.4 + 0.4 + 0.3) / 4)


def test_reliability_and_scores_agree_with_scikit_learn():
    probs = softmax_of_noise(0)
    labels = drawn_from(probs, np.random.default_rng(1))
    scores = score_calibration(labels, probs)
    correct = probs.argmax(axis=1) == labels
    accuracy, confidence = calibration_curve(correct, probs.max(axis=1), n_bins=15)
    filled = scores.reliability.count > 0
    np.testing.assert_allclose(scores.reliability.accuracy[filled], accuracy, atol=1e-12)
    np.testing.assert_allclose(scores.reliability.confidence[filled], confidence, atol=1e-12)
    assert scores.nll == pytest.approx(log_loss(labels, probs, labels=range(10)), abs=1e-9)
    brier = brier_score_loss(labels, probs, labels=range(10), scale_by_half=False)
    assert scores.brier == pytest.approx(brier, abs=1e-9)
    assert scores.accuracy == correct.mean()
    assert scores.overconfidence == pytest.approx(probs.max(axis=1).mean() - correct.mean())


def test_the_interval_of_overconfidence_agrees_with_scipy():
    probs = softmax_of_noise(7, n=500)
    labels = drawn_from(probs, np.random.default_rng(8))
    gaps = probs.max(axis=1) - (probs.argmax(axis=1) == labels)
    expected = ttest_1samp(gaps, 0).confidence_interval(0.95)
    assert score_calibration(labels, probs).overconfidence_interval == pytest.approx((expected.low, expected.high))
    assert score_calibration(labels[:1], probs[:1]).overconfidence_interval == (-math.inf, math.inf)


def test_labels_drawn_from_the_probabilities_are_calibrated():
    probs = softmax_of_noise(2, n=20_000)
    labels = drawn_from(probs, np.random.default_rng(3))
    assert score_calibration(labels, probs).ece < 0.015
    assert fit_temperature(labels, probs) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("temperature", [0.4, 2.5])
def test_a_known_temperature_is_found_again(temperature):
    probs = softmax_of_noise(4, n=20_000)
    labels = drawn_from(probs, np.random.default_rng(5))
    distorted = apply_temperature(probs, 1 / temperature)
    fitted = fit_temperature(labels, distorted)
    assert fitted == pytest.approx(temperature * fit_temperature(labels, probs), rel=0.01)
    before, after = (
        score_calibration(labels, distorted),
        score_calibration(labels, apply_temperature(distorted, fitted)),
    )
    assert after.nll < before.nll
    assert after.ece < before.ece
    assert after.accuracy == before.accuracy


def test_the_fitted_temperature_by_hand():
    # 0.9 on one class and right three times out of four: the best temperature says 0.75. The odds against each other
    # class fall from 0.9 / (0.1 / 9) = 81 to 0.75 / (0.25 / 9) = 27, and their logarithms are as 4 to 3.
    labels, probs = np.array([0, 0, 0, 1]), np.tile(sure(0, 0.9), (4, 1))
    assert fit_temperature(labels, probs) == pytest.approx(4 / 3, rel=1e-5)


def test_temperature_one_changes_nothing_and_a_high_one_flattens():
    probs = softmax_of_noise(6, n=20)
    np.testing.assert_allclose(apply_temperature(probs, 1.0), probs, atol=1e-6)
    np.testing.assert_allclose(apply_temperature(probs, 1e6), 0.1, atol=1e-4)


def test_scores_before_and_after_scaling():
    test = softmax_of_noise(10)
    labels = drawn_from(test, np.random.default_rng(11))
    correction = score_scaling(labels, apply_temperature(test, 0.5), 2.0)
    assert correction.temperature == 2
    assert correction.before.nll == score_calibration(labels, apply_temperature(test, 0.5)).nll
    assert correction.after.nll == pytest.approx(score_calibration(labels, test).nll, rel=1e-4)


def test_coverage_by_hand():
    curve = measure_coverage(*answers(LABELS, PROBS))
    assert curve.threshold == pytest.approx([0.9, 0.6, 0.3])
    assert curve.coverage == pytest.approx([0.5, 0.75, 1])
    assert curve.accuracy == pytest.approx([0.5, 2 / 3, 0.5])


def test_answers_by_hand():
    found = answer_above(LABELS, *answers(LABELS, PROBS), 0.6)
    assert (found.answered, found.coverage) == (3, 0.75)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.class_coverage[[1, 2]].tolist() == [1, 0.5]
    assert found.class_accuracy[[1, 2]].tolist() == [0.5, 1]
    assert np.isnan(found.class_coverage[0])


def test_when_nothing_is_sure_enough_there_is_no_accuracy():
    found = answer_above(LABELS, *answers(LABELS, PROBS), 0.95)
    assert (found.answered, found.coverage) == (0, 0)
    assert math.isnan(found.accuracy)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 20))
@settings(max_examples=40)
def test_scores_are_bounded_and_independent_of_order(seed, n, bins):
    rng = np.random.default_rng(seed)
    probs, labels, shuffled = softmax_of_noise(seed, n), rng.integers(0, 10, n), rng.permutation(n)
    scores, again = score_calibration(labels, probs, bins), score_calibration(labels[shuffled], probs[shuffled], bins)
    assert abs(scores.overconfidence) - 1e-12 <= scores.ece <= 1
    assert 0 <= scores.brier <= 2
    assert scores.reliability.count.sum() == n
    assert (scores.ece, scores.brier, scores.nll) == pytest.approx((again.ece, again.brier, again.nll))


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
@settings(max_examples=40)
def test_the_curve_agrees_with_the_answers_at_each_of_its_thresholds(seed, n):
    probs, labels = softmax_of_noise(seed, n).round(1) + 1e-9, np.random.default_rng(seed).integers(0, 10, n)
    probs = probs / probs.sum(axis=1, keepdims=True)
    confidence, correct = answers(labels, probs)
    curve = measure_coverage(confidence, correct)
    assert (np.diff(curve.threshold) < 0).all()
    assert curve.coverage[-1] == 1
    for threshold, coverage, accuracy in zip(curve.threshold, curve.coverage, curve.accuracy, strict=True):
        found = answer_above(labels, confidence, correct, threshold)
        assert (found.coverage, found.accuracy) == pytest.approx((coverage, accuracy))


def test_confidences_that_cannot_be_are_refused():
    confidence, correct = answers(LABELS, PROBS)
    with pytest.raises(ValueError, match="shape of correct"):
        measure_coverage(confidence[:2], correct)
    with pytest.raises(ValueError, match="between 0 and 1"):
        measure_coverage(confidence + 1, correct)
    with pytest.raises(ValueError, match="same length"):
        answer_above(LABELS[:2], confidence, correct, 0.5)
