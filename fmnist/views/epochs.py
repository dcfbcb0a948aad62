"""Epoch by epoch: what did a run learn and forget, which classes did it confuse, and was its confidence right?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.looks import Look
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, official_labels, split_indices
from fmnist.evaluation.calibration import Reliability, measure_reliability
from fmnist.evaluation.epochs import Changes, compare_epochs
from fmnist.evaluation.metrics import count_confusions
from fmnist.runs.epochs import count_epochs, load_epochs
from fmnist.runs.run import RunError
from fmnist.views.confusion import Matrix
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.wording import percent, plural, points

CHANGES = {"learned": "Learned", "forgotten": "Forgotten", "never": "Never learned"}
"""What may have happened to an image by an epoch."""
DETAILS = (
    "All numbers are of the 5,000 validation images. Learned and forgotten compare with the epoch before; "
    "never learned means wrong in this epoch and all before. "
    "The expected calibration error has 15 bins of equal width."
)

_COLUMNS = (
    Column("Epoch"),
    Column("Accuracy (%)", "%.2f"),
    Column("Learned", "localized"),
    Column("Forgotten", "localized"),
    Column("Never learned", "localized"),
    Column("Mean confidence (%)", "%.2f"),
    Column("Calibration error (points)", "%.2f"),
)


@dataclass(frozen=True, eq=False)
class Epochs:
    """What a run said of n validation images after each of e epochs.

    `labels` are the true classes, uint8 (n,), `classes` the predicted ones, uint8 (e, n), and `confidence` their
    probabilities, float16 (e, n).
    """

    key: str
    name: str
    look: Look
    labels: np.ndarray
    classes: np.ndarray
    confidence: np.ndarray
    reliability: Sequence[Reliability]
    changes: Changes

    @property
    def accuracy(self) -> np.ndarray:
        """The accuracy after each epoch, (e,)."""
        return np.asarray((self.classes == self.labels).mean(axis=1))

    @property
    def calibration_error(self) -> np.ndarray:
        """The expected calibration error after each epoch, (e,)."""
        return np.array([one.expected_error for one in self.reliability])

    def counts(self, change: str) -> np.ndarray:
        """Return how many images one of CHANGES happened to by each epoch, int (e,)."""
        return np.asarray(getattr(self.changes, change).sum(axis=1))

    def matrix(self, epoch: int) -> Matrix:
        """Return the confusion matrix after an epoch, counted from 1."""
        counts = count_confusions(self.labels, self.classes[epoch - 1])
        return Matrix(self.key, f"After epoch {epoch}", counts)

    def images(self, epoch: int, change: str) -> np.ndarray:
        """Return the images that one of CHANGES happened to by an epoch, the most confident answers first."""
        chosen = np.flatnonzero(getattr(self.changes, change)[epoch - 1])
        return chosen[np.argsort(-self.confidence[epoch - 1, chosen].astype(float), kind="stable")]


def has_epochs(run: SingleRun) -> bool:
    """Return whether a run kept its epochs; damaged ones count, as that is told when they are read."""
    try:
        return count_epochs(run.run) > 0
    except RunError:
        return False


def compute(run: SingleRun) -> Epochs:
    """Read what a run answered after each epoch; raises RunError."""
    probs = load_epochs(run.run)
    labels = official_labels()[0][split_indices()[1]]
    classes = probs.argmax(axis=2).astype(np.uint8)
    return Epochs(
        key=run.key,
        name=run.title,
        look=run.look,
        labels=labels,
        classes=classes,
        confidence=probs.max(axis=2),
        reliability=[measure_reliability(labels, one.astype(np.float32)) for one in probs],
        changes=compare_epochs(classes == labels),
    )


def finding(epochs: Epochs, epoch: int) -> Finding:
    """Say what changed in an epoch, counted from 1."""
    place = epoch - 1
    learned, forgotten = (int(epochs.counts(change)[place]) for change in ("learned", "forgotten"))
    never = int(epochs.counts("never")[-1])
    headline = f"Epoch {epoch} learned {plural(learned, 'image')} and forgot {forgotten:,}."
    if epoch == 1:
        headline = f"After epoch 1, {percent(float(epochs.accuracy[0]), 1)} of the validation images are right."
    cards = (
        Card("Accuracy", percent(float(epochs.accuracy[place]), 1), f"epoch {epoch}"),
        Card("Calibration error", f"{points(float(epochs.calibration_error[place]), 1)} points", f"epoch {epoch}"),
        Card("Never learned", f"{never:,}", f"of {len(epochs.labels):,} by epoch {len(epochs.classes)}"),
    )
    return Finding(headline, DETAILS, cards=cards)


def table(epochs: Epochs) -> Table:
    """Return the numbers of each epoch."""
    confidence = epochs.confidence.astype(np.float64).mean(axis=1)
    shares = zip(epochs.accuracy, confidence, epochs.calibration_error, strict=True)
    counts = [epochs.counts(change) for change in CHANGES]
    rows = [
        [place + 1, 100 * accuracy, *(int(count[place]) for count in counts), 100 * sure, 100 * error]
        for place, (accuracy, sure, error) in enumerate(shares)
    ]
    return Table(_COLUMNS, rows)


@dataclass(frozen=True, eq=False)
class ImageEpochs:
    """What a run said of one validation image after each epoch: probabilities float16 (e, 10), and its true class."""

    label: int
    probs: np.ndarray

    @property
    def told(self) -> str:
        """When it was right, and how often it was forgotten, in a sentence."""
        right = self.probs.argmax(axis=1) == self.label
        if not right.any():
            return f"{CLASS_NAMES[self.label]} was never predicted."
        forgotten = int((right[:-1] & ~right[1:]).sum())
        often = {0: "never forgotten", 1: "forgotten once"}.get(forgotten, f"forgotten {forgotten:,} times")
        return f"First right after epoch {int(right.argmax()) + 1}, then {often}."


def follow_image(run: SingleRun, image: int) -> ImageEpochs:
    """Read what a run said of a validation image, given by its place among them; raises RunError."""
    label = official_labels()[0][split_indices()[1][image]]
    return ImageEpochs(int(label), load_epochs(run.run)[:, image])
