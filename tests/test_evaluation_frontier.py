from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.frontier import find_frontier

PRICES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=12)


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
