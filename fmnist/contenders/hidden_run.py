"""A run that was asked about hidden test images: the shipped models beside a class."""

from collections.abc import Hashable, Sequence

import numpy as np

from fmnist.contenders.alone import Alone
from fmnist.contenders.contender import Costs, Split, Training
from fmnist.contenders.kind import Kind, Listing
from fmnist.contenders.looks import Look
from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.hidden import HiddenSet, answers_stamp, hidden_set, load_answers
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun


class HiddenRun(Alone):
    """A run with its weights, by its answers on hidden images; its validation and costs are the run's."""

    kind = SingleRun.kind

    def __init__(self, run: CompleteRun, hidden: HiddenSet, stamp: int) -> None:
        self._single, self._hidden, self._stamp = SingleRun(run), hidden, stamp

    @property
    def key(self) -> str:
        """The run's key, as in "deeper_cnn-tuned-s1"."""
        return self._single.key

    @property
    def title(self) -> str:
        """The run's name, as in "Deeper CNN (tuned), seed 1"."""
        return self._single.title

    @property
    def architecture(self) -> str:
        """The key of the architecture."""
        return self._single.architecture

    @property
    def recipe(self) -> str:
        """The key of the recipe."""
        return self._single.recipe

    @property
    def look(self) -> Look:
        """The look of the run."""
        return self._single.look

    @property
    def members(self) -> tuple[str, ...]:
        """The run's key."""
        return self._single.members

    @property
    def test_set(self) -> str:
        """The key of the hidden images."""
        return self._hidden.key

    @property
    def version(self) -> Hashable:
        """The hidden images, when they were asked about, and the stamp of the run."""
        return (self._hidden.key, self._stamp, self._single.version)

    @property
    def test_loss(self) -> float:
        """The mean cross-entropy on the hidden images, in nats. Raises RunError."""
        return cross_entropy(self._hidden.labels, self._answers())

    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,). Raises RunError."""
        return self._hidden.labels if split == "test" else self._single.labels(split)

    def classes(self, split: Split) -> np.ndarray | None:
        """Return the predicted classes, uint8 (1, n). Raises RunError."""
        if split == "validation":
            return self._single.classes(split)
        return self._answers().argmax(axis=1).astype(np.uint8)[None]

    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (1, n, 10). Raises RunError."""
        return self._answers()[None] if split == "test" else self._single.probabilities(split)

    def costs(self) -> Costs:
        """Return what the run costs."""
        return self._single.costs()

    def trainings(self) -> Sequence[Training]:
        """Return the training of the run. Raises RunError."""
        return self._single.trainings()

    def _answers(self) -> np.ndarray:
        return load_answers(self._hidden, self.key)


def _list_all() -> Listing:
    hidden = hidden_set()
    runs = [run for run in list_runs() if isinstance(run, CompleteRun)] if hidden else []
    return Listing([one for run in runs if (one := _build(run))])


def _find(key: str) -> HiddenRun | None:
    run = next((run for run in list_runs() if run.id == key and isinstance(run, CompleteRun)), None)
    return None if run is None else _build(run)


def _build(run: CompleteRun) -> HiddenRun | None:
    """Return a run as the hidden images see it, None where it was not asked about them."""
    hidden = hidden_set()
    stamp = hidden and answers_stamp(hidden, run)
    return HiddenRun(run, hidden, stamp) if hidden and stamp else None


KIND = Kind("hidden run", _list_all, _find)
