"""How fast earlier trainings were, measured once for each run as it is."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from fmnist.jobs.forecast import Pace, Paces, measure_pace
from fmnist.runs.layout import user_store
from fmnist.runs.reading import list_runs
from fmnist.runs.run import ReadableRun, Stamp
from fmnist.ui.train.runs import read_history


def known_paces() -> Paces:
    """Return how fast each training was whose history can be read, the shipped ones too."""
    own = user_store()
    readable = [run for run in list_runs() if isinstance(run, ReadableRun)]
    paces = [_measure(_Trained(run.directory, run.stamp, run.directory.parent == own, run)) for run in readable]
    return Paces(pace for pace in paces if pace is not None)


@dataclass(frozen=True)
class _Trained:
    """A run as it is, and whether it was trained here: as long as its directory's stamp stays, so does its pace."""

    directory: Path
    stamp: Stamp
    own: bool
    run: ReadableRun = field(compare=False, repr=False)


@lru_cache(maxsize=4000)
def _measure(trained: _Trained) -> Pace | None:
    return measure_pace(trained.run, read_history(trained.run), trained.own)
