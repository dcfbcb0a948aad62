"""Compare two confusion matrices cell by cell, of single runs or of models with several seeds each."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import scipy  # submodules load on first use

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_classes, check_labels
from fmnist.evaluation.intervals import LEVEL
from fmnist.evaluation.metrics import count_confusions
from fmnist.evaluation.moderation import moderate
from fmnist.evaluation.significance import holm, mcnemar_p_values


@dataclass(frozen=True)
class ConfusionDifference:
    """The difference of two confusion matrices, arrays (10, 10).

    `counts` is a − b in images, for several runs in images a run; `p_values` are adjusted by Holm's method, and
    `beyond_chance` marks those of at most 0.05. `scope` tells what this holds for, as in `Comparison`.
    """

    counts: np.ndarray
    p_values: np.ndarray
    beyond_chance: np.ndarray
    runs_a: int = 1
    runs_b: int = 1

    @property
    def scope(self) -> Literal["runs", "networks"]:
        """These "runs" only or, with several on both sides, the "networks"."""
        return "networks" if min(self.runs_a, self.runs_b) > 1 else "runs"

    @property
    def exact(self) -> bool:
        """Whether there is one run on each side, so that McNemar's exact test was made and counts are whole."""
        return self.runs_a == self.runs_b == 1


def compare_confusions(labels: np.ndarray, predicted_a: np.ndarray, predicted_b: np.ndarray) -> ConfusionDifference:
    """Compare two confusion matrices cell by cell, with Holm's correction for all 100.

    One run on each side: McNemar's exact test. Several on each side: images and seeds, as in `compare`, on the images
    of the true class; the variances between seeds are drawn towards each other over the cells. One run and several: the
    images alone, for these runs.

    Args:
        labels: the true classes, whole numbers from 0 to 9, (n,).
        predicted_a: the classes that the runs of a predict, (runs, n), or (n,) for one run.
        predicted_b: the same for b.

    Raises:
        ValueError: if `check_classes` refuses one of the arrays, or their lengths differ.
    """
    labels = check_labels(labels)
    a, b = _check_rows(predicted_a, "predicted_a", len(labels)), _check_rows(predicted_b, "predicted_b", len(labels))
    if len(a) == len(b) == 1:
        only_a, only_b = _count_apart(labels, a[0], b[0])
        counts, p_values = only_a - only_b, mcnemar_p_values(only_a, only_b)
    else:
        counts, p_values = _mean_counts(labels, a) - _mean_counts(labels, b), _test_cells(labels, a, b)
    adjusted = holm(p_values.ravel()).reshape(N_CLASSES, N_CLASSES)
    return ConfusionDifference(counts, adjusted, adjusted <= LEVEL, len(a), len(b))


def _check_rows(predicted: np.ndarray, name: str, images: int) -> np.ndarray:
    rows = np.stack([check_classes(row, name) for row in np.atleast_2d(predicted)])
    if rows.shape[1] != images:
        raise ValueError(f"labels and {name} must have the same length, not {images} and {rows.shape[1]}")
    return rows


def _count_apart(labels: np.ndarray, predicted_a: np.ndarray, predicted_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count, by cell, the images that a puts there and b does not, and the other way round."""
    moved = predicted_a != predicted_b
    return count_confusions(labels[moved], predicted_a[moved]), count_confusions(labels[moved], predicted_b[moved])


def _mean_counts(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return np.mean([count_confusions(labels, row) for row in predicted], axis=0)


class _Cells(NamedTuple):
    """What the images and runs say about each cell, arrays (10, 10); shares are of the images of the true class.

    `centre` is the difference of the mean shares, with two added images as in `compare`, and `image_part` its variance
    over images. `noise` is the variance between runs that luck with the images explains, and `excess` how many times as
    large the variance between runs is; NaN where no run ever changes its mind.
    """

    centre: np.ndarray
    image_part: np.ndarray
    noise: np.ndarray
    excess: np.ndarray
    images: np.ndarray


def _test_cells(labels: np.ndarray, predicted_a: np.ndarray, predicted_b: np.ndarray) -> np.ndarray:
    """Return the p-value of each cell, where all images of a class are one test set."""
    cells = _measure_cells(labels, predicted_a, predicted_b)
    runs_a, runs_b = len(predicted_a), len(predicted_b)
    variance, freedom = cells.image_part, np.maximum(cells.images - 1, 1.0)
    if min(runs_a, runs_b) > 1:
        excess, of_excess = moderate(cells.excess, np.full(cells.excess.shape, runs_a + runs_b - 2.0))
        share = 1 / runs_a + 1 / runs_b
        component = np.maximum(excess - 1, 0.0) * cells.noise * share
        variance = cells.image_part + component
        spread = (excess * cells.noise * share) ** 2 / of_excess
        # Satterthwaite's degrees of freedom, as in `add_seed_variance`
        freedom = np.where(component > 0, variance**2 / (cells.image_part**2 / freedom + spread), freedom)
    return np.asarray(2 * scipy.special.stdtr(freedom, -np.abs(cells.centre) / np.sqrt(variance)))


def _measure_cells(labels: np.ndarray, predicted_a: np.ndarray, predicted_b: np.ndarray) -> _Cells:
    """Measure all cells; those of a class without images have a difference of zero."""
    centre, image_part, noise, excess = np.zeros((4, N_CLASSES, N_CLASSES))
    images = np.bincount(labels, minlength=N_CLASSES)
    image_part[:] = 2 / (images + 2)[:, None] ** 2
    for true in np.flatnonzero(images):
        sides = [np.eye(N_CLASSES, dtype=np.float32)[rows[:, labels == true]] for rows in (predicted_a, predicted_b)]
        leads = sides[0].mean(axis=0, dtype=float) - sides[1].mean(axis=0, dtype=float)
        size = images[true] + 2
        centre[true] = leads.sum(axis=0) / size
        image_part[true] = (((leads**2).sum(axis=0) + 2) / size - centre[true] ** 2) / size
        freedom = max(sum(len(side) - 1 for side in sides), 1)
        between = sum(side.mean(axis=1, dtype=float).var(axis=0) * len(side) for side in sides) / freedom
        within = sum(side.var(axis=0, dtype=float).mean(axis=0) * len(side) for side in sides) / freedom
        noise[true] = within / images[true]
        excess[true] = np.divide(between, noise[true], out=np.full(N_CLASSES, np.nan), where=noise[true] > 0)
    return _Cells(centre, image_part, noise, excess, np.repeat(images[:, None], N_CLASSES, axis=1))
