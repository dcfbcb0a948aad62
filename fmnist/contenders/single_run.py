"""A single run as a contender: what it says holds for this run, not for its architecture and recipe."""

from fmnist.contenders.kind import Kind, Listing, Unusable
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.titles import run_title, settings_title
from fmnist.runs.reading import find_run, list_runs
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun


class SingleRun(OfRuns):
    """One training; its key is the run's."""

    kind = "run"

    def __init__(self, run: ReadableRun) -> None:
        super().__init__([run])
        self.run = run

    @property
    def key(self) -> str:
        """The run's key, as in "deeper_cnn-tuned-s1"."""
        return self.run.id

    @property
    def title(self) -> str:
        """The full name, as in "Deeper CNN (tuned), seed 1"."""
        return run_title(self.run)

    @property
    def short_title(self) -> str:
        """The name without the seed, as in "Deeper CNN (tuned)"."""
        return settings_title(self.run)

    @property
    def group(self) -> str:
        """The key of its seed group, as in "deeper_cnn:tuned"."""
        return group_seeds([self.run])[0].key

    @property
    def group_title(self) -> str:
        """The title of its seed group, as in "Deeper CNN (tuned)"."""
        return group_seeds([self.run])[0].title


def _list_all() -> Listing:
    runs = list_runs()
    return Listing(
        [SingleRun(run) for run in runs if isinstance(run, CompleteRun)],
        [Unusable(SingleRun.kind, run.id, run.directory, run.problem) for run in runs if isinstance(run, BrokenRun)],
    )


def _find(key: str) -> SingleRun:
    return SingleRun(find_run(key))


KIND = Kind(SingleRun.kind, _list_all, _find, is_model=False)
