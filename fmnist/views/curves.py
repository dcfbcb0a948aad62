"""Training curves: which contender reached the lowest validation loss, and where does overfitting begin?"""

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
from fmnist.wording import shorten

Axis = Literal["epoch", "seconds"]

_COLUMNS = (
    Column("key", machine=True),
    Column("Training"),
    Column("Best epoch", "%d", "That of the lowest validation loss"),
    Column("Epochs", "%d", "How many were trained; of a mean, how many every seed reached"),
    Column("Validation loss", "%.4f", "At the best epoch, in nats"),
    Column("Validation accuracy (%)", "%.2f", "At the best epoch"),
    Column(
        "Gap",
        "%+.4f",
        "Validation loss less training loss at the best epoch, in nats; of trainings on altered images or labels it "
        "says nothing about overfitting",
    ),
    Column("Rise after", "%+.4f", "How much the validation loss rose until the last epoch"),
    Column("Time (s)", "localized"),
)


@dataclass(frozen=True)
class Options:
    """How curves are drawn: over epochs or seconds, losses on a logarithmic axis or not, and how much smoothed.

    `smoothing` is the weight of the past in an exponential moving average.
    """

    axis: Axis = "epoch"
    log: bool = False
    smoothing: float = 0.0


@dataclass(frozen=True, eq=False)
class Line:
    """The curve of one contender: of a single training, or the mean of several with their band.

    `group` and `group_title` are shared by the lines of one seed group. `early_stop` says that the line ends where
    early stopping ended it. `altered` names what of the training data differs from the validation data.
    """

    key: str
    name: str
    group: str
    group_title: str
    look: Look
    curve: Curve
    band: CurveBand | None = None
    early_stop: bool = False
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


def finding(curves: Curves) -> str:
    """Say which curve reached the lowest validation loss and which one overfitted most."""
    lines = curves.lines
    best, alone = min(lines, key=lambda line: line.summary.best_val_loss), len(lines) == 1
    lowest = f"{best.summary.best_val_loss:.3f}, at epoch {best.summary.best_epoch}"
    lead = f"{best.name} reaches {'its' if alone else 'the'} lowest validation loss, {lowest}"
    overfitted = [line for line in lines if line.summary.overfits]
    if not overfitted:
        return f"{lead}; {'it does not overfit' if alone else 'none overfits'}."
    worst = max(overfitted, key=lambda line: line.summary.val_rise)
    after = worst.summary
    elsewhere = f"{worst.name} overfits most, from epoch {after.best_epoch}"
    return (
        f"{lead}; {'it overfits from there' if worst is best else elsewhere}: "
        f"its validation loss rises by {after.val_rise:.3f} while its training loss falls by {after.loss_fall:.3f}."
    )


def explain_lines(curves: Curves, options: Options) -> str:
    """Say what the lines and marks of the figures are."""
    words = (
        "Colours are networks, dashes their recipes. Thin: on training images, averaged while the weights change. "
        "Thick: on validation images. Marker: the lowest validation loss. Bar: early stopping ended the training. "
        "First epochs that are far off lie outside a figure; double-click it to see them."
    )
    if curves.averaged:
        words += " Shaded: from the lowest to the highest seed."
    if options.smoothing:
        words += (
            f" Smoothed by an exponential moving average in which the past weighs {options.smoothing}; faint: as "
            "measured, as are markers, labels and table."
        )
    return words


def explain_altered(curves: Curves) -> str:
    """Say which trainings were on something else than their validation, and what follows; "" where none was."""
    groups = {line.group: line for line in curves.lines if line.altered}
    if not groups:
        return ""
    alike: dict[str, list[str]] = {}
    for line in groups.values():
        alike.setdefault(" and ".join(line.altered), []).append(line.group_title)
    trained = "; ".join(f"{shorten(names)} on {what}" for what, names in alike.items())
    return (
        f"Trained on something else than they are validated on: {trained}. Their training losses and accuracies cannot "
        "be compared with those in validation, nor with another recipe's, and their gap says nothing about "
        "overfitting; a validation loss that rises does."
    )


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


def _list_altered(config: RunConfig | None) -> tuple[str, ...]:
    if config is None:
        return ()
    images = config.mirror or config.shift or config.erase
    return ("smoothed labels",) * bool(config.label_smoothing) + ("augmented images",) * bool(images)


def _list_values(line: Line) -> list[object]:
    one = line.summary
    measured = [one.best_val_loss, 100 * one.best_val_accuracy, one.best_val_loss - one.best_loss, one.val_rise]
    return [line.key, line.name, one.best_epoch, one.epochs, *measured, round(one.seconds)]
