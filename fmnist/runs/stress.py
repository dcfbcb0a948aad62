"""What a run answered to changed test images, kept so that everything shown of it can be computed again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, official_labels
from fmnist.runs.archive import load_arrays, render_npz
from fmnist.runs.layout import STRESS
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import Run, RunError
from fmnist.runs.writing import write_file

_MOST_CHANGED = 0.01  # of the answers to unchanged images: rounding differs between processors, weights by more
_UNREADABLE = "stress.npz is damaged; measure the run again."


@dataclass(frozen=True, eq=False)
class StressResults:
    """Answers to the test images at `positions` (n,) under some conditions, each named as in "fog:3".

    The first condition is the unchanged images. `classes`, uint8 (c, n), are the most likely classes and
    `confidences`, uint8 (c, n), their probabilities in percent. `unfamiliar`, bool (c, u), says which of the first u
    images are unlike the training images; without a reference u is 0. `swept` names further conditions with `classes`
    alone, `swept_classes` (s, m), of the first m images. `definition` counts the definitions of the conditions, and
    `seed` is that of their noise.

    Raises:
        ValueError: if the arrays do not belong together, or hold what they cannot; the message names it.
    """

    definition: int
    seed: int
    positions: np.ndarray
    conditions: Sequence[str]
    classes: np.ndarray
    confidences: np.ndarray
    unfamiliar: np.ndarray
    swept: Sequence[str]
    swept_classes: np.ndarray

    def __post_init__(self) -> None:
        images, count = len(self.positions), len(self.conditions)
        distinct = len(np.unique(self.positions)) == images > 0
        _require(distinct and self.positions.min() >= 0 and self.positions.max() < N_TEST, "positions")
        _require(self.classes.shape == self.confidences.shape == (count, images), "classes")
        _require(len(self.swept_classes) == len(self.swept) and self.swept_classes.shape[1] <= images, "swept_classes")
        _require(max(self.classes.max(), self.swept_classes.max(initial=0)) < N_CLASSES, "classes")
        _require(self.confidences.max() <= 100, "confidences")
        _require(len(self.unfamiliar) == count and self.unfamiliar.shape[1] <= images, "unfamiliar")

    @property
    def labels(self) -> np.ndarray:
        """The true classes of the images, uint8 (n,)."""
        return official_labels()[1][self.positions]

    def correct(self, condition: str) -> np.ndarray:
        """Return which answers under a condition are right, bool (n,), or (m,) in a sweep."""
        if condition in self.conditions:
            return np.asarray(self.classes[self.conditions.index(condition)] == self.labels)
        classes = self.swept_classes[self.swept.index(condition)]
        return np.asarray(classes == self.labels[: len(classes)])


def load_stress(run: Run) -> StressResults | None:
    """Read what a run answered under stress; None where it has not been measured.

    Raises:
        RunError: if the file is damaged, or belongs to other weights than the predictions.
    """
    path = run.directory / STRESS
    if not path.exists():
        return None
    try:
        results = _read(load_arrays(path))
    except (ValueError, KeyError, TypeError, MemoryError) as error:
        raise RunError(f"{run.id}: {_UNREADABLE}") from error
    expected = load_predictions(run).test_probs[results.positions].argmax(axis=1)
    if np.mean(results.classes[0] != expected) > _MOST_CHANGED:
        raise RunError(f"{run.id}: stress.npz belongs to other weights; measure the run again.")
    return results


def save_stress(run: Run, results: StressResults) -> None:
    """Write what a run answered under stress; raises OSError."""
    write_file(
        run.directory / STRESS,
        render_npz(
            definition=np.array(results.definition),
            seed=np.array(results.seed),
            positions=results.positions.astype(np.int32),
            conditions=np.array(results.conditions),
            classes=results.classes.astype(np.uint8),
            confidences=results.confidences.astype(np.uint8),
            unfamiliar=np.packbits(results.unfamiliar, axis=1),
            unfamiliar_images=np.array(results.unfamiliar.shape[1]),
            swept=np.array(results.swept),
            swept_classes=results.swept_classes.astype(np.uint8),
        ),
    )


def _read(arrays: dict[str, np.ndarray]) -> StressResults:
    count = int(arrays["unfamiliar_images"])
    return StressResults(
        definition=int(arrays["definition"]),
        seed=int(arrays["seed"]),
        positions=arrays["positions"],
        conditions=tuple(map(str, arrays["conditions"])),
        classes=arrays["classes"],
        confidences=arrays["confidences"],
        unfamiliar=np.unpackbits(arrays["unfamiliar"], axis=1, count=count).astype(bool),
        swept=tuple(map(str, arrays["swept"])),
        swept_classes=arrays["swept_classes"],
    )


def _require(condition: bool, name: str) -> None:
    if not condition:
        raise ValueError(f"{name} cannot be")
