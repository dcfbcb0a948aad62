from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import EVALUATION

from fmnist.evaluation.leaderboard import find_frontier, summarise_standing

PRICES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=12)


def test_a_standing_takes_means_of_what_is_reached_and_medians_of_times():
    evaluations = [
        replace(EVALUATION, test_loss=loss, train_seconds=seconds, latency_ms=latency)
        for loss, seconds, latency in [(0.2, 10, 0.1), (0.3, 500, 0.9), (0.7, 30, 0.2)]
    ]
    correct = np.array([[True, True, False, False], [True, True, True, False], [True, True, True, True]])
    standing = summarise_standing(evaluations, correct)
    assert standing.accuracy.mean == 0.75
    assert standing.accuracies == (0.5, 0.75, 1.0)
    assert standing.loss == pytest.approx(0.4)
    assert (standing.train_seconds, standing.latency_ms) == (30, 0.2)
    assert (standing.params, standing.size_bytes) == (1_000, 2_000_000)


def test_the_frontier_of_a_worked_case():
    costs, accuracies = [3, 1, 2, 2, 5], [0.9, 0.7, 0.6, 0.8, 0.85]
    assert find_frontier(costs, accuracies) == [1, 3, 0]


def test_of_equals_the_first_is_on_the_frontier():
    assert find_frontier([1, 1], [0.5, 0.5]) == [0]


@given(PRICES)
def test_what_is_on_the_frontier_is_beaten_by_nothing_as_cheap_and_what_is_not_is(prices):
    costs, accuracies = zip(*prices, strict=True)
    frontier = set(find_frontier(costs, accuracies))
    for i, (cost, accuracy) in enumerate(prices):
        better = any(c <= cost and a >= accuracy and (c, a) != (cost, accuracy) for c, a in prices)
        first = prices.index((cost, accuracy)) == i
        assert (i in frontier) == (first and not better)
