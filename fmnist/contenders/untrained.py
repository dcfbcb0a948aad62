"""The network of a run before its training, which answers like a run: to see what training made of it."""

from dataclasses import dataclass, fields
from pathlib import Path

from fmnist.contenders.single_run import SingleRun
from fmnist.runs.run import CompleteRun


@dataclass(frozen=True)
class _BeforeTraining(CompleteRun):
    """A run whose served file is that of the untrained network."""

    @property
    def served(self) -> Path | None:
        """The LiteRT file of the network before its training."""
        return self.untrained


class UntrainedRun(SingleRun):
    """A run before its training; it has no results of its own, and no page but Inside shows it."""

    def __init__(self, run: CompleteRun) -> None:
        super().__init__(_BeforeTraining(**{one.name: getattr(run, one.name) for one in fields(run)}))

    @property
    def key(self) -> str:
        """The run's key with a mark that no key of a run has."""
        return f"{self.run.id}~untrained"

    @property
    def title(self) -> str:
        """The full name, as in "ANN (tuned), seed 1, before training"."""
        return f"{super().title}, before training"
