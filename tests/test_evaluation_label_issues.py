"""Confident learning, against cases by hand and against a plain loop over its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist.evaluation.label_issues import AccuracyWithout, compare_without, find_label_issues


def row(**probs: float) -> list[float]:
    """One row of probabilities: those of the named classes, as in c0=0.9."""
    return [probs.get(f"c{label}", 0.0) for label in range(10)]


# The thresholds: (0.9 + 0.7 + 0.3 + 0.1) / 4 = 0.5 for class 0, (0.8 + 0.4) / 2 = 0.6 for class 1.
LABELS = np.array([0, 0, 0, 0, 1, 1])
PROBS = np.array(
    [
        row(c0=0.9, c1=0.1),  # confidently 0, as its label says
        row(c0=0.7, c1=0.3),
        row(c0=0.3, c1=0.55, c2=0.15),  # 1 is the likeliest, but below its threshold of 0.6: nothing is confident
        row(c0=0.1, c1=0.9),  # confidently 1: disputed
        row(c0=0.2, c1=0.8),
        row(c0=0.6, c1=0.4),  # confidently 0: disputed
    ]
)


def test_the_definition_by_hand():
    issues = find_label_issues(LABELS, PROBS)
    assert issues.disputed.tolist() == [False, False, False, True, False, True]
    assert issues.suggested.tolist() == [0, 0, 1, 1, 1, 0]
    np.testing.assert_allclose(issues.support, [0.9, 0.7, 0.3, 0.1, 0.8, 0.4])


def test_a_class_reaches_its_threshold_by_equalling_it():
    # The thresholds: (1 + 0.49) / 2 = 0.745 for class 0; 0.51 for class 1, which the second image has too.
    labels, probs = np.array([0, 0, 1]), np.array([row(c0=1.0), row(c0=0.49, c1=0.51), row(c0=0.49, c1=0.51)])
    assert find_label_issues(labels, probs).disputed.tolist() == [False, True, False]


def test_of_several_confident_classes_the_likeliest_counts():
    # The thresholds: 0.35, 0.9, 0.2 and 0. Class 1 leads in the first and the last image, but is not confident.
    # Of 0 and 2, which are, the likelier is the first image's own label, and not that of the last.
    labels = np.array([0, 1, 2, 3])
    probs = np.array(
        [row(c0=0.35, c1=0.4, c2=0.25), row(c0=0.1, c1=0.9), row(c1=0.8, c2=0.2), row(c0=0.36, c1=0.4, c2=0.24)]
    )
    assert find_label_issues(labels, probs).disputed.tolist() == [False, False, False, True]


def test_a_label_that_is_the_likeliest_is_never_disputed():
    # The thresholds: 0.83 for class 0, 0.4 for class 1. In the third image only 1 is confident, and 0 the likeliest.
    labels, probs = (
        np.array([0, 0, 0, 1]),
        np.array([row(c0=1.0), row(c0=1.0), row(c0=0.5, c1=0.4, c2=0.1), row(c1=0.4, c2=0.6)]),
    )
    assert find_label_issues(labels, probs).disputed.tolist() == [False] * 4


def test_an_absent_class_disputes_nothing():
    labels, probs = np.array([0, 0]), np.array([row(c0=0.9, c7=0.1), row(c7=1.0)])
    assert not find_label_issues(labels, probs).disputed.any()


def dispute_by_loop(labels: np.ndarray, probs: np.ndarray) -> list[bool]:
    """Follow equation 1 of the paper image by image."""
    thresholds = {label: probs[labels == label, label].mean() for label in set(labels.tolist())}
    disputed = []
    for label, one in zip(labels.tolist(), probs, strict=True):
        confident = [other for other, threshold in thresholds.items() if one[other] >= threshold]
        counted = max(confident, key=lambda other: one[other], default=label)
        disputed.append(counted != label and one.argmax() != label)
    return disputed


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
@settings(max_examples=60)
def test_the_definition_by_a_loop(seed, n):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n)
    probs = rng.dirichlet(np.full(10, 0.3), n) + 0.5 * np.eye(10)[labels] * rng.integers(0, 2, (n, 1))
    probs /= probs.sum(axis=1, keepdims=True)
    assert find_label_issues(labels, probs).disputed.tolist() == dispute_by_loop(labels, probs)


def test_labels_that_were_swapped_are_found():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 10, 5_000)
    probs = 0.7 * np.eye(10)[true] + 0.3 * rng.dirichlet(np.ones(10), 5_000)
    swapped = rng.random(5_000) < 0.04
    labels = np.where(swapped, (true + rng.integers(1, 10, 5_000)) % 10, true)
    disputed = find_label_issues(labels, probs).disputed
    assert disputed[swapped].mean() > 0.5
    assert not disputed[~swapped].any()


def test_accuracy_with_and_without_by_hand():
    correct = np.array([[True, True, False, False], [True, False, True, False]])
    assert compare_without(correct, np.array([False, False, False, True])) == [
        AccuracyWithout(0.5, pytest.approx(2 / 3), 1),
        AccuracyWithout(0.5, pytest.approx(2 / 3), 1),
    ]
    assert np.isnan(compare_without(correct, np.ones(4, bool))[0].on_undisputed)


def test_labels_and_probabilities_must_belong_together():
    with pytest.raises(ValueError, match="the same length"):
        find_label_issues(LABELS[:3], PROBS)
