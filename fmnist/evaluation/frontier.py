"""The Pareto frontier of costs and accuracies, as far as the accuracies differ significantly."""

from collections.abc import Sequence

import numpy as np


def find_frontier(costs: Sequence[float], accuracies: Sequence[float], better: np.ndarray) -> list[int]:
    """Return the positions of the frontier, cheapest first: each is significantly better than the one before it.

    Of several with the same cost the most accurate counts, and of these the first.

    Args:
        costs: what each model costs, (k,).
        accuracies: the accuracy of each, (k,).
        better: whether a model (row) is significantly better than another one (column), bool (k, k).
    """
    frontier: list[int] = []
    for position in sorted(range(len(costs)), key=lambda i: (costs[i], -accuracies[i], i)):
        if not frontier or better[position, frontier[-1]]:
            frontier.append(position)
    return frontier
