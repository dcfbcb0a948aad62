"""Where a network stands by its runs: what it reaches, what it costs, and which networks are worth their cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from fmnist.evaluation.intervals import AccuracySummary, summarise_runs
from fmnist.runs.records import Evaluation

DIGITS = {"Accuracy (%)": 2, "SD (points)": 2, "Loss (nats)": 4, "File (MB)": 2, "Latency (ms)": 3}  # after the point


@dataclass(frozen=True)
class Standing:
    """A network's test accuracy and its costs over its runs.

    `accuracies` are the single runs' (fractions), `loss` is their mean test loss in nats; training time in seconds and
    latency of one image in ms are medians over the runs, as a busy machine slows single ones. `size_bytes` is the Keras
    file's.
    """

    accuracy: AccuracySummary
    accuracies: tuple[float, ...]
    loss: float
    params: int
    train_seconds: float
    size_bytes: int
    latency_ms: float


def summarise_standing(evaluations: Sequence[Evaluation], correct: np.ndarray) -> Standing:
    """Return where a network stands, from its runs' evaluations and their `correct` test images, bool (runs, n)."""
    return Standing(
        accuracy=summarise_runs(correct),
        accuracies=tuple(float(share) for share in np.atleast_2d(correct).mean(axis=1)),
        loss=fmean(evaluation.test_loss or 0.0 for evaluation in evaluations),
        params=evaluations[0].params,
        train_seconds=median(evaluation.train_seconds for evaluation in evaluations),
        size_bytes=evaluations[0].keras_bytes,
        latency_ms=median(evaluation.latency_ms for evaluation in evaluations),
    )


def list_results(standing: Standing) -> dict[str, float | str | None]:
    """Return what a leaderboard shows of a network, by the heads of its columns, which name the units."""
    accuracy = standing.accuracy
    low, high = (100 * end for end in accuracy.interval)
    return {
        "Runs": accuracy.runs,
        "Accuracy (%)": 100 * accuracy.mean,
        "95 % interval": f"{low:.2f} – {high:.2f}",
        "SD (points)": None if accuracy.std is None else 100 * accuracy.std,
        "Loss (nats)": standing.loss,
        "Parameters": standing.params,
        "Training (s)": round(standing.train_seconds),
        "File (MB)": standing.size_bytes / 1e6,
        "Latency (ms)": standing.latency_ms,
    }


def find_frontier(costs: Sequence[float], accuracies: Sequence[float]) -> list[int]:
    """Return the positions of those that nothing as cheap beats (the Pareto frontier), cheapest first.

    Of two that cost the same and reach the same, the first counts.
    """
    frontier: list[int] = []
    for position in sorted(range(len(costs)), key=lambda i: (costs[i], -accuracies[i], i)):
        if not frontier or accuracies[position] > accuracies[frontier[-1]]:
            frontier.append(position)
    return frontier
