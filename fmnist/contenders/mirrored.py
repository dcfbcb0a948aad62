"""A run that answers by the mean of its probabilities for an image and for its mirror image."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from fmnist.contenders.alone import Alone
from fmnist.contenders.contender import Costs, Split, Training
from fmnist.contenders.kind import Kind, Listing, list_shelf
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import official_labels, split_indices
from fmnist.ensembles.mirrored import MIRRORED, START, MirroredRecord, load_mirrored
from fmnist.evaluation.metrics import cross_entropy
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun, RunError, Stamp
from fmnist.runs.shelf import Item


class Mirrored(Alone):
    """A run with test-time mirroring: trained once, asked twice. Its interval reflects the test images alone."""

    kind = "mirrored"

    def __init__(self, item: Item[MirroredRecord], run: CompleteRun) -> None:
        self.item, self.run = item, run

    @property
    def key(self) -> str:
        """The key, as in "mirrored-deeper_cnn-tuned-s1"."""
        return self.item.key

    @property
    def title(self) -> str:
        """The name, as in "Deeper CNN (tuned), seed 1, mirrored"."""
        return f"{SingleRun(self.run).title}, mirrored"

    @property
    def members(self) -> tuple[str, ...]:
        """The key of its run."""
        return (self.run.id,)

    @property
    def version(self) -> Hashable:
        """The stamps of its record and of its run."""
        return (self.item.directory, self.item.stamp, self.run.directory, self.run.stamp)

    @property
    def test_loss(self) -> float:
        """The mean test cross-entropy in nats. Raises RunError."""
        return cross_entropy(self.labels("test"), self.probabilities("test")[0])

    def labels(self, split: Split) -> np.ndarray:
        """Return the true classes of the images, (n,)."""
        return _labels()["test" if split == "test" else "val"]

    def classes(self, split: Split) -> np.ndarray:
        """Return the predicted classes, uint8 (1, n). Raises RunError."""
        return self.probabilities(split).argmax(axis=2).astype(np.uint8)

    def probabilities(self, split: Split) -> np.ndarray:
        """Return the probabilities, float32 (1, n, 10). Raises RunError."""
        return _load(self.item.directory, self.item.stamp)["test" if split == "test" else "val"][None]

    def costs(self) -> Costs:
        """Return what the run costs, with twice its latency."""
        known = self.run.evaluation
        return Costs(known.params, known.keras_bytes, known.train_seconds, 2 * known.latency_ms)

    def trainings(self) -> Sequence[Training]:
        """Return none: they are those of the run."""
        return []


def _build(item: Item[MirroredRecord]) -> Mirrored:
    """Return a mirrored run; raises RunError where the run is missing."""
    try:
        return Mirrored(item, find_run(item.record.run))
    except RunError as error:
        raise RunError(f"{item.key} lacks its run. {error}") from error


def _list_all() -> Listing:
    return list_shelf(MIRRORED, Mirrored.kind, _build)


def _find(key: str) -> Mirrored | None:
    return _build(MIRRORED.get(key)) if key.startswith(START) else None


KIND = Kind(Mirrored.kind, _list_all, _find)


def _labels() -> dict[str, np.ndarray]:
    train, test = official_labels()
    return {"val": train[split_indices()[1]], "test": test}


@lru_cache(maxsize=64)
def _load(directory: Path, stamp: Stamp) -> dict[str, np.ndarray]:  # noqa: ARG001
    return load_mirrored(directory, _labels())
