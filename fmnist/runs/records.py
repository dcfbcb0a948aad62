"""What is recorded of a run: its status, epochs, predictions and evaluation.

The annotations are the schema: whatever is read from disk has to have these types and lie within these ranges.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta

from fmnist.dataset import official_labels

State = Literal["queued", "running", "stopped", "finished", "failed", "diverged", "pruned"]

_LATEST = 1e11  # seconds since 1970: far enough for any clock
_MOST_BYTES = 2**40

Fraction = Annotated[float, Meta(ge=0, le=1)]
Loss = Annotated[float, Meta(ge=0, le=1e6)]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Moment = Annotated[float, Meta(ge=0, le=_LATEST)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Parameters = Annotated[int, Meta(ge=1, le=10**10)]
Bytes = Annotated[int, Meta(ge=0, le=_MOST_BYTES)]
Words = Annotated[str, Meta(max_length=100_000)]


@dataclass(frozen=True)
class Status:
    """How far a training has come: times in seconds since 1970, `epoch` the finished epochs, `step` of the current one.

    `worker` is the training process and `host` its machine. `reason` explains a failure; `note` tells the reader what
    happened on the way, for instance that the run was queued again. A trial of a search ends without being `evaluated`:
    its history is all that is known of it, and it never meets the test images.
    """

    state: State
    queued: Moment
    phase: Words = ""
    worker: Count | None = None
    heartbeat: Moment | None = None
    epoch: Count = 0
    step: Count = 0
    steps: Count = 0
    started: Moment | None = None
    reason: Words = ""
    host: Words = ""
    note: Words = ""
    evaluated: bool = True


@dataclass(frozen=True)
class Epoch:
    """One row of the history: `epoch` counts from 1, losses in nats, accuracies as fractions, wall-clock seconds."""

    epoch: Annotated[int, Meta(ge=1, le=1000)]
    loss: Loss
    accuracy: Fraction
    val_loss: Loss
    val_accuracy: Fraction
    learning_rate: Fraction
    seconds: Seconds


@dataclass(frozen=True)
class Evaluation:
    """Results of the kept weights: accuracies as fractions, losses in nats, the median latency of one image in ms.

    The test results are None where a training was not evaluated on the test images.
    """

    train_accuracy: Fraction
    train_loss: Loss
    val_accuracy: Fraction
    val_loss: Loss
    test_accuracy: Fraction | None
    test_loss: Loss | None
    params: Parameters
    epochs: Count
    best_epoch: Count
    train_seconds: Seconds
    keras_bytes: Bytes
    tflite_bytes: Bytes
    latency_ms: Seconds


@dataclass(frozen=True)
class Predictions:
    """Probabilities of a plain forward pass: val_probs (5000, 10) and test_probs (10000, 10), float32.

    `val_indices` (5000,) are positions in the training file. The labels are the official ones.
    """

    val_probs: np.ndarray
    test_probs: np.ndarray
    val_indices: np.ndarray

    @property
    def val_labels(self) -> np.ndarray:
        """The labels of the validation images, uint8 (5000,)."""
        return official_labels()[0][self.val_indices]

    @property
    def test_labels(self) -> np.ndarray:
        """The labels of the test images, uint8 (10000,)."""
        return official_labels()[1]


@dataclass(frozen=True)
class Reference:
    """Reference features for k-nearest-neighbour out-of-distribution detection.

    `features` float32 (n, d), rows of length 1, are the inputs of the last layer for n training images, changed as in
    training; `indices` int32 (n,) are their positions in the training file. A picture whose distance to its neighbours
    among them exceeds `limit` is unlike the training images; `temperature` calibrates the network's confidences on
    images that were changed in the same way.

    Raises:
        ValueError: if the arrays do not belong together, or a number is out of range; the message names it.
    """

    features: np.ndarray
    indices: np.ndarray
    limit: float
    temperature: float

    def __post_init__(self) -> None:
        _require(self.features.ndim == 2 and len(self.features) > 0, "features", "an array (n, d)")
        _require(self.indices.shape == self.features.shape[:1], "indices", "as many as the features")
        _require(0 <= self.limit <= 2, "limit", "a distance from 0 to 2")
        _require(0 < self.temperature < math.inf, "temperature", "above 0")


def _require(condition: bool, name: str, rule: str) -> None:
    if not condition:
        raise ValueError(f"{name} must be {rule}")
