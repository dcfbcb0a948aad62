"""What a run is, and how one is found and read.

A run is one training of one network by one recipe with one seed, kept in a directory of its own inside a store.
"""

import csv
import json
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, N_VALIDATION
from fmnist.runs.layout import (
    CONFIG,
    EVALUATION,
    HISTORY,
    PREDICTIONS,
    REFERENCE,
    RUN_ID,
    SERVED,
    STATUS,
    WEIGHTS,
    list_all_directories,
    log_path,
    stores,
)
from fmnist.runs.records import Epoch, Evaluation, Predictions, Reference, RunConfig, Status
from fmnist.runs.writing import SCHEMA

HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 30.0
STARTING_SECONDS = 120.0  # on a busy machine TensorFlow alone can take half a minute to import

_DAMAGES = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)  # what reading a damaged archive raises

_Record = TypeVar("_Record")


class RunError(Exception):
    """A run cannot be read or used; the message says which one and why."""


@dataclass(frozen=True)
class Run:
    """A run as found on disk; `problem` says in words why it is broken, and is empty where it is not."""

    directory: Path
    config: RunConfig | None = None
    environment: Mapping[str, Any] = field(default_factory=dict)
    status: Status | None = None
    evaluation: Evaluation | None = None
    problem: str = ""

    @property
    def id(self) -> str:
        """The run's name: that of its directory."""
        return self.directory.name

    @property
    def state(self) -> str:
        """The recorded state; `broken` where it cannot be read, `lost` where the training process is gone."""
        if self.problem or self.status is None:
            return "broken"
        patience = STARTING_SECONDS if self.status.phase == "starting" else STALE_SECONDS
        lost = self.status.state == "running" and time.time() - (self.status.heartbeat or 0) > patience
        return "lost" if lost else self.status.state

    @property
    def reason(self) -> str:
        """Why it ended as it did, or what is wrong with it, in words."""
        return self.status.reason if self.status else self.problem

    @property
    def complete(self) -> bool:
        """Whether the run has its evaluation, so that it can be compared."""
        return self.evaluation is not None and not self.problem

    @property
    def weights(self) -> Path | None:
        """The Keras file, where the weights were kept."""
        return _existing(self.directory / WEIGHTS)

    @property
    def served(self) -> Path | None:
        """The LiteRT file, where the weights were kept."""
        return _existing(self.directory / SERVED)


def list_runs() -> list[Run]:
    """Return every run of all stores; one that cannot be read comes with its `problem` and never hides the others."""
    return [load_run(directory) for directory in list_all_directories()]


def find_run(run_id: str) -> Run:
    """Return the run of that name, which has results.

    Raises:
        RunError: if no store has a run of that name, or it is broken or has no results yet.
    """
    known = (store / run_id for store in stores() if RUN_ID.fullmatch(run_id))
    directory = next((path for path in known if path.is_dir()), None)
    if directory is None:
        raise RunError(f"There is no run {run_id!r}. `python -m fmnist runs` lists those there are.")
    run = load_run(directory)
    if run.problem:
        raise RunError(f"{run_id}: {run.problem}")
    if not run.complete:
        raise RunError(f"{run_id} is {run.state}: only a finished run has results.")
    return run


def load_run(directory: Path) -> Run:
    """Read a run's small files; whatever is wrong with them ends up in `problem`."""
    try:
        config, environment = _load_config(directory)
        status = _load_record(directory / STATUS, Status)
        has_evaluation = (directory / EVALUATION).exists()
        evaluation = _load_record(directory / EVALUATION, Evaluation) if has_evaluation else None
        if evaluation is None and status.state in ("finished", "stopped"):
            raise RunError(f"half written: {EVALUATION} is missing")
        if evaluation is not None and not (directory / PREDICTIONS).exists():
            raise RunError(f"half written: {PREDICTIONS} is missing")
    except (RunError, OSError) as error:
        return Run(directory, problem=str(error))
    return Run(directory, config, environment, status, evaluation)


def load_history(run: Run) -> list[Epoch]:
    """Read the finished epochs; a last line that was cut off by a crash is left out.

    Raises:
        RunError: if the file is damaged.
    """
    path = run.directory / HISTORY
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    rows = csv.DictReader(text[: text.rfind("\n") + 1].splitlines())
    names = [f.name for f in fields(Epoch)]
    try:
        return [Epoch(int(row["epoch"]), *(float(row[name]) for name in names[1:])) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.id}: {HISTORY} is damaged ({error})") from error


def load_predictions(run: Run) -> Predictions:
    """Read the stored probabilities as float32.

    Raises:
        RunError: if they are missing, damaged or of another shape than they should be.
    """
    try:
        loaded = _load_arrays(run.directory / PREDICTIONS, Predictions)
    except _DAMAGES as error:
        raise RunError(f"{run.id}: {PREDICTIONS} is damaged; train the network anew.") from error
    for name, rows in (("val", N_VALIDATION), ("test", N_TEST)):
        if loaded[f"{name}_probs"].shape != (rows, N_CLASSES) or loaded[f"{name}_labels"].shape != (rows,):
            raise RunError(f"{run.id}: {PREDICTIONS} does not hold {rows:,} {name} predictions of {N_CLASSES} classes")
    as_floats = {name: loaded[name].astype(np.float32) for name in ("val_probs", "test_probs")}
    return Predictions(**(loaded | as_floats))


def load_reference(run: Run) -> Reference | None:
    """Read what pictures are held against, where the run has it.

    Raises:
        RunError: if it is damaged, or holds what cannot be.
    """
    path = run.directory / REFERENCE
    if not path.exists():
        return None
    try:
        arrays = _load_arrays(path, Reference)
        features = arrays["features"].astype(np.float32)
        return Reference(features, arrays["indices"], float(arrays["limit"]), float(arrays["temperature"]))
    except (*_DAMAGES, TypeError) as error:
        raise RunError(f"{run.id}: {REFERENCE} is damaged; train the network anew.") from error


def load_log(run: Run, last_lines: int = 200) -> str:
    """Read the end of what the training process printed."""
    path = log_path(run.directory)
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-last_lines:])


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _load_arrays(path: Path, kind: type[Predictions] | type[Reference]) -> dict[str, np.ndarray]:
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return {f.name: arrays[f.name] for f in fields(kind)}


def _load_config(directory: Path) -> tuple[RunConfig, Mapping[str, Any]]:
    document = _load_json(directory / CONFIG)
    schema = document.get("schema")
    if schema != SCHEMA:
        raise RunError(
            f"{CONFIG} has schema {schema}, and this version reads schema {SCHEMA}: update FMNIST Lab to use it"
        )
    return _as_record(document.get("config", {}), RunConfig, CONFIG), document.get("environment", {})


def _load_record(path: Path, kind: type[_Record]) -> _Record:
    return _as_record(_load_json(path), kind, path.name)


def _as_record(values: dict[str, Any], kind: type[_Record], name: str) -> _Record:
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        raise RunError(f"{name} is damaged ({error})") from error


def _load_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunError(f"half written: {path.name} is missing") from error
    except ValueError as error:
        raise RunError(f"{path.name} is damaged ({error})") from error
    if not isinstance(document, dict):
        raise RunError(f"{path.name} is damaged (it holds no object)")
    return document
