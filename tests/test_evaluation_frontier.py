import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.frontier import find_frontier

PRICES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=12)


def exceed(accuracies, by=0.0) -> np.ndarray:
    """Every lead of more than so much is significant."""
    values = np.array(accuracies)
    return values[:, None] - values[None] > by


def test_the_frontier_of_a_worked_case():
    costs, accuracies = [3, 1, 2, 2, 5], [0.9, 0.7, 0.6, 0.8, 0.85]
    assert find_frontier(costs, accuracies, exceed(accuracies)) == [1, 3, 0]


def test_of_equals_the_first_is_on_the_frontier():
    assert find_frontier([1, 1], [0.5, 0.5], exceed([0.5, 0.5])) == [0]


def test_a_lead_that_is_not_significant_is_no_step_of_the_frontier():
    costs, accuracies = [1, 2, 3], [0.9, 0.904, 0.92]
    assert find_frontier(costs, accuracies, exceed(accuracies, by=0.01)) == [0, 2]


@given(PRICES)
def test_what_is_on_the_frontier_is_beaten_by_nothing_as_cheap_and_what_is_not_is(prices):
    costs, accuracies = zip(*prices, strict=True)
    frontier = set(find_frontier(costs, accuracies, exceed(accuracies)))
    for i, (cost, accuracy) in enumerate(prices):
        better = any(c <= cost and a >= accuracy and (c, a) != (cost, accuracy) for c, a in prices)
        first = prices.index((cost, accuracy)) == i
        assert (i in frontier) == (first and not better)
