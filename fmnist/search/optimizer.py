"""Optuna's side of a study: where its trials are kept, how the next one is drawn, and when one is pruned.

Optuna is imported here where it is used: half a second that nobody else waits for.
"""

import os
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fmnist.errors import InputError
from fmnist.runs.run import RunError
from fmnist.search.records import StudyRecord
from fmnist.search.space import Dimension
from fmnist.search.store import Study, is_own, journal_path

if TYPE_CHECKING:
    import optuna
    from optuna.storages.journal import JournalFileOpenLock, JournalFileSymlinkLock

URL = "FMNIST_STUDIES"
"""Names a database, as in postgresql://…, for studies from then on; without it each has a journal file."""

_FIRST_TRIALS = 5  # which no pruner ends
_PATIENT_SHARE = 3  # a third of the epochs has to pass before the median counts
_REDUCTION = 3  # of Hyperband: one trial in three goes on


def open_study(study: Study) -> "optuna.Study":
    """Open a study to search on, in the state in which whoever worked on it last has left it.

    Raises:
        RunError: if its trials cannot be read.
    """
    path = journal_path(study)
    url = "" if path.exists() else os.environ.get(URL, "")
    if not url:
        _repair(path)
    return _load(study, _open_database(url) if url else open_journal(path), create=True)


def look_at_study(study: Study) -> "optuna.Study | None":
    """Open a study to read it; None where nobody has begun it. Raises RunError if its trials cannot be read."""
    path = journal_path(study)
    if path.exists():
        return _load(study, _opened_journal(path, path.stat().st_ino), create=False)
    url = os.environ.get(URL, "")
    return _load(study, _open_database(url), create=True) if url and is_own(study) else None


def draw(opened: "optuna.Study", record: StudyRecord) -> "optuna.trial.Trial":
    """Draw the next trial; its number and the study's seed decide all that is random about it."""
    opened.sampler = build_sampler(record, len(opened.get_trials(deepcopy=False)))
    return complete_params(opened.ask(), record)


def take_up(opened: "optuna.Study", record: StudyRecord, number: int) -> "optuna.trial.Trial":
    """Return a trial that somebody else has begun; what was not drawn yet is drawn now."""
    import optuna

    (known,) = (trial for trial in opened.get_trials(deepcopy=False) if trial.number == number)
    opened.sampler = build_sampler(record, number)
    return complete_params(optuna.trial.Trial(opened, known._trial_id), record)


def complete_params(trial: "optuna.trial.Trial", record: StudyRecord) -> "optuna.trial.Trial":
    """Draw the values of a trial that it does not have yet."""
    for dimension in record.space.dimensions if record.space else ():
        _suggest(trial, dimension)
    return trial


def build_sampler(record: StudyRecord, number: int) -> "optuna.samplers.BaseSampler":
    """Return what draws a trial."""
    from optuna import samplers

    seed = record.seed * 10_000 + number
    if record.sampler == "grid" and record.space is not None:
        return _build_grid({each.name: each.choices for each in record.space.dimensions}, record.seed)
    return samplers.RandomSampler(seed) if record.sampler == "random" else samplers.TPESampler(seed=seed)


def _build_grid(choices: dict[str, tuple[Any, ...]], seed: int) -> "optuna.samplers.BaseSampler":
    from optuna import samplers

    class Grid(samplers.GridSampler):
        """A grid whose end the budget tells: Optuna's own ends `optimize`, which nobody has called here."""

        def after_trial(self, *_: Any) -> None:  # noqa: ANN401
            """Do nothing."""

    return Grid(choices, seed)


def build_pruner(record: StudyRecord, epochs: int) -> "optuna.pruners.BasePruner":
    """Return what decides whether a trial is worth its remaining epochs."""
    from optuna import pruners

    if record.pruner == "median":
        return pruners.MedianPruner(_FIRST_TRIALS, n_warmup_steps=max(1, epochs // _PATIENT_SHARE))
    if record.pruner == "hyperband":
        return pruners.HyperbandPruner(1, epochs, _REDUCTION)
    return pruners.NopPruner()


def _suggest(trial: "optuna.trial.Trial", dimension: Dimension) -> None:
    if dimension.choices:
        trial.suggest_categorical(dimension.name, dimension.choices)
    elif dimension.low is None or dimension.high is None:
        raise ValueError(f"{dimension.name} has no range")
    elif dimension.whole:
        trial.suggest_int(dimension.name, int(dimension.low), int(dimension.high), log=dimension.log)
    else:
        trial.suggest_float(dimension.name, dimension.low, dimension.high, log=dimension.log)


def _load(study: Study, storage: Any, *, create: bool) -> Any:  # noqa: ANN401
    import optuna

    record = study.record
    pruner = build_pruner(record, record.space.epochs if record.space else 1)
    try:
        if create:
            return optuna.create_study(
                storage=storage,
                study_name=study.key,
                direction="minimize" if record.minimize else "maximize",
                pruner=pruner,
                load_if_exists=True,
            )
        names = optuna.get_all_study_names(storage)  # none as long as its first process begins
        return optuna.load_study(storage=storage, study_name=names[0], pruner=pruner) if names else None
    except Exception as error:  # a damaged journal raises whatever its parser does, a database its driver's errors
        raise RunError(f"The trials of the study {study.key} cannot be read: {error}") from error


def open_journal(path: Path) -> "optuna.storages.JournalStorage":
    """Open a journal file, which is made where there is none. Raises RunError if it cannot be read."""
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    _quieten()
    try:
        return JournalStorage(JournalFileBackend(str(path), _journal_lock(path)))
    except Exception as error:
        raise RunError(f"{path} cannot be read: {error}") from error


def _journal_lock(path: Path) -> "JournalFileSymlinkLock | JournalFileOpenLock":
    """Return the lock that the journal's writers share: a link, which network file systems have, too."""
    from optuna.storages.journal import JournalFileOpenLock, JournalFileSymlinkLock

    return (JournalFileSymlinkLock if os.name == "posix" else JournalFileOpenLock)(str(path))


@lru_cache(maxsize=32)
def _opened_journal(path: Path, inode: int) -> "optuna.storages.JournalStorage":  # noqa: ARG001
    """Keep a journal open: only what is new in it is read when it is looked at again."""
    return open_journal(path)


@lru_cache(maxsize=4)
def _open_database(url: str) -> "optuna.storages.RDBStorage":
    from optuna.storages import RDBStorage

    _quieten()
    try:
        return RDBStorage(url)
    except Exception as error:
        raise InputError(f"The database that {URL} names cannot be used: {type(error).__name__}.") from error


def _quieten() -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)


def _repair(path: Path) -> None:
    """Cut off a last line that a crash has left unfinished: the next one would be appended to it."""
    if not path.exists():
        return
    lock = _journal_lock(path)
    lock.acquire()
    try:
        with path.open("r+b") as stream:
            data = stream.read()
            if data and not data.endswith(b"\n"):
                stream.truncate(data.rfind(b"\n") + 1)
    finally:
        lock.release()
