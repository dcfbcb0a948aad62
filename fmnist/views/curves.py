"""Training curves: how did each contender learn, and where does overfitting begin?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from fmnist.contenders.contender import Contender, Training
from fmnist.contenders.looks import Look
from fmnist.evaluation.curves import Curve, CurveBand, CurveSummary, average_curves, summarise_curve
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError
from fmnist.views.parts import Column, Table

Axis = Literal["epoch", "seconds"]
Measure = Literal["accuracy", "loss"]

_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Best epoch", "%d", "The epoch with the lowest validation loss"),
    Column("Epochs", "%d", "Epochs trained. For a mean: epochs that every seed reached"),
    Column("Validation loss", "%.4f", "At the best epoch, in nats"),
    Column("Validation accuracy (%)", "%.2f", "At the best epoch"),
    Column(
        "Gap",
        "%+.4f",
        "Validation loss − training loss at the best epoch, in nats. Augmented images and smoothed labels distort it",
    ),
    Column("Later rise", "%+.4f", "Rise of the validation loss from the best epoch to the last"),
    Column("Time (s)", "localized"),
)


@dataclass(frozen=True)
class Options:
    """How curves are drawn: over epochs or seconds, losses on a logarithmic axis or not, and how much smoothed.

    `smoothing` is the weight of the past in an exponential moving average. `training` adds training curves.
    """

    axis: Axis = "epoch"
    log: bool = False
    smoothing: float = 0.0
    training: bool = True


@dataclass(frozen=True, eq=False)
class Line:
    """The curve of one contender: of a single training, or the mean of several with their band.

    `group` and `group_title` are shared by the lines of one seed group. `early_stop` says that the line ends where
    early stopping ended it; `kept` is the position of the epoch whose weights were kept, None where seeds differ.
    `altered` names what of the training data differs from the validation data.
    """

    key: str
    name: str
    group: str
    group_title: str
    look: Look
    curve: Curve
    band: CurveBand | None = None
    early_stop: bool = False
    kept: int | None = None
    altered: tuple[str, ...] = ()

    @cached_property
    def summary(self) -> CurveSummary:
        """Where it was best and what happened afterwards."""
        return summarise_curve(self.curve)


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of several contenders, in their order."""

    lines: Sequence[Line]

    @property
    def averaged(self) -> bool:
        """Whether any line is the mean of several seeds."""
        return any(line.band for line in self.lines)

    @property
    def labels(self) -> list[str]:
        """The shortest names that tell the lines apart: that of the model, unless several lines belong to it."""
        counts = Counter(line.group for line in self.lines)
        return [line.group_title if counts[line.group] == 1 else line.name for line in self.lines]


def compute(contenders: Sequence[Contender]) -> Curves:
    """Return the curves of contenders, each of which `has_curve`.

    Raises:
        ValueError: if a training has no epoch.
        RunError: if a history cannot be read.
    """
    return Curves([_trace(contender) for contender in contenders])


def has_curve(contender: Contender) -> bool:
    """Return whether every training of a contender has a readable history of at least one epoch."""
    try:
        trainings = contender.trainings()
    except RunError:
        return False
    return bool(trainings) and all(training.epochs for training in trainings)


def table(curves: Curves) -> Table:
    """Return where each curve was best and what happened afterwards."""
    return Table(_COLUMNS, [_list_values(line) for line in curves.lines])


def build_curve(epochs: Sequence[Epoch]) -> Curve:
    """Return a training's history as arrays. Raises ValueError where there is no epoch."""

    def column(name: str) -> np.ndarray:
        return np.array([getattr(epoch, name) for epoch in epochs])

    measures = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    return Curve(column("epoch"), column("seconds").cumsum(), **{name: column(name) for name in measures})


def _trace(contender: Contender) -> Line:
    trainings = contender.trainings()
    curves = [build_curve(training.epochs) for training in trainings]
    band = average_curves(curves) if len(curves) > 1 else None
    curve = band.mean if band else curves[0]
    last = curve.epoch[-1]
    return Line(
        key=contender.key,
        name=_name(contender, len(curves)),
        group=contender.group,
        group_title=contender.group_title,
        look=contender.look,
        curve=curve,
        band=band,
        early_stop=any(_stopped_early(each) for each in trainings if each.epochs[-1].epoch == last),
        kept=_find_kept(trainings, curve),
        altered=_list_altered(trainings[0].config),
    )


def _name(contender: Contender, seeds: int) -> str:
    """Return a line's name: that of a seed group says of how many seeds it is the mean."""
    if contender.kind != "seed group":
        return contender.title
    of_seeds = "1 seed" if seeds == 1 else f"mean of {seeds} seeds"
    return f"{contender.title}, {of_seeds}"


def _stopped_early(training: Training) -> bool:
    config = training.config
    if config is None or config.patience is None:
        return False
    return training.finished and training.epochs[-1].epoch < config.epochs


def _find_kept(trainings: Sequence[Training], curve: Curve) -> int | None:
    """Return the position of the kept epoch in a curve, None where it has none."""
    config = trainings[0].config
    if config is None or not all(training.finished for training in trainings):
        return None
    if config.keep == "best":
        return curve.best if len(trainings) == 1 else None
    shared = {len(training.epochs) for training in trainings} == {len(curve.epoch)}
    return len(curve.epoch) - 1 if shared else None


def _list_altered(config: RunConfig | None) -> tuple[str, ...]:
    if config is None:
        return ()
    images = config.mirror or config.shift or config.erase
    labels = "teachers' answers" if config.teachers else "smoothed labels"
    return (labels,) * bool(config.label_smoothing or config.teachers) + ("augmented images",) * bool(images)


def _list_values(line: Line) -> list[object]:
    one = line.summary
    measured = [one.best_val_loss, 100 * one.best_val_accuracy, one.best_val_loss - one.best_loss, one.val_rise]
    return [line.key, line.name, one.best_epoch, one.epochs, *measured, round(one.seconds)]
