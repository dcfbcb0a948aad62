"""Average the probabilities of several models, and measure what each further member adds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fmnist.evaluation.checks import check_labels

_MOST_SUBSETS = 50
_SEED = 2024


@dataclass(frozen=True)
class AccuracyOfSize:
    """The accuracy of ensembles with so many members: mean, lowest and highest over `subsets` different ones."""

    members: int
    mean: float
    lowest: float
    highest: float
    subsets: int


def average_probabilities(probs: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Return the weighted mean of probabilities (n, 10) as float32; each row sums to one.

    Raises:
        ValueError: unless there are as many weights, all above zero, as arrays of one shape.
    """
    if len(probs) != len(weights) or not len(probs) or min(weights) <= 0 or len({one.shape for one in probs}) != 1:
        raise ValueError("give as many weights above zero as arrays of one shape")
    total = np.zeros(probs[0].shape, np.float64)
    for one, weight in zip(probs, weights, strict=True):
        total += weight * one
    return (total / total.sum(axis=1, keepdims=True)).astype(np.float32)


def accuracy_by_members(labels: np.ndarray, probs: np.ndarray) -> list[AccuracyOfSize]:
    """Return the accuracy of plain averages of 1, 2, … k members, over their subsets.

    All subsets of a size where there are at most 50, else 50 drawn with a fixed seed. Subsets share members, so their
    spread is no standard error.

    Args:
        labels: the true classes, (n,).
        probs: the probabilities of each member, (k, n, 10).
    """
    labels, (count, images, classes) = check_labels(labels), probs.shape
    flat = probs.reshape(count, images * classes).astype(np.float32)
    sizes = []
    for size in range(1, count + 1):
        shares = _measure(labels, flat, _draw_subsets(count, size))
        mean, lowest, highest = float(shares.mean()), float(shares.min()), float(shares.max())
        sizes.append(AccuracyOfSize(size, mean, lowest, highest, len(shares)))
    return sizes


def _measure(labels: np.ndarray, flat: np.ndarray, subsets: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Return the accuracy of the sum of each subset, (subsets,); one product of matrices adds all of them up."""
    chosen = np.zeros((len(subsets), len(flat)), np.float32)
    for row, subset in zip(chosen, subsets, strict=True):
        row[list(subset)] = 1
    totals = (chosen @ flat).reshape(len(subsets), len(labels), -1)
    return np.asarray((totals.argmax(axis=2) == labels).mean(axis=1))


def _draw_subsets(count: int, size: int) -> list[tuple[int, ...]]:
    """Return all subsets of a size, or some of them."""
    if math.comb(count, size) <= _MOST_SUBSETS:
        return list(combinations(range(count), size))
    rng = np.random.default_rng([_SEED, count, size])
    drawn: set[tuple[int, ...]] = set()
    while len(drawn) < _MOST_SUBSETS:
        drawn.add(tuple(sorted(rng.choice(count, size, replace=False).tolist())))
    return sorted(drawn)
