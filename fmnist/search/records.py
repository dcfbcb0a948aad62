"""What is recorded of a study beside Optuna's trials: what it searches, how, for how long, and what was confirmed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from fmnist.naming import LONGEST_NAME, clean_name
from fmnist.runs.records import Fraction, Loss, Moment, Words
from fmnist.search.space import Space

SCHEMA = 1
MOST_TRIALS, MOST_MINUTES = 2_000, 100_000

Sampler = Literal["grid", "random", "tpe"]
Pruner = Literal["none", "median", "hyperband"]
Measure = Literal["loss", "accuracy"]

_Seed = Annotated[int, Meta(ge=0, lt=2**31 - 100)]
_Place = Annotated[int, Meta(ge=0, lt=MOST_TRIALS)]


@dataclass(frozen=True)
class StudyRecord:
    """A study: `measure` is what is chosen by on the validation images, and `seed` that of every trial's training.

    A search ends after `most_trials`, or once all trials together have trained for `most_minutes`. Without a space,
    as in studies from elsewhere, it can be looked at and not gone on with.

    Raises:
        ValueError: if the name holds signs that none may have, or a grid has something without choices.
    """

    schema: int
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    created: Moment
    space: Space | None
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    measure: Measure = "loss"
    seed: _Seed = 0
    most_trials: Annotated[int, Meta(ge=1, le=MOST_TRIALS)] = 30
    most_minutes: Annotated[float, Meta(gt=0, le=MOST_MINUTES)] | None = None

    def __post_init__(self) -> None:
        if clean_name(self.name) != self.name:
            raise ValueError("holds a name with signs that no name may have")
        if self.sampler == "grid" and self.space is not None and self.space.combinations is None:
            raise ValueError("searches a grid in which something has a range instead of values")

    @property
    def minimize(self) -> bool:
        """Whether less of the measure is better."""
        return self.measure == "loss"

    @property
    def planned(self) -> int:
        """How many trials there will be at most: a grid ends with its last combination."""
        combinations = self.space.combinations if self.space and self.sampler == "grid" else None
        return min(self.most_trials, combinations or self.most_trials)


@dataclass(frozen=True)
class ConfirmedRun:
    """One retraining of a trial with a fresh seed; the results are None until it has ended.

    Accuracies are fractions, losses nats; the test images were met by this run alone, never by a trial.
    """

    trial: _Place
    seed: _Seed
    run: Annotated[str, Meta(max_length=200)]
    val_accuracy: Fraction | None = None
    val_loss: Loss | None = None
    test_accuracy: Fraction | None = None
    problem: Words = ""


@dataclass(frozen=True)
class Confirmation:
    """The retrainings of a study's best trials."""

    schema: int
    runs: Annotated[tuple[ConfirmedRun, ...], Meta(max_length=100)]
