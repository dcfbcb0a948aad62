"""The averaged probabilities of several runs, as one contender."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from fmnist.contenders.alone import Alone
from fmnist.contenders.arrays import predictions_of
from fmnist.contenders.contender import Costs, Split, Training
from fmnist.contenders.kind import Kind, Listing, list_shelf
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.temperatures import temperature_of
from fmnist.contenders.titles import ensemble_title
from fmnist.ensembles.records import EnsembleRecord
from fmnist.ensembles.store import ENSEMBLES
from fmnist.evaluation.averaging import average_probabilities
from fmnist.evaluation.calibration import apply_temperature
from fmnist.evaluation.metrics import cross_entropy
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.shelf import Item


@dataclass(frozen=True)
class _Asked:
    """An average as it is now: compared by what identifies it."""

    key: str
    version: Hashable
    split: Split
    ensemble: "Ensemble" = field(compare=False, repr=False)


class Ensemble(Alone):
    """Several runs whose probabilities are averaged: they make one ensemble, and its interval reflects the images."""

    kind = "ensemble"

    def __init__(self, item: Item[EnsembleRecord], runs: Sequence[CompleteRun]) -> None:
        self.item, self.runs = item, tuple(runs)

    @property
    def key(self) -> str:
        """The key, as in "ensemble-3f2a90ab17cd"."""
        return self.item.key

    @property
    def title(self) -> str:
        """The name, or one made of its members, as in "3 × Compact CNN (tuned)"."""
        return ensemble_title(self.item.record.name, self.runs, self.item.record.average)

    @property
    def members(self) -> tuple[str, ...]:
        """The keys of its runs."""
        return tuple(run.id for run in self.runs)

    @property
    def version(self) -> Hashable:
        """The stamps of its record and of its runs."""
        return (self.item.directory, self.item.stamp, *((run.directory, run.stamp) for run in self.runs))

    @property
    def test_loss(self) -> float | None:
        """The mean test cross-entropy of the averaged probabilities, in nats. Raises RunError."""
        return _loss(self._ask("test"))

    def labels(self, split: Split) -> np.ndarray:
        """Return the true classes of the images, (n,). Raises RunError."""
        stored = predictions_of(self.runs[0])
        return stored.test_labels if split == "test" else stored.val_labels

    def classes(self, split: Split) -> np.ndarray:
        """Return the predicted classes, uint8 (1, n). Raises RunError."""
        return _classes(self._ask(split))[None]

    def probabilities(self, split: Split) -> np.ndarray:
        """Return the averaged probabilities, float32 (1, n, 10). Raises RunError."""
        return _average(self._ask(split))[None]

    def costs(self) -> Costs:
        """Return what its members cost together: all of them are trained, stored and asked."""
        known = [run.evaluation for run in self.runs]
        return Costs(
            params=sum(one.params for one in known),
            file_bytes=sum(one.keras_bytes for one in known),
            train_seconds=sum(one.train_seconds for one in known),
            latency_ms=sum(one.latency_ms for one in known),
        )

    def trainings(self) -> Sequence[Training]:
        """Return none: an ensemble is not trained."""
        return []

    def member_probabilities(self, split: Split) -> list[np.ndarray]:
        """Return what is averaged: the probabilities of each member, (n, 10), calibrated where the average is."""
        return [_scale(run, split, self.item.record.average == "calibrated") for run in self.runs]

    def _ask(self, split: Split) -> _Asked:
        return _Asked(self.key, self.version, split, self)


def _scale(run: CompleteRun, split: Split, calibrated: bool) -> np.ndarray:
    stored = predictions_of(run)
    probs = stored.test_probs if split == "test" else stored.val_probs
    temperature = temperature_of(SingleRun(run)) if calibrated else None
    return probs if temperature is None else apply_temperature(probs, temperature)


def _build(item: Item[EnsembleRecord]) -> Ensemble:
    """Return an ensemble with its runs; raises RunError where one is missing."""
    try:
        return Ensemble(item, [find_run(member) for member in item.record.members])
    except RunError as error:
        raise RunError(f"{item.key} lacks a member. {error}") from error


def _list_all() -> Listing:
    return list_shelf(ENSEMBLES, Ensemble.kind, _build)


def _find(key: str) -> Ensemble | None:
    return _build(ENSEMBLES.get(key)) if key.startswith("ensemble-") else None


KIND = Kind(Ensemble.kind, _list_all, _find)


@lru_cache(maxsize=32)
def _average(asked: _Asked) -> np.ndarray:
    ensemble = asked.ensemble
    return average_probabilities(ensemble.member_probabilities(asked.split), ensemble.item.record.weights)


@lru_cache(maxsize=1000)
def _classes(asked: _Asked) -> np.ndarray:
    return _average(asked).argmax(axis=1).astype(np.uint8)


@lru_cache(maxsize=1000)
def _loss(asked: _Asked) -> float:
    return cross_entropy(asked.ensemble.labels("test"), _average(asked))
