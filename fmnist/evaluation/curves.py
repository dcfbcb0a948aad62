"""What a training looked like: where it was best, whether it overfitted, and the mean of several seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fmnist.runs.records import Epoch

_SMOOTHED = ("loss", "accuracy", "val_loss", "val_accuracy")
_NAMED = 3  # more names than these would make a sentence a list
_MEASURES = (*_SMOOTHED, "learning_rate")
_OVERFITTED = 0.01  # of the lowest validation loss: a smaller rise is that of one epoch over another


@dataclass(frozen=True)
class Curve:
    """One training by epoch, arrays (epochs,): losses in nats, accuracies as fractions, `seconds` since the start.

    The training values are means over the epoch, taken while the weights change and with dropout at work; the
    validation values belong to the epoch's last weights.
    """

    epoch: np.ndarray
    seconds: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray
    val_loss: np.ndarray
    val_accuracy: np.ndarray
    learning_rate: np.ndarray

    @property
    def best(self) -> int:
        """The position of the lowest validation loss."""
        return int(self.val_loss.argmin())


@dataclass(frozen=True)
class CurveBand:
    """The mean of several seeds and, at each epoch, their lowest and highest values."""

    mean: Curve
    low: Curve
    high: Curve
    seeds: int


@dataclass(frozen=True)
class CurveSummary:
    """What one curve says; losses in nats.

    `val_rise` and `loss_fall` are how much the validation loss rose and the training loss fell from the best epoch to
    the last one.
    """

    epochs: int
    seconds: float
    best_epoch: int
    best_loss: float
    best_val_loss: float
    best_val_accuracy: float
    val_rise: float
    loss_fall: float

    @property
    def overfits(self) -> bool:
        """Whether after its best epoch the training loss fell on while the validation loss ended over 1 % higher."""
        return self.val_rise > _OVERFITTED * self.best_val_loss and self.loss_fall > 0


def build_curve(history: Sequence[Epoch]) -> Curve:
    """Return a training's history, at least one epoch, as arrays. Raises ValueError where there is none."""
    if not history:
        raise ValueError("a curve needs at least one epoch")

    def column(name: str) -> np.ndarray:
        return np.array([getattr(row, name) for row in history])

    return Curve(column("epoch"), column("seconds").cumsum(), **{name: column(name) for name in _MEASURES})


def average_curves(curves: Sequence[Curve]) -> CurveBand:
    """Return the mean, lowest and highest values over seeds, for the epochs that every one of them reached.

    Later epochs are left out: there the mean would change because a seed ended, not because the network learned.
    """
    shared = min(len(curve.epoch) for curve in curves)
    stacked = {
        name: np.stack([getattr(curve, name)[:shared] for curve in curves]) for name in ("epoch", "seconds", *_MEASURES)
    }
    mean, low, high = (
        Curve(**{name: reduce(values, axis=0) for name, values in stacked.items()})
        for reduce in (np.mean, np.min, np.max)
    )
    return CurveBand(mean, low, high, len(curves))


def smooth_curve(curve: Curve, weight: float) -> Curve:
    """Return the curve with losses and accuracies as exponential moving averages, in which the past has that weight.

    The average is corrected for its start, as TensorBoard's and Adam's (Kingma and Ba 2015, section 3) are.
    """
    import pandas as pd  # a quarter of a second, which those who do not smooth need not wait for

    columns = pd.DataFrame({name: getattr(curve, name) for name in _SMOOTHED})
    return replace(curve, **{name: values.to_numpy() for name, values in columns.ewm(alpha=1 - weight).mean().items()})


def summarise_curve(curve: Curve) -> CurveSummary:
    """Return where a curve was best and what came after."""
    best = curve.best
    return CurveSummary(
        epochs=int(curve.epoch[-1]),
        seconds=float(curve.seconds[-1]),
        best_epoch=int(curve.epoch[best]),
        best_loss=float(curve.loss[best]),
        best_val_loss=float(curve.val_loss[best]),
        best_val_accuracy=float(curve.val_accuracy[best]),
        val_rise=float(curve.val_loss[-1] - curve.val_loss[best]),
        loss_fall=float(curve.loss[best] - curve.loss[-1]),
    )


def describe_curves(names: Sequence[str], summaries: Sequence[CurveSummary]) -> str:
    """Say which of the named curves reached the lowest validation loss and which one overfitted most."""
    lowest = min(range(len(names)), key=lambda i: summaries[i].best_val_loss)
    best = summaries[lowest]
    what = "its lowest" if len(names) == 1 else "the lowest"
    lead = f"{names[lowest]} reaches {what} validation loss, {best.best_val_loss:.3f}, at epoch {best.best_epoch}"
    overfitting = [i for i, summary in enumerate(summaries) if summary.overfits]
    if not overfitting:
        return f"{lead}; {'it does not overfit' if len(names) == 1 else 'none overfits'}."
    worst = max(overfitting, key=lambda i: summaries[i].val_rise)
    after = summaries[worst]
    elsewhere = f"{names[worst]} overfits most, from epoch {after.best_epoch}"
    return (
        f"{lead}; {'it overfits from there' if worst == lowest else elsewhere}: "
        f"its validation loss rises by {after.val_rise:.3f} while its training loss falls by {after.loss_fall:.3f}."
    )


def describe_altered(altered: Mapping[str, Sequence[str]]) -> str:
    """Say which trainings were on something else than their validation, and what follows; `altered` says what, by name.

    With nothing altered there is nothing to say.
    """
    if not altered:
        return ""
    alike: dict[str, list[str]] = {}
    for name, parts in altered.items():
        alike.setdefault(" and ".join(parts), []).append(name)
    trained = "; ".join(f"{_enumerate(names)} on {what}" for what, names in alike.items())
    return (
        f"Trained on something else than they are validated on: {trained}. Their training losses and accuracies cannot "
        "be compared with those in validation, nor with another recipe's, and their gap says nothing about "
        "overfitting; a validation loss that rises does."
    )


def _enumerate(names: Sequence[str]) -> str:
    listed = ", ".join(names[:_NAMED])
    return f"{listed} and {len(names) - _NAMED} more" if len(names) > _NAMED else listed
