"""Ask runs about changed test images: each picture is made once for all of them, and several cores answer."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from fmnist.dataset import Dataset
from fmnist.inference.familiarity import measure_unlikeness
from fmnist.inference.serving import Classifier
from fmnist.runs.reading import load_reference
from fmnist.runs.records import Reference
from fmnist.runs.run import ReadableRun, RunError
from fmnist.runs.stress import StressResults
from fmnist.stress.catalogue import (
    DEFINITION,
    SEED,
    Condition,
    change_images,
    choose_positions,
    list_corrupted,
    list_swept,
)
from fmnist.stress.limits import IMAGES

_SWEPT = 1_000  # images of a sweep, which has many steps
_COMPARED = 500  # images that are compared with the reference, which takes thrice as long
_MOST_CORES = 4

Report = Callable[[int, int], None]


@dataclass(eq=False)
class _Asked:
    """A run that is asked: one classifier for each core, its reference, and its answers so far."""

    classifiers: Sequence[Classifier]
    reference: Reference | None
    classes: list[np.ndarray] = field(default_factory=list)
    confidences: list[np.ndarray] = field(default_factory=list)
    unfamiliar: list[np.ndarray] = field(default_factory=list)
    swept: list[np.ndarray] = field(default_factory=list)


def measure_stress(
    runs: Sequence[ReadableRun], dataset: Dataset, images: int = IMAGES, report: Report | None = None
) -> list[StressResults]:
    """Return what runs answer to the same changed test images.

    Args:
        runs: runs with weights.
        dataset: has the images.
        images: how many of the test images are changed, in an order that does not depend on their number.
        report: is told after each condition how many of all are done.

    Raises:
        RunError: if a run's weights were not kept, or its reference is damaged.
        ModelFileError: if a served model is damaged.
    """
    positions = choose_positions(images)
    corrupted, swept = list_corrupted(), list_swept()
    cores = min(os.cpu_count() or 1, _MOST_CORES)
    asked = [_prepare(run, cores) for run in runs]
    with ThreadPoolExecutor(cores) as pool:
        for done, condition in enumerate([*corrupted, *swept], 1):
            kept = positions if done <= len(corrupted) else positions[:_SWEPT]
            pictures = change_images(dataset.test_images[kept], kept, condition)
            ask = _ask if done <= len(corrupted) else _ask_swept
            for one in asked:
                ask(one, pictures, pool)
            if report is not None:
                report(done, len(corrupted) + len(swept))
    return [_conclude(one, positions, corrupted, swept) for one in asked]


def _prepare(run: ReadableRun, cores: int) -> _Asked:
    if run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so it cannot be asked about other images.")
    content = run.served.read_bytes()
    return _Asked([Classifier(content) for _ in range(cores)], load_reference(run))


def _ask(one: _Asked, pictures: np.ndarray, pool: ThreadPoolExecutor) -> None:
    probs = _share(one, Classifier.probs, pictures, pool)
    one.classes.append(probs.argmax(axis=1).astype(np.uint8))
    one.confidences.append(np.rint(100 * np.minimum(probs.max(axis=1), 1)).astype(np.uint8))
    one.unfamiliar.append(_look_unfamiliar(one, pictures[:_COMPARED], pool))


def _ask_swept(one: _Asked, pictures: np.ndarray, pool: ThreadPoolExecutor) -> None:
    one.swept.append(_share(one, Classifier.probs, pictures, pool).argmax(axis=1).astype(np.uint8))


def _look_unfamiliar(one: _Asked, pictures: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    if one.reference is None:
        return np.zeros(0, bool)
    measure = partial(measure_unlikeness, reference=one.reference.features)
    return _share(one, measure, pictures, pool) > one.reference.limit


def _share(
    one: _Asked, ask: Callable[[Classifier, np.ndarray], np.ndarray], pictures: np.ndarray, pool: ThreadPoolExecutor
) -> np.ndarray:
    """Let each classifier answer its part of the pictures."""
    parts = np.array_split(pictures, len(one.classifiers))
    return np.concatenate(list(pool.map(ask, one.classifiers, parts)))


def _conclude(
    one: _Asked, positions: np.ndarray, corrupted: Sequence[Condition], swept: Sequence[Condition]
) -> StressResults:
    return StressResults(
        definition=DEFINITION,
        seed=SEED,
        positions=positions,
        conditions=tuple(condition.key for condition in corrupted),
        classes=np.stack(one.classes),
        confidences=np.stack(one.confidences),
        unfamiliar=np.stack(one.unfamiliar),
        swept=tuple(condition.key for condition in swept),
        swept_classes=np.stack(one.swept),
    )
