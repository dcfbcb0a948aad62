"""The Pareto frontier of costs and accuracies."""

from collections.abc import Sequence


def find_frontier(costs: Sequence[float], accuracies: Sequence[float]) -> list[int]:
    """Return the positions of the Pareto frontier, cheapest first: nothing as cheap is more accurate.

    Of two with the same cost and accuracy, the first counts.
    """
    frontier: list[int] = []
    for position in sorted(range(len(costs)), key=lambda i: (costs[i], -accuracies[i], i)):
        if not frontier or accuracies[position] > accuracies[frontier[-1]]:
            frontier.append(position)
    return frontier
