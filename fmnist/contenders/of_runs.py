"""What the kinds of contender that stand on runs of this project have in common."""

from abc import abstractmethod
from collections.abc import Hashable, Sequence
from statistics import fmean, median

import numpy as np

from fmnist.contenders.arrays import answers_of, history_of, predictions_of
from fmnist.contenders.base import Named
from fmnist.contenders.contender import Costs, Split, Training
from fmnist.contenders.looks import Look, look_of
from fmnist.runs.records import Evaluation
from fmnist.runs.run import CompleteRun, ReadableRun


class OfRuns(Named):
    """A contender by its runs, one a replicate; they share architecture, recipe and settings."""

    def __init__(self, runs: Sequence[ReadableRun]) -> None:
        self.runs = tuple(runs)

    @property
    @abstractmethod
    def short_title(self) -> str:
        """The name without what tells single runs apart."""

    @property
    @abstractmethod
    def group(self) -> str:
        """The key of the seed group."""

    @property
    @abstractmethod
    def group_title(self) -> str:
        """The title of the seed group."""

    @property
    def architecture(self) -> str:
        """The key of the architecture."""
        return self.runs[0].config.model

    @property
    def recipe(self) -> str:
        """The key of the recipe."""
        return self.runs[0].config.recipe

    @property
    def look(self) -> Look:
        """The colour, marker and dash in every figure."""
        return look_of(self.architecture, self.recipe)

    @property
    def members(self) -> tuple[str, ...]:
        """The keys of its runs."""
        return tuple(run.id for run in self.runs)

    @property
    def version(self) -> Hashable:
        """The stamps of its runs."""
        return tuple((run.directory, run.stamp) for run in self.runs)

    @property
    def evaluations(self) -> list[Evaluation]:
        """The evaluations of its complete runs."""
        return [run.evaluation for run in self.runs if isinstance(run, CompleteRun)]

    @property
    def test_loss(self) -> float | None:
        """The mean test cross-entropy in nats; None where a run was not tested."""
        losses = [evaluation.test_loss for evaluation in self.evaluations]
        known = [loss for loss in losses if loss is not None]
        return fmean(known) if len(known) == len(self.runs) else None

    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,); None without predictions. Raises RunError."""
        if not self._complete:
            return None
        return answers_of(self.runs[0])[1] if split == "test" else predictions_of(self.runs[0]).val_labels

    def classes(self, split: Split) -> np.ndarray | None:
        """Return the predicted classes, uint8 (runs, n); None without predictions. Raises RunError."""
        if not self._complete:
            return None
        if split == "test":
            return np.stack([answers_of(run)[0] for run in self.runs])
        return np.stack([predictions_of(run).val_probs.argmax(axis=1).astype(np.uint8) for run in self.runs])

    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (runs, n, 10); None without predictions. Raises RunError."""
        if not self._complete:
            return None
        stored = [predictions_of(run) for run in self.runs]
        return np.stack([one.test_probs if split == "test" else one.val_probs for one in stored])

    def costs(self) -> Costs:
        """Return what its runs cost; nothing is known of runs without an evaluation."""
        known = self.evaluations
        if not known:
            return Costs()
        return Costs(
            params=known[0].params,
            file_bytes=known[0].keras_bytes,
            train_seconds=median(one.train_seconds for one in known),
            latency_ms=median(one.latency_ms for one in known),
        )

    def trainings(self) -> list[Training]:
        """Return the training of each run. Raises RunError."""
        return [Training(run.config, history_of(run), run.state == "finished") for run in self.runs]

    @property
    def _complete(self) -> bool:
        return all(isinstance(run, CompleteRun) for run in self.runs)
