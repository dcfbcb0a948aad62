"""Accuracy over conditions: intervals, paired differences and corruption errors, by value and against SciPy."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from fmnist.evaluation.intervals import wilson_interval
from fmnist.evaluation.robustness import adjust_gains, compare_conditions, corruption_errors, summarise_conditions


def made_up(conditions: int, images: int, share: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((conditions, images)) < share


def test_one_condition_has_wilsons_interval():
    correct = np.arange(100) < 80
    found = summarise_conditions(correct)
    assert found.mean == 0.8
    assert found.interval == pytest.approx(wilson_interval(80, 100))


def test_repeating_a_condition_adds_no_images():
    correct = made_up(1, 300, 0.7, 0)
    assert summarise_conditions(np.repeat(correct, 5, axis=0)).interval == pytest.approx(
        summarise_conditions(correct).interval
    )


def test_the_comparison_is_a_paired_t_test_over_images():
    a, b = made_up(19, 500, 0.75, 1), made_up(19, 500, 0.73, 2)
    gain = compare_conditions(a, b)
    expected = ttest_rel(a.mean(axis=0), b.mean(axis=0))
    assert gain.difference == pytest.approx(a.mean() - b.mean())
    assert gain.p_value == pytest.approx(expected.pvalue)
    assert gain.interval == pytest.approx(expected.confidence_interval(0.95))
    assert gain.is_significant == (expected.pvalue <= 0.05)


def test_equal_answers_differ_by_nothing():
    a = made_up(3, 50, 0.5, 3)
    gain = compare_conditions(a, a)
    assert (gain.difference, gain.p_value, gain.is_significant) == (0, 1, False)


def test_holm_adjusts_several_comparisons():
    gains = [compare_conditions(made_up(5, 200, share, 4), made_up(5, 200, 0.7, 5)) for share in (0.9, 0.71)]
    low, high = adjust_gains(gains)
    assert low.p_value == pytest.approx(2 * gains[0].p_value)
    assert high.p_value == pytest.approx(gains[1].p_value)


def test_different_images_cannot_be_compared():
    with pytest.raises(ValueError, match="the same images, not on 10 and 11"):
        compare_conditions(made_up(2, 10, 0.5, 0), made_up(2, 11, 0.5, 0))


def test_corruption_errors_divide_by_the_baselines():
    accuracy = np.array([[0.9, 0.8], [0.5, 0.5]])
    baseline = np.array([[0.8, 0.6], [0.5, 0.0]])
    np.testing.assert_allclose(corruption_errors(accuracy, baseline), [0.3 / 0.6, 1.0 / 1.5])
    np.testing.assert_allclose(corruption_errors(baseline, baseline), 1)
