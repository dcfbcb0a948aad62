"""What is recorded of a run: its configuration, where it stands, its epochs, its predictions and its evaluation."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist.dataset import N_CLASSES, N_TRAIN

State = Literal["queued", "running", "stopped", "finished", "failed"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class RunConfig:
    """Everything that a training depends on, validated.

    `train_limit` is how many of the 55,000 training images are used; `patience` how many epochs without a better
    validation loss end the training (None: never); `keep` which weights are kept.

    Raises:
        ValueError: if a value is out of its range; the message names it.
    """

    model: str
    recipe: str
    seed: int
    epochs: int
    batch_size: int
    learning_rate: float
    patience: int | None = None
    keep: Literal["best", "last"] = "best"
    train_limit: int = N_TRAIN

    def __post_init__(self) -> None:
        _require(bool(_NAME.fullmatch(self.model)), "model", "a lower-case name")
        _require(bool(_NAME.fullmatch(self.recipe)), "recipe", "a lower-case name")
        _require(0 <= self.seed < 2**31, "seed", "from 0 to 2,147,483,647")
        _require(1 <= self.epochs <= 1000, "epochs", "from 1 to 1,000")
        _require(1 <= self.batch_size <= 4096, "batch_size", "from 1 to 4,096")
        _require(0 < self.learning_rate <= 1, "learning_rate", "above 0 and at most 1")
        _require(self.patience is None or 1 <= self.patience <= 1000, "patience", "from 1 to 1,000, or none")
        _require(self.keep in ("best", "last"), "keep", "'best' or 'last'")
        _require(N_CLASSES <= self.train_limit <= N_TRAIN, "train_limit", f"from {N_CLASSES} to {N_TRAIN:,}")


@dataclass(frozen=True)
class Status:
    """Where a training stands: times in seconds since 1970, `epoch` the epochs finished, `step` of the running one."""

    state: State
    queued: float
    phase: str = ""
    worker: int | None = None
    heartbeat: float | None = None
    epoch: int = 0
    step: int = 0
    steps: int = 0
    started: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Epoch:
    """One row of the history: `epoch` counts from 1, losses in nats, accuracies as fractions, seconds by the clock."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class Evaluation:
    """What the kept weights reach: accuracies as fractions, losses in nats; median latency of one image in ms."""

    train_accuracy: float
    train_loss: float
    val_accuracy: float
    val_loss: float
    test_accuracy: float
    test_loss: float
    params: int
    epochs: int
    best_epoch: int
    train_seconds: float
    keras_bytes: int
    tflite_bytes: int
    latency_ms: float


@dataclass(frozen=True)
class Predictions:
    """Probabilities of a plain forward pass: val_probs (5000, 10) and test_probs (10000, 10), with their labels uint8.

    `val_indices` (5000,) are positions in the training file.
    """

    val_probs: np.ndarray
    test_probs: np.ndarray
    val_labels: np.ndarray
    test_labels: np.ndarray
    val_indices: np.ndarray


def _require(condition: bool, name: str, rule: str) -> None:
    if not condition:
        raise ValueError(f"{name} must be {rule}")
