"""Fit the heads of the photo reader on a folder of photos: frozen features, logistic regression, cross-validation."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.dataset import CLASS_NAMES, FOOTWEAR
from fmnist.errors import InputError
from fmnist.evaluation.calibration import fit_temperature
from fmnist.evaluation.metrics import count_confusions
from fmnist.inference.backbone import Backbone
from fmnist.inference.heads import Heads, add_absent_classes, digest_network, scale_features
from fmnist.inference.picture import PictureError, read_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.score import Score, list_labelled_files
from fmnist.inference.serving import Classifier
from fmnist.runs.run import ReadableRun, RunError

FOLDS = 5  # and the fewest photos of a class
FAMILIAR = 0.96  # of the correctly classified photos, in cross-validation, count as familiar
REFERENCES = 40  # photos of each class
STRENGTH = 0.1  # logistic regression's C, chosen by cross-validation from 0.03, 0.1 and 0.3
SHARES = (0.125, 0.25, 0.5)  # of the photos, for the learning curve; all of them is the last point

Progress = Callable[[Iterator[Any], int], Iterator[Any]]


@dataclass(frozen=True, eq=False)
class Photos:
    """Frozen features of labelled photos: `picture` (n, 1280), `network` (n, d), and the network's `probs` (n, 10)."""

    labels: np.ndarray
    picture: np.ndarray
    network: np.ndarray
    probs: np.ndarray

    def __getitem__(self, part: np.ndarray) -> "Photos":
        return Photos(self.labels[part], self.picture[part], self.network[part], self.probs[part])


@dataclass(frozen=True, eq=False)
class Fitted:
    """Heads, their cross-validated score, and the mean class accuracy by number of photos that they are fitted on."""

    heads: Heads
    score: Score
    curve: tuple[tuple[int, float], ...]


def read_photos(folder: Path, run: ReadableRun, progress: Progress) -> Photos:
    """Read the photos in subfolders `<index>_<name>` and compute their features; what is no picture is left out.

    Args:
        folder: where the subfolders lie.
        run: the network whose features the second head takes.
        progress: wraps an iterator of so many photos.

    Raises:
        InputError: if there are too few photos.
        RunError: if the run has no weights.
    """
    if run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so it cannot read photos.")
    files, backbone, network = list_labelled_files(folder), Backbone(), Classifier(run.served)

    def describe(file: tuple[int, Path]) -> tuple[int, np.ndarray, np.ndarray, np.ndarray] | None:
        label, path = file
        try:
            prepared = prepare(read_picture(path))
        except PictureError:
            return None
        (network_features,), (probs,) = network.describe_both_ways(prepared.image[None])
        return label, backbone.features(prepared.views), network_features, probs

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for row in progress(pool.map(describe, files), len(files)) if row is not None]
    labels = np.array([row[0] for row in rows], np.int64)
    _require_enough(labels, folder)
    return Photos(labels, *(np.stack([row[i] for row in rows]) for i in (1, 2, 3)))


def fit_heads(photos: Photos, run: ReadableRun) -> Fitted:
    """Fit the heads, and by cross-validation their calibration, the limit of what is familiar, and their score.

    Args:
        photos: at least `FOLDS` of each class that there is.
        run: the network whose features are given.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # matrices this small are slower on several cores, and the last digits would depend
        return _fit_alone(photos, run)


def _fit_alone(photos: Photos, run: ReadableRun) -> Fitted:
    curve = [(round(share * len(photos.labels)), _cross_validate(photos, run, share)) for share in (*SHARES, 1.0)]
    _, probs, strangeness = curve[-1][1]
    right = probs.argmax(axis=1) == photos.labels
    heads = replace(
        _fit(photos, run, np.random.default_rng(0)),
        temperature=fit_temperature(photos.labels, probs),
        limit=float(np.quantile(strangeness[right], FAMILIAR)),
    )
    points = tuple((n, _score(photos.labels, probs).macro_accuracy) for n, (_, probs, _) in curve)
    return Fitted(heads, _score(photos.labels, probs, strangeness > heads.limit), points)


def describe_fit(fitted: Fitted, seconds: float, path: Path) -> dict[str, Any]:
    """Return what there is to say about fitted heads, for programs."""
    score, footwear = fitted.score, fitted.score.only(FOOTWEAR)
    return {
        "file": str(path),
        "photos": score.n,
        "classes": [CLASS_NAMES[label] for label in fitted.heads.classes],
        "cross_validated": {
            "accuracy": score.accuracy,
            "macro_accuracy": score.macro_accuracy,
            "macro_accuracy_interval": score.macro_interval,
            "footwear_macro_accuracy": footwear.macro_accuracy if footwear else None,
            "familiar_of_right": score.familiar_of_right,
        },
        "curve": [{"photos": photos, "macro_accuracy": accuracy} for photos, accuracy in fitted.curve],
        "temperature": fitted.heads.temperature,
        "seconds": seconds,
    }


def train_photos(folder: Path, run: ReadableRun, progress: Progress) -> tuple[Fitted, float]:
    """Read a folder of photos and fit the heads; returns them and the seconds that it took.

    The same photos give the same heads. Raises as `read_photos` does.
    """
    started = time.perf_counter()
    fitted = fit_heads(read_photos(folder, run, progress), run)
    return fitted, time.perf_counter() - started


def _cross_validate(photos: Photos, run: ReadableRun, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each photo what heads say that were fitted on a share of the other folds.

    These are the probabilities of the classes that have photos, (n, k), of all ten, (n, 10), and the strangeness (n,).
    """
    from sklearn.model_selection import StratifiedKFold

    classes = np.unique(photos.labels)
    known, strangeness = np.zeros((len(photos.labels), len(classes))), np.zeros(len(photos.labels))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(photos.labels, photos.labels)
    for seed, (train, test) in enumerate(folds):
        rng = np.random.default_rng(seed)
        seen = _draw_evenly(photos.labels[train], lambda n: max(2, round(share * n)), rng)
        heads = _fit(photos[train[seen]], run, rng)
        known[test] = heads.known_probs(photos.picture[test], photos.network[test])
        strangeness[test] = heads.strangeness(photos.picture[test], known[test])
    return known, add_absent_classes(known, classes, photos.probs), strangeness


def _fit(photos: Photos, run: ReadableRun, rng: np.random.Generator) -> Heads:
    """Fit both heads, without calibration and limit."""
    chosen = _draw_evenly(photos.labels, lambda n: min(n, REFERENCES), rng)
    return Heads(
        picture=_fit_head(photos.picture, photos.labels),
        network=_fit_head(photos.network, photos.labels),
        classes=np.unique(photos.labels),
        references=photos.picture[chosen] / np.linalg.norm(photos.picture[chosen], axis=1, keepdims=True),
        limit=2.0,
        temperature=1.0,
        run=run.id,
        digest=digest_network(run),
    )


def _fit_head(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit logistic regression in which all classes weigh the same; returns weights and intercepts, (d + 1, k)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    model.fit(scale_features(features), labels)
    weights, intercepts = model.coef_, model.intercept_
    if len(weights) == 1:  # of two classes scikit-learn keeps the second alone
        weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    return np.vstack([weights.T, intercepts]).astype(np.float32)


def _draw_evenly(labels: np.ndarray, count: Callable[[int], int], rng: np.random.Generator) -> np.ndarray:
    """Draw so many of each class as `count` says of its number; returns positions, sorted."""
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return np.sort(np.concatenate([rng.choice(one, count(len(one)), replace=False) for one in members]))


def _score(labels: np.ndarray, probs: np.ndarray, unfamiliar: np.ndarray | None = None) -> Score:
    said = probs.argmax(axis=1)
    strange = np.zeros(len(labels), bool) if unfamiliar is None else unfamiliar
    return Score(count_confusions(labels, said), count_confusions(labels[strange], said[strange]))


def _require_enough(labels: np.ndarray, folder: Path) -> None:
    names, counts = np.unique(labels, return_counts=True)
    few = [CLASS_NAMES[label] for label, count in zip(names, counts, strict=True) if count < FOLDS]
    if len(names) < 2 or few:
        lacking = f" There are fewer of {', '.join(few)}." if few else ""
        raise InputError(f"{folder} needs at least {FOLDS} readable photos of each of two or more classes.{lacking}")
