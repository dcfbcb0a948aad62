"""Count what five pictures of a new class teach: `python tests/count_teaching.py FOLDER` of labelled photos.

The photo reader's heads are fitted on half of the photos without one class, as if it did not exist. A model is taught
with five photos of that class and ten others, and reads the other half. Takes about two minutes for 2,000 photos.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.cli.picture_commands import default_run
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.calibration import apply_temperature
from fmnist.inference.heads import Heads, add_absent_classes
from fmnist.inference.photo_reader import PhotoReader, load_photo_reader, shipped_heads
from fmnist.pictures.taught import join_features, log_odds
from fmnist.pictures.teaching import LEAST_OF_NEW, Lessons, find_centre, fit_correction
from fmnist.training.photos import Photos, fit_heads, read_photos

LEFT_OUT = (1, 3, 5)  # trousers, dresses, sandals
OTHERS, DRAWS = 10, 4


def show(rows: Iterator[Any], count: int) -> Iterator[Any]:
    """Say that this takes a while."""
    print(f"Reading {count:,} photos …")
    yield from rows


def lessons_without(photos: Photos, left_out: int, heads: Heads) -> Lessons:
    """Return what a reader without a class says of photos; that class has the label 10, and the others their places."""
    classes = np.delete(np.arange(N_CLASSES), left_out)
    network = photos.probs[:, classes] / photos.probs[:, classes].sum(axis=1, keepdims=True)
    by_heads = heads.known_probs(photos.picture, photos.network)
    known = add_absent_classes(by_heads, heads.classes, spread(network, left_out))
    calibrated = apply_temperature(known[:, classes] / known[:, classes].sum(axis=1, keepdims=True), heads.temperature)
    labels = np.where(photos.labels == left_out, N_CLASSES, np.searchsorted(classes, photos.labels))
    base = np.hstack([calibrated, np.full((len(labels), 1), 1e-9)]).astype(np.float32)  # nothing has the label 9
    return Lessons(labels, join_features(photos.picture, photos.network), base)


def spread(probs: np.ndarray, left_out: int) -> np.ndarray:
    """Return probabilities of nine classes as those of ten, without the one that is left out."""
    return np.insert(probs, left_out, 0, axis=1).astype(np.float32)


def teach_and_read(lessons: Lessons, reader: PhotoReader, rng: np.random.Generator) -> tuple[float, ...]:
    """Return the share of new photos recognised, of others taken for new, and of others right, after and before."""
    new = rng.permutation(np.flatnonzero(lessons.labels == N_CLASSES))[:LEAST_OF_NEW]
    others = rng.permutation(np.flatnonzero(lessons.labels != N_CLASSES))[:OTHERS]
    taught = np.isin(np.arange(len(lessons.labels)), np.concatenate([new, others]))
    centre, classes = find_centre(reader, lessons.joined), np.arange(N_CLASSES + 1)
    weights, rest = fit_correction(lessons[taught], classes, centre), lessons[~taught]
    said = (log_odds(rest.base, len(classes)) + (rest.joined - centre) @ weights).argmax(axis=1)
    mine, right = rest.labels == N_CLASSES, said == rest.labels
    before = rest.base.argmax(axis=1) == rest.labels
    return right[mine].mean(), (said == N_CLASSES)[~mine].mean(), right[~mine].mean(), before[~mine].mean()


def main(folder: Path) -> None:
    """Print a line for each class that is left out."""
    run, reader = default_run(), load_photo_reader(shipped_heads())
    photos = read_photos(folder, run, show)
    for left_out in LEFT_OUT:
        fitted = np.random.default_rng(left_out).random(len(photos.labels)) < 0.5
        heads = fit_heads(photos[fitted & (photos.labels != left_out)], run).heads
        lessons = lessons_without(photos[~fitted], left_out, heads)
        draws = [teach_and_read(lessons, reader, np.random.default_rng(seed)) for seed in range(DRAWS)]
        recognised, mistaken, after, before = np.mean(draws, axis=0)
        print(
            f"{CLASS_NAMES[left_out]}: {recognised:.0%} recognised, {mistaken:.1%} of others taken for it, "
            f"others right {after:.1%} after and {before:.1%} before"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
