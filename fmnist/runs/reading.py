"""Find runs and read what they hold.

A run is one training of one architecture with one recipe and one seed, kept in a directory of its own inside a store.
"""

import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from fmnist.runs.archive import load_arrays
from fmnist.runs.checks import PredictionsError, read_predictions
from fmnist.runs.layout import (
    CONFIG,
    EVALUATION,
    HISTORY,
    PREDICTIONS,
    REFERENCE,
    RUN_ID,
    STATUS,
    is_directory,
    list_all_directories,
    list_run_directories,
    log_path,
    read_stamp,
    stores,
)
from fmnist.runs.marks import hidden_keys
from fmnist.runs.records import Epoch, Evaluation, Predictions, Reference, Status
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun, Run, RunError, Stamp, UnfinishedRun
from fmnist.runs.schema import read_config, read_history, read_record

_LINE_BYTES = 1000  # of a line of a log, on average at most
_DAMAGES = (ValueError, KeyError, MemoryError)  # what a damaged archive of arrays raises


def list_runs() -> list[Run]:
    """Return every run of all stores that the user has not hidden; one that is broken never hides the others."""
    hidden = hidden_keys()
    return [_look_at(directory) for directory in list_all_directories() if directory.name not in hidden]


def list_store(store: Path) -> list[Run]:
    """Return every run of one store, sorted by name."""
    return [_look_at(directory) for directory in list_run_directories(store)]


def find_run(run_id: str) -> CompleteRun:
    """Return the run of that name, which has results.

    Raises:
        RunError: if no store has a run of that name, or it is broken or has no results yet.
    """
    known = (store / run_id for store in stores() if RUN_ID.fullmatch(run_id))
    directory = next((path for path in known if is_directory(path)), None)
    if directory is None:
        raise RunError(f"There is no run {run_id!r}. `python -m fmnist runs` lists the runs there are.")
    run = load_run(directory)
    if isinstance(run, BrokenRun):
        raise RunError(f"{run_id}: {run.problem}")
    if isinstance(run, UnfinishedRun):
        raise RunError(f"{run_id} is {run.state}: only a finished run has results.")
    return run


def load_run(directory: Path) -> Run:
    """Read a run's small files; whatever is wrong with them makes it a broken run with a reason."""
    stamp = read_stamp(directory)
    try:
        return _load(directory, stamp)
    except (RunError, OSError) as error:
        return BrokenRun(directory, _explain(error), stamp=stamp)


def load_readable(directory: Path) -> ReadableRun:
    """Read a run that has to be readable.

    Raises:
        RunError: if it is broken.
    """
    run = load_run(directory)
    if isinstance(run, BrokenRun):
        raise RunError(f"{run.id}: {run.problem}")
    return run


def load_history(run: Run) -> list[Epoch]:
    """Read the finished epochs; a last line that a crash cut off is left out.

    Raises:
        RunError: if the file is damaged.
    """
    try:
        return read_history(run.directory / HISTORY)
    except FileNotFoundError:
        return []
    except (RunError, OSError) as error:
        raise RunError(f"{run.id}: {_explain(error)}") from error


def load_predictions(run: Run) -> Predictions:
    """Read the stored probabilities as float32, and see that they are what the run says of them.

    Raises:
        RunError: if they are missing, damaged, of other images, or not those that the evaluation tells of.
    """
    try:
        loaded = load_arrays(run.directory / PREDICTIONS)
        predictions = read_predictions(loaded)
    except _DAMAGES as error:
        refused = isinstance(error.__cause__, PermissionError)
        words = _explain(error.__cause__) if refused else f"{PREDICTIONS} is damaged; train the network again."
        raise RunError(f"{run.id}: {words}") from error
    except PredictionsError as error:
        raise RunError(f"{run.id}: {PREDICTIONS} {error}") from error
    if isinstance(run, CompleteRun):
        _expect_same_results(run, predictions)
    return predictions


def load_reference(run: Run) -> Reference | None:
    """Read the reference features, where the run has them.

    Raises:
        RunError: if they are damaged, or a number in them is out of range.
    """
    path = run.directory / REFERENCE
    if not path.exists():
        return None
    try:
        arrays = load_arrays(path)
        features = arrays["features"].astype(np.float32)
        return Reference(features, arrays["indices"], float(arrays["limit"]), float(arrays["temperature"]))
    except (*_DAMAGES, TypeError) as error:
        raise RunError(f"{run.id}: {REFERENCE} is damaged; train the network again.") from error


def load_log(run: Run, last_lines: int = 200) -> str:
    """Read the end of what the training process printed.

    Raises:
        RunError: if it cannot be read.
    """
    try:
        with log_path(run.directory).open("rb") as stream:
            stream.seek(max(stream.seek(0, os.SEEK_END) - last_lines * _LINE_BYTES, 0))
            lines = stream.read().decode("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise RunError(f"{run.id}: {_explain(error)}") from error
    return "\n".join(lines[-last_lines:])


def _look_at(directory: Path) -> Run:
    """Read a run only where it has changed: lists of a thousand runs are asked for several times a second.

    What the system refused to read is tried again: who may read a file can change without a new stamp.
    """
    stamp = read_stamp(directory)
    try:
        return _remembered(directory, stamp)
    except OSError as error:
        return BrokenRun(directory, _explain(error), stamp=stamp)


@lru_cache(maxsize=10_000)
def _remembered(directory: Path, stamp: Stamp) -> Run:
    try:
        return _load(directory, stamp)
    except RunError as error:
        return BrokenRun(directory, str(error), stamp=stamp)


def _explain(error: BaseException | None) -> str:
    """Return what is wrong with a file in words, where the system says so, too."""
    if isinstance(error, OSError) and error.filename:
        return f"{Path(error.filename).name} cannot be read: {error.strerror}."
    return str(error)


def _load(directory: Path, stamp: Stamp) -> ReadableRun:
    document = read_config(directory / CONFIG)
    status = read_record(directory / STATUS, Status)
    if status.state == "diverged" or not (directory / EVALUATION).exists():  # an earlier stop may have left one
        if status.state in ("finished", "stopped") and status.evaluated:
            raise RunError(f"half written: {EVALUATION} is missing")
        return UnfinishedRun(
            directory,
            document.config,
            status,
            recipe_settings=document.recipe_settings,
            environment=document.environment,
            stamp=stamp,
        )
    if not (directory / PREDICTIONS).exists():
        raise RunError(f"half written: {PREDICTIONS} is missing")
    evaluation = read_record(directory / EVALUATION, Evaluation)
    return CompleteRun(
        directory,
        document.config,
        status,
        evaluation,
        recipe_settings=document.recipe_settings,
        environment=document.environment,
        stamp=stamp,
    )


def _expect_same_results(run: CompleteRun, predictions: Predictions) -> None:
    """Refuse an evaluation that is not that of the predictions, such as another run's."""
    for part, labels, probs in (
        ("val", predictions.val_labels, predictions.val_probs),
        ("test", predictions.test_labels, predictions.test_probs),
    ):
        said = getattr(run.evaluation, f"{part}_accuracy")
        found = float((probs.argmax(axis=1) == labels).mean())
        if said is not None and abs(said - found) > 1e-9:
            raise RunError(
                f"{run.id}: {EVALUATION} says {said:.2%} accuracy, but {PREDICTIONS} gives {found:.2%}. "
                "They belong to different runs."
            )
