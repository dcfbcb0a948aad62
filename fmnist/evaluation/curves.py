"""Training curves by epoch: the best epoch, overfitting, moving averages and the mean of several seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

_SMOOTHED = ("loss", "accuracy", "val_loss", "val_accuracy")
_OVERFITTED = 0.01  # of the lowest validation loss: a smaller rise may be the noise from one epoch to the next


@dataclass(frozen=True)
class Curve:
    """One training by epoch, arrays (epochs,): losses in nats, accuracies as fractions, `seconds` since the start.

    The training values are means over the epoch, taken while the weights change and with dropout active; the
    validation values belong to the epoch's last weights.

    Raises:
        ValueError: if there is no epoch, or the arrays differ in length.
    """

    epoch: np.ndarray
    seconds: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray
    val_loss: np.ndarray
    val_accuracy: np.ndarray
    learning_rate: np.ndarray

    def __post_init__(self) -> None:
        if self.epoch.ndim != 1 or not len(self.epoch):
            raise ValueError("a curve needs at least one epoch")
        if {getattr(self, field.name).shape for field in fields(self)} != {self.epoch.shape}:
            raise ValueError("the arrays of a curve must have one value per epoch each")

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
    """The key numbers of one curve; losses in nats.

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
        """Whether the training loss kept falling after the best epoch and the validation loss ended over 1% higher."""
        return self.val_rise > _OVERFITTED * self.best_val_loss and self.loss_fall > 0


def average_curves(curves: Sequence[Curve]) -> CurveBand:
    """Return the mean, lowest and highest values over seeds, for the epochs that all of them reached.

    Later epochs are left out: there the mean would change because a seed ended, not because the network learned.
    """
    shared = min(len(curve.epoch) for curve in curves)
    stacked = {
        field.name: np.stack([getattr(curve, field.name)[:shared] for curve in curves]) for field in fields(Curve)
    }
    mean, low, high = (
        Curve(**{name: reduce(values, axis=0) for name, values in stacked.items()})
        for reduce in (np.mean, np.min, np.max)
    )
    return CurveBand(mean, low, high, len(curves))


def smooth_curve(curve: Curve, weight: float) -> Curve:
    """Smooth losses and accuracies by an exponential moving average in which the past has the given weight.

    The average is corrected for its start, as in TensorBoard and Adam (Kingma and Ba 2015, section 3).
    """
    import pandas as pd  # takes a quarter of a second, which is only needed for smoothing

    columns = pd.DataFrame({name: getattr(curve, name) for name in _SMOOTHED})
    return replace(curve, **{name: values.to_numpy() for name, values in columns.ewm(alpha=1 - weight).mean().items()})


def summarise_curve(curve: Curve) -> CurveSummary:
    """Return where a curve was best and what happened afterwards."""
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
