"""The validator names the rule that was broken."""

import numpy as np
import pytest

from fmnist.evaluation.checks import check_correct, check_labels, check_predictions

LABELS = np.array([0, 9])
PROBS = np.full((2, 10), 0.1)


def changed(row, column, value):
    probs = PROBS.copy()
    probs[row, column] = value
    return probs


def test_valid_predictions_come_back_in_full_precision():
    labels, probs = check_predictions(LABELS.astype(np.uint8), PROBS.astype(np.float32))
    assert labels.dtype == np.int64
    assert probs.dtype == np.float64
    assert labels.tolist() == [0, 9]


def test_rows_stored_in_half_precision_are_valid():
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.full(10, 0.2), 5000)
    check_predictions(rng.integers(0, 10, 5000), probs.astype(np.float16))


@pytest.mark.parametrize(
    ("labels", "probs", "rule"),
    [
        (LABELS[None], PROBS, r"labels must have shape \(n,\), not \(1, 2\)"),
        (LABELS[:0], PROBS[:0], "labels must hold at least one image"),
        (LABELS.astype(float), PROBS, "labels must be whole numbers, not float64"),
        (np.array([0, 10]), PROBS, "labels must lie between 0 and 9, not between 0 and 10"),
        (np.array([-1, 9]), PROBS, "labels must lie between 0 and 9, not between -1 and 9"),
        (LABELS, PROBS[0], r"probs must have shape \(n, 10\), not \(10,\)"),
        (LABELS, PROBS[:, :9], r"probs must have shape \(n, 10\), not \(2, 9\)"),
        (LABELS, PROBS[:1], "the same length, not 2 and 1"),
        (LABELS, changed(1, 3, np.nan), "probs must be finite, and row 1 is not"),
        (LABELS, changed(0, 3, np.inf), "probs must be finite, and row 0 is not"),
        (LABELS, changed(1, 3, -0.1), "probs must lie between 0 and 1, and row 1 does not"),
        (LABELS, changed(1, 3, 1.1), "probs must lie between 0 and 1, and row 1 does not"),
        (LABELS, changed(1, 3, 0.11), "must sum to 1 within 0.001, and row 1 sums to 1.0100"),
    ],
)
def test_each_broken_rule_is_named(labels, probs, rule):
    with pytest.raises(ValueError, match=rule):
        check_predictions(labels, probs)


def test_labels_alone_are_checked_too():
    with pytest.raises(ValueError, match="whole numbers"):
        check_labels(np.array([0.5]))


@pytest.mark.parametrize(
    ("correct", "rule"),
    [
        (np.array([1, 0]), "true or false for each image, not int64"),
        (np.zeros((1, 2, 3), bool), r"shape \(runs, n\) .* not \(1, 2, 3\)"),
        (np.zeros((2, 0), bool), r"shape \(runs, n\) .* not \(2, 0\)"),
    ],
)
def test_correct_must_be_true_or_false_by_run_and_image(correct, rule):
    with pytest.raises(ValueError, match=rule):
        check_correct(correct)


def test_one_run_may_come_without_its_dimension():
    assert check_correct(np.array([True, False])).shape == (1, 2)
