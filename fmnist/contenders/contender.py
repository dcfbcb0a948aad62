"""What can be compared: the one interface behind every page, the report and the shell.

Each kind of contender is one file beside this one. Keys identify a contender in URLs, files and look-ups; titles are
for people and may change at any time.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from fmnist.contenders.looks import Look
from fmnist.errors import InputError
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch

Split = Literal["validation", "test"]

FASHION_MNIST = "fashion-mnist"  # the key of the official 10,000 test images


@dataclass(frozen=True)
class Costs:
    """What a contender costs; None where that is not known.

    Parameters, the file's size in bytes, training time in seconds and the latency of one image in milliseconds. Times
    are medians over the runs, as a busy machine slows single ones down.
    """

    params: int | None = None
    file_bytes: int | None = None
    train_seconds: float | None = None
    latency_ms: float | None = None


@dataclass(frozen=True)
class Training:
    """One training behind a contender: its settings, its epochs so far, and whether it ran to its own end.

    The settings of a training outside this project are not known: None.

    A training that was stopped or failed, or is still going on, is not `finished`; one that early stopping ended is.
    """

    config: RunConfig | None
    epochs: Sequence[Epoch]
    finished: bool


class Contender(Protocol):
    """A run, a seed group, an ensemble, an imported model, or whatever else has predictions on a test set.

    Predictions come as one row a replicate: the seeds of a group, a single row for anything trained once.
    """

    @property
    def kind(self) -> str:
        """What it is, as in "run", "seed group", "ensemble" or "imported"."""

    @property
    def key(self) -> str:
        """The stable identity, as in "deeper_cnn:tuned" or "deeper_cnn-tuned-s1"."""

    @property
    def title(self) -> str:
        """The full name, as in "Deeper CNN (tuned), seed 1"."""

    @property
    def short_title(self) -> str:
        """The name without what tells single runs apart, as in "Deeper CNN (tuned)"."""

    @property
    def group(self) -> str:
        """The key of the seed group that it belongs to; its own key where it is no single run."""

    @property
    def group_title(self) -> str:
        """The title of that group, which names the settings that depart from the recipe's."""

    @property
    def architecture(self) -> str:
        """The key of the architecture; empty where it is not known."""

    @property
    def recipe(self) -> str:
        """The key of the recipe; empty where there is none."""

    @property
    def look(self) -> Look:
        """The colour, marker and dash in every figure."""

    @property
    def members(self) -> tuple[str, ...]:
        """The keys of the runs behind it."""

    @property
    def test_set(self) -> str:
        """The key of its test set; only contenders with the same one are compared."""

    @property
    def version(self) -> Hashable:
        """Changes whenever its results do: a key for caches."""

    @property
    def test_loss(self) -> float | None:
        """The mean test cross-entropy in nats; None where there are no probabilities."""

    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,); None without predictions there."""

    def classes(self, split: Split) -> np.ndarray | None:
        """Return the predicted classes, uint8 (replicates, n); None without predictions there."""

    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (replicates, n, 10); None where only classes are known, or nothing."""

    def costs(self) -> Costs:
        """Return what it costs."""

    def trainings(self) -> Sequence[Training]:
        """Return its trainings with their epochs; empty where none is recorded. Raises RunError."""


@dataclass(frozen=True)
class Snapshot:
    """A contender as it is now, whatever its title: what a cache of its results asks by."""

    key: str
    version: Hashable
    contender: Contender = field(compare=False, repr=False)

    @classmethod
    def of(cls, contender: Contender) -> "Snapshot":
        """Return the snapshot of a contender."""
        return cls(contender.key, contender.version, contender)


def correct_answers(contender: Contender) -> np.ndarray:
    """Return which test images each replicate classifies correctly, bool (replicates, n).

    Raises:
        InputError: if the contender has no predictions on its test set.
        RunError: if they cannot be read.
    """
    labels, classes = contender.labels("test"), contender.classes("test")
    if labels is None or classes is None:
        raise InputError(f"{contender.title} has no test predictions.")
    return np.asarray(classes == labels)
