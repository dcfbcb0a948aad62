"""Teach a model with a few pictures: logistic regression on frozen features that starts from the reader's answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # submodules load on first use
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.inference.photo_reader import AutomaticReader, PhotoReader
from fmnist.pictures.features import Described
from fmnist.pictures.taught import Taught, join_features, log_odds
from fmnist.wording import plural

LEAST_PICTURES = 10
LEAST_OF_NEW = 5  # pictures of a class besides the ten
PENALTY = 0.3  # on the squared weights, for features of length 10
FOLDS = 10  # and with fewer than four times as many pictures, each is left out alone

_TEMPERATURES = np.geomspace(1, 5, 33)  # never surer than it would be by itself
_MOST_STEPS = 300


@dataclass(frozen=True, eq=False)
class Lessons:
    """What there is to learn from: labels (n,), joined features (n, d), and the reader's probabilities (n, 10)."""

    labels: NDArray[np.int64]
    joined: NDArray[np.float32]
    base: NDArray[np.float32]

    def __getitem__(self, part: NDArray[np.bool_]) -> "Lessons":
        return Lessons(self.labels[part], self.joined[part], self.base[part])


def choose_lessons(labels: Sequence[int]) -> list[int]:
    """Return the places of the pictures to learn from: of the ten classes, and of new ones with enough of them."""
    return [place for place, label in enumerate(labels) if label < N_CLASSES or labels.count(label) >= LEAST_OF_NEW]


def describe_need(labels: Sequence[int], names: Mapping[int, str]) -> str:
    """Say what is missing before a model can be taught; "" where nothing is."""
    chosen = [labels[place] for place in choose_lessons(labels)]
    few = {names[one]: LEAST_OF_NEW - labels.count(one) for one in sorted(set(labels) - set(chosen))}
    more = [f"{name} needs {plural(count, 'more picture')}." for name, count in few.items()]
    if len(chosen) < LEAST_PICTURES:
        return " ".join([f"Teaching takes {LEAST_PICTURES} pictures: {LEAST_PICTURES - len(chosen)} to go.", *more])
    if len(set(chosen)) < 2:
        return " ".join(["Teaching takes pictures of at least two classes.", *more])
    return ""


class Lesson:
    """One teaching, step by step: a model for each fold of cross-validation, then the one of all pictures.

    Raises:
        InputError: if there are too few pictures.
    """

    def __init__(self, described: Sequence[Described], names: Mapping[int, str], reader: AutomaticReader) -> None:
        found = [one.stored.label for one in described]
        if need := describe_need(found, names):
            raise InputError(need)
        chosen = [described[place] for place in choose_lessons(found)]
        self._names, self._reader = names, reader
        self._features = np.stack([one.features for one in chosen])
        self._lessons = _gather(chosen, reader)
        self._labels = np.union1d(np.arange(N_CLASSES), self._lessons.labels)
        self._centre = find_centre(reader.photos, self._lessons.joined)
        self._folds = _split(self._lessons.labels)
        self._logits = np.zeros((len(chosen), len(self._labels)))

    @property
    def count(self) -> int:
        """The number of steps."""
        return int(self._folds.max()) + 1

    def steps(self) -> Iterator[None]:
        """Ask about the pictures of each fold a model that was fitted on the others."""
        for fold in range(self.count):
            test = self._folds == fold
            weights = self._fit(self._lessons[~test])
            start = log_odds(self._lessons.base[test], len(self._labels))
            self._logits[test] = start + (self._lessons.joined[test] - self._centre) @ weights
            yield

    def conclude(self) -> Taught:
        """Return the model that is fitted on all pictures, after all steps."""
        lessons, labels, features = self._lessons, self._labels, self._features
        return Taught(
            weights=self._fit(lessons),
            centre=self._centre,
            labels=labels,
            names=tuple(self._names[label] for label in labels.tolist()),
            references=(features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32),
            temperature=_find_temperature(lessons.labels, labels, self._logits),
            reader=name_reader(self._reader),
            truth=lessons.labels,
            before=lessons.base.argmax(axis=1),
            after=labels[self._logits.argmax(axis=1)],
        )

    def _fit(self, lessons: Lessons) -> NDArray[np.float32]:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):  # matrices this small are slower on several cores
            return fit_correction(lessons, self._labels, self._centre)


def teach(described: Sequence[Described], names: Mapping[int, str], reader: AutomaticReader) -> Taught:
    """Return the model that pictures teach. Raises InputError if there are too few of them."""
    lesson = Lesson(described, names, reader)
    for _ in lesson.steps():
        pass
    return lesson.conclude()


def name_reader(reader: AutomaticReader) -> str:
    """Return what names the reader that a model corrects: another one needs another correction."""
    heads = reader.photos.heads
    return f"{heads.digest}-{abs(float(heads.picture.sum())):.6g}"


def find_centre(reader: PhotoReader, joined: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what joined features, (n, d), are measured from, (d,): an average photo and an average training image.

    Measured from there, a correction says little about pictures unlike all that it was fitted on.
    """
    photos, reference = reader.heads.references, reader.network.reference
    width = photos.shape[1]
    if reference is None:
        return joined.mean(axis=0)
    images = reference.features
    centres = (
        join_features(photos, np.zeros((len(photos), images.shape[1]), np.float32)).mean(axis=0),
        join_features(np.zeros((len(images), width), np.float32), images).mean(axis=0),
    )
    return np.asarray(centres[0] + centres[1], np.float32)


def fit_correction(lessons: Lessons, labels: NDArray[np.int64], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fit weights, (d, k), by which log-probabilities are corrected; pictures of every class weigh the same together.

    The weights are combinations of the pictures' features, so that only (n, k) numbers are fitted.
    """
    from scipy.optimize import minimize

    z = (lessons.joined - centre).astype(np.float64)
    gram, start = z @ z.T, log_odds(lessons.base, len(labels))
    true = (lessons.labels[:, None] == labels).astype(np.float64)
    weights = (true / np.maximum(true.sum(axis=0), 1)).sum(axis=1)
    weights *= len(weights) / weights.sum()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        mixed = flat.reshape(true.shape)
        correction = gram @ mixed
        said = scipy.special.log_softmax(start + correction, axis=1)
        slope = weights[:, None] * (np.exp(said) - true) + PENALTY * mixed
        value = -(weights * (true * said).sum(axis=1)).sum() + PENALTY / 2 * (mixed * correction).sum()
        return float(value), (gram @ slope).ravel()

    found = minimize(loss, np.zeros(true.size), jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return (z.T @ found.x.reshape(true.shape)).astype(np.float32)


def _gather(chosen: Sequence[Described], reader: AutomaticReader) -> Lessons:
    images = np.stack([one.prepared.image for one in chosen])
    network, _ = reader.photos.network.classifier.describe_both_ways(images)
    return Lessons(
        np.array([one.stored.label for one in chosen], np.int64),
        join_features(np.stack([one.features for one in chosen]), network),
        np.stack([reader.read_features(one.features, one.prepared).calibrated for one in chosen]),
    )


def _split(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fold of each picture, (n,), with classes spread evenly; few pictures are left out one by one."""
    n = len(labels)
    folds = n if n < 4 * FOLDS else FOLDS
    fold = np.empty(n, np.int64)
    fold[np.lexsort([np.random.default_rng(0).permutation(n), labels])] = np.arange(n) % folds
    return fold


def _find_temperature(truth: NDArray[np.int64], labels: NDArray[np.int64], logits: NDArray[np.float64]) -> float:
    """Return the temperature from 1 on that makes cross-validated answers likeliest."""
    places = np.searchsorted(labels, truth)
    losses = [
        -np.log(np.maximum(scipy.special.softmax(logits / t, axis=1)[np.arange(len(truth)), places], 1e-12)).mean()
        for t in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(losses))])
