"""Selections over many models' predictions, against small cases by hand and plain loops."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist.evaluation.metrics import FrequentConfusion
from fmnist.evaluation.mistakes import (
    Selection,
    SharedMistakes,
    count_selection,
    count_shared_mistakes,
    judge,
    order,
    select,
)


def sure(predicted, confidence):
    """One row of probabilities: `confidence` on the predicted class, the rest spread evenly."""
    row = np.full(10, (1 - confidence) / 9)
    row[predicted] = confidence
    return row


def random_predictions(seed, models=3, n=50):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n)
    probs = rng.dirichlet(np.ones(10), (models, n)) + 0.3 * np.eye(10)[labels]
    return labels, probs / probs.sum(axis=2, keepdims=True)


# Four images of classes 6, 6, 0 and 3. Model 0 errs on the second and third, model 1 on the third and fourth.
LABELS = np.array([6, 6, 0, 3])
PROBS = np.array(
    [
        [sure(6, 0.9), sure(0, 0.55), sure(6, 0.8), sure(3, 0.7)],
        [sure(6, 0.5), sure(6, 0.6), sure(6, 0.7), sure(2, 0.4)],
    ]
)
JUDGED = judge(LABELS, PROBS)


def positions(**restriction):
    return np.flatnonzero(select(JUDGED, Selection(**restriction))).tolist()


def test_quantities_by_hand():
    assert JUDGED.predicted.tolist() == [[6, 0, 6, 3], [6, 6, 6, 2]]
    assert JUDGED.correct.tolist() == [[True, False, False, True], [True, True, False, False]]
    np.testing.assert_allclose(JUDGED.confidence, [[0.9, 0.55, 0.8, 0.7], [0.5, 0.6, 0.7, 0.4]], rtol=1e-6)
    np.testing.assert_allclose(JUDGED.loss[:, 0], [-math.log(0.9), -math.log(0.5)], rtol=1e-6)
    # The true class less the best other one: 0.9 − 0.1/9 where right, 0.45/9 − 0.55 where wrong.
    np.testing.assert_allclose(JUDGED.margin[0, :2], [0.9 - 0.1 / 9, 0.05 - 0.55], rtol=1e-5)
    # First image: 0.9 and 0.5 on class 6, and what is missing on the others; each is half of 0.4 away from the mean.
    assert JUDGED.disagreement[0] == pytest.approx(0.2, rel=1e-5)


def test_one_model_agrees_with_itself():
    assert judge(LABELS, PROBS[:1]).disagreement.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"true_class": 6}, [0, 1]),
        ({"predicted_class": 6}, [0, 2]),
        ({"predicted_class": 6, "model": 1}, [0, 1, 2]),
        ({"right": (0,), "wrong": (1,)}, [3]),
        ({"right": (1,), "wrong": (0,)}, [1]),
        ({"wrong": (0, 1)}, [2]),
        ({"right": (0, 1)}, [0]),
        ({"right": (0,), "wrong": (0,)}, []),
        ({"confidence": (0.6, 0.85)}, [2, 3]),
        ({"confidence": (0.6, 0.85), "model": 1}, [1, 2]),
        ({"agreement": "same"}, [0, 2]),
        ({"agreement": "different"}, [1, 3]),
        ({"agreement": "same", "wrong": (0,), "true_class": 0}, [2]),
        ({"label": "disputed"}, [2]),
        ({"label": "undisputed", "true_class": 6}, [0, 1]),
    ],
)
def test_selections_by_hand(restriction, expected):
    assert positions(**restriction) == expected


def test_the_whole_range_of_confidence_leaves_nothing_out():
    labels, probs = np.array([3]), np.eye(10)[[[3]]] * 1.0004  # stored in half precision a row may sum to a little more
    assert select(judge(labels, probs), Selection()).all()


@pytest.mark.parametrize(
    ("key", "model", "descending", "expected"),
    [
        ("confidence", 0, True, [0, 2, 3, 1]),
        ("confidence", 1, False, [3, 0, 1, 2]),
        ("loss", 0, True, [2, 1, 3, 0]),
        ("margin", 0, False, [2, 1, 3, 0]),
        ("margin", 1, True, [1, 0, 3, 2]),
        ("disagreement", 0, True, [3, 1, 0, 2]),
        ("support", 0, False, [2, 1, 3, 0]),
    ],
)
def test_orders_by_hand(key, model, descending, expected):
    everything = np.ones(4, dtype=bool)
    assert order(JUDGED, everything, key, model, descending).tolist() == expected


def test_equal_values_keep_their_order_both_ways():
    judged = judge(np.zeros(5, dtype=int), np.full((1, 5, 10), 0.1))
    for descending in (True, False):
        assert order(judged, np.arange(5) > 0, "loss", 0, descending).tolist() == [1, 2, 3, 4]


def test_counts_by_hand():
    counts = count_selection(JUDGED, select(JUDGED, Selection(wrong=(0,))), model=0)
    assert (counts.images, counts.total, counts.wrong) == (2, 4, (2, 1))
    assert counts.most_frequent == FrequentConfusion(true=0, predicted=6, count=1, support=1)
    assert count_selection(JUDGED, select(JUDGED, Selection(right=(0, 1)))).most_frequent is None
    assert count_shared_mistakes(JUDGED) == SharedMistakes(models=2, all_right=1, all_wrong=1, divided=2)


def test_predictions_of_one_model_need_their_dimension():
    with pytest.raises(ValueError, match=r"probs must have shape \(models, n, 10\), not \(4, 10\)"):
        judge(LABELS, PROBS[0])


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 40))
@settings(max_examples=40)
def test_quantities_are_bounded_and_agree_with_each_other(seed, models, n):
    judged = judge(*random_predictions(seed, models, n))
    assert ((judged.margin > 0) == judged.correct).all()
    assert (np.abs(judged.margin) <= judged.confidence).all()
    assert (judged.loss >= 0).all()
    assert ((judged.disagreement >= 0) & (judged.disagreement <= 1)).all()
    shared = count_shared_mistakes(judged)
    assert shared.all_right + shared.all_wrong + shared.divided == n
    everything = count_selection(judged, np.ones(n, dtype=bool))
    assert everything.wrong == tuple(int((~row).sum()) for row in judged.correct)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_the_order_of_the_models_only_moves_their_rows(seed):
    labels, probs = random_predictions(seed)
    there, back = judge(labels, probs), judge(labels, probs[::-1])
    np.testing.assert_array_equal(there.loss, back.loss[::-1])
    np.testing.assert_allclose(there.disagreement, back.disagreement, atol=1e-6)
    np.testing.assert_array_equal(
        select(there, Selection(model=0, right=(0,), wrong=(2,))),
        select(back, Selection(model=2, right=(2,), wrong=(0,))),
    )


def test_a_selection_is_quick_at_full_size():
    judged = judge(*random_predictions(0, models=12, n=10_000))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        mask = select(judged, Selection(right=(0,), confidence=(0.1, 0.9), agreement="different"))
        order(judged, mask, "disagreement")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
