"""What a run is and how it lies on disk: the only module that knows file names.

A run is one training of one network by one recipe with one seed, kept in a directory of its own inside a store. Files
are replaced whole or appended by line, so a reader never meets half a file that claims to be a whole one.
"""

import csv
import io
import json
import os
import re
import shutil
import time
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, N_VALIDATION
from fmnist.records import Epoch, Evaluation, Predictions, RunConfig, Status

SCHEMA = 1
HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 30.0

_CONFIG, _STATUS, _HISTORY, _EVALUATION = "config.json", "status.json", "history.csv", "evaluation.json"
_PREDICTIONS, _STOP, _LOG = "predictions.npz", "stop", "training.log"
_CHECKPOINT, _BACKUP = "checkpoint.weights.h5", "backup.keras"
_WEIGHTS, _SERVED = "model.keras", "model.tflite"
_ALL_FILES = (_CONFIG, _STATUS, _HISTORY, _EVALUATION, _PREDICTIONS, _WEIGHTS, _SERVED)
_ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
_RUN_ID = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")
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
        lost = self.status.state == "running" and time.time() - (self.status.heartbeat or 0) > STALE_SECONDS
        return "lost" if lost else self.status.state

    @property
    def complete(self) -> bool:
        """Whether the run has its evaluation, so that it can be compared."""
        return self.evaluation is not None and not self.problem

    @property
    def weights(self) -> Path | None:
        """The Keras file, where the weights were kept."""
        return _existing(self.directory / _WEIGHTS)

    @property
    def served(self) -> Path | None:
        """The LiteRT file, where the weights were kept."""
        return _existing(self.directory / _SERVED)


def pretrained_store() -> Path:
    """Return the store of the shipped runs: artifacts/pretrained, or where FMNIST_PRETRAINED_DIR says."""
    chosen = os.environ.get("FMNIST_PRETRAINED_DIR")
    return Path(chosen).expanduser() if chosen else _ARTIFACTS / "pretrained"


def user_store() -> Path:
    """Return the store of the user's own runs: artifacts/runs, or where FMNIST_ARTIFACTS_DIR says."""
    chosen = os.environ.get("FMNIST_ARTIFACTS_DIR")
    return Path(chosen).expanduser() if chosen else _ARTIFACTS / "runs"


def stores() -> tuple[Path, ...]:
    """Return the stores that are read, the shipped one first."""
    return pretrained_store(), user_store()


def list_run_directories(store: Path) -> list[Path]:
    """Return the directories of a store that bear a run's name, sorted."""
    if not store.is_dir():
        return []
    return sorted(path for path in store.iterdir() if path.is_dir() and _RUN_ID.fullmatch(path.name))


def list_all_directories() -> list[Path]:
    """Return the runs' directories of all stores, the shipped ones first; of two of one name the shipped one counts."""
    found: dict[str, Path] = {}
    for store in stores():
        for directory in list_run_directories(store):
            found.setdefault(directory.name, directory)
    return list(found.values())


def list_runs() -> list[Run]:
    """Return every run of all stores; one that cannot be read comes with its `problem` and never hides the others."""
    return [load_run(directory) for directory in list_all_directories()]


def read_stamp(directory: Path) -> tuple[int, ...]:
    """Return the modification times of a run's files in ns, 0 for those that are not there: a key for caches."""
    return tuple(_modified(directory / name) for name in _ALL_FILES)


def find_run(run_id: str) -> Run:
    """Return the readable run of that name.

    Raises:
        RunError: if no store has a run of that name, or it is broken.
    """
    known = (store / run_id for store in stores() if _RUN_ID.fullmatch(run_id))
    directory = next((path for path in known if path.is_dir()), None)
    if directory is None:
        raise RunError(f"There is no run {run_id!r}. `python -m fmnist runs` lists those there are.")
    run = load_run(directory)
    if run.problem:
        raise RunError(f"{run_id}: {run.problem}")
    return run


def load_run(directory: Path) -> Run:
    """Read a run's small files; whatever is wrong with them ends up in `problem`."""
    try:
        config, environment = _load_config(directory)
        status = _load_record(directory / _STATUS, Status)
        has_evaluation = (directory / _EVALUATION).exists()
        evaluation = _load_record(directory / _EVALUATION, Evaluation) if has_evaluation else None
        if evaluation is None and status.state in ("finished", "stopped"):
            raise RunError(f"half written: {_EVALUATION} is missing")
        if evaluation is not None and not (directory / _PREDICTIONS).exists():
            raise RunError(f"half written: {_PREDICTIONS} is missing")
    except (RunError, OSError) as error:
        return Run(directory, problem=str(error))
    return Run(directory, config, environment, status, evaluation)


def load_history(run: Run) -> list[Epoch]:
    """Read the finished epochs; a last line that was cut off by a crash is left out.

    Raises:
        RunError: if the file is damaged.
    """
    path = run.directory / _HISTORY
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    rows = csv.DictReader(text[: text.rfind("\n") + 1].splitlines())
    names = [f.name for f in fields(Epoch)]
    try:
        return [Epoch(int(row["epoch"]), *(float(row[name]) for name in names[1:])) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.id}: {_HISTORY} is damaged ({error})") from error


def load_predictions(run: Run) -> Predictions:
    """Read the stored probabilities as float32.

    Raises:
        RunError: if they are missing, damaged or of another shape than they should be.
    """
    try:
        path = run.directory / _PREDICTIONS
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            loaded = {f.name: arrays[f.name] for f in fields(Predictions)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(f"{run.id}: {_PREDICTIONS} is damaged ({error})") from error
    for name, rows in (("val", N_VALIDATION), ("test", N_TEST)):
        if loaded[f"{name}_probs"].shape != (rows, N_CLASSES) or loaded[f"{name}_labels"].shape != (rows,):
            raise RunError(f"{run.id}: {_PREDICTIONS} does not hold {rows:,} {name} predictions of {N_CLASSES} classes")
    as_floats = {name: loaded[name].astype(np.float32) for name in ("val_probs", "test_probs")}
    return Predictions(**(loaded | as_floats))


def load_log(run: Run, last_lines: int = 200) -> str:
    """Read the end of what the training process printed."""
    path = run.directory / _LOG
    return (
        "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-last_lines:])
        if path.exists()
        else ""
    )


def create_run(config: RunConfig, store: Path, run_id: str | None = None) -> Run:
    """Make the directory of a new queued run; without a name it is `<model>-<recipe>-s<seed>-<utc time>`.

    Raises:
        RunError: if the name is taken or not a run's name, or the store cannot be written.
    """
    stem = f"{config.model}-{config.recipe}-s{config.seed}"
    directory = store / (run_id or f"{stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    if not _RUN_ID.fullmatch(directory.name):
        raise RunError(f"{directory.name!r} is no name for a run: letters, digits, underscores and hyphens only.")
    try:
        directory.mkdir(parents=True)
        save_config(directory, config, {})
        save_status(directory, Status("queued", queued=time.time()))
    except FileExistsError as error:
        raise RunError(f"There is a run {directory.name!r} already.") from error
    except OSError as error:
        shutil.rmtree(directory, ignore_errors=True)
        raise RunError(f"The store {store} cannot be written: {error.strerror}.") from error
    return load_run(directory)


def delete_run(run: Run) -> None:
    """Remove a run of the user's own store for good.

    Raises:
        RunError: if the run is not in the user's store, or is being trained.
    """
    if run.directory.parent.resolve() != user_store().resolve():
        raise RunError(f"{run.id} is not one of your own runs and stays.")
    if run.state == "running":
        raise RunError(f"{run.id} is being trained; stop it first.")
    shutil.rmtree(run.directory)


def save_config(directory: Path, config: RunConfig, environment: Mapping[str, Any]) -> None:
    """Write the configuration with what is known of the machine and the library versions."""
    _write_json(directory / _CONFIG, {"schema": SCHEMA, "config": asdict(config), "environment": dict(environment)})


def save_status(directory: Path, status: Status) -> None:
    """Write where the training stands; on a full disk the old file is overwritten in place, which needs no space."""
    data = json.dumps(asdict(status)).encode()
    try:
        _write(directory / _STATUS, data)
    except OSError:
        with (directory / _STATUS).open("r+b") as stream:
            stream.write(data)
            stream.truncate()


def append_epoch(directory: Path, epoch: Epoch) -> None:
    """Add one finished epoch to the history."""
    path = directory / _HISTORY
    names = [f.name for f in fields(Epoch)]
    line = io.StringIO()
    writer = csv.DictWriter(line, names, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    writer.writerow(asdict(epoch))
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line.getvalue())


def truncate_history(directory: Path, epochs: int) -> list[Epoch]:
    """Cut the history to its first epochs, which is where a resumed training goes on, and return them."""
    kept = load_history(Run(directory))[:epochs]
    (directory / _HISTORY).unlink(missing_ok=True)
    for epoch in kept:
        append_epoch(directory, epoch)
    return kept


def discard_training_state(directory: Path) -> None:
    """Remove what only a training that is to be resumed needs."""
    for path in (checkpoint_path(directory), backup_path(directory)):
        path.unlink(missing_ok=True)


def requeue_run(run: Run) -> Run:
    """Queue a training that ended early once more; it goes on after its last finished epoch.

    Raises:
        RunError: if it is queued, being trained or finished.
    """
    if run.status is None or run.state not in ("stopped", "failed", "lost"):
        raise RunError(f"{run.id} is {run.state}, so there is nothing to resume.")
    (run.directory / _STOP).unlink(missing_ok=True)
    save_status(run.directory, Status("queued", queued=time.time(), epoch=run.status.epoch))
    return load_run(run.directory)


def save_predictions(directory: Path, predictions: Predictions) -> None:
    """Write the probabilities."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{f.name: getattr(predictions, f.name) for f in fields(predictions)})
    _write(directory / _PREDICTIONS, buffer.getvalue())


def save_evaluation(directory: Path, evaluation: Evaluation) -> None:
    """Write the evaluation, which makes the run complete: call it last."""
    _write_json(directory / _EVALUATION, asdict(evaluation))


def drop_weights(run: Run) -> None:
    """Remove a complete run's weights and store its probabilities as float16, which leaves its answers as they are."""
    predictions = load_predictions(run)
    halves = {name: _round_to_half(getattr(predictions, name)) for name in ("val_probs", "test_probs")}
    save_predictions(run.directory, replace(predictions, **halves))
    for name in (_WEIGHTS, _SERVED):
        (run.directory / name).unlink(missing_ok=True)


def request_stop(run: Run) -> None:
    """Wish that the training process stops after its current step."""
    (run.directory / _STOP).touch()


def stop_requested(directory: Path) -> bool:
    """Return whether somebody wished that the training stops."""
    return (directory / _STOP).exists()


def weights_path(directory: Path) -> Path:
    """Return where the training process puts the Keras file."""
    return directory / _WEIGHTS


def served_path(directory: Path) -> Path:
    """Return where the training process puts the LiteRT file."""
    return directory / _SERVED


def checkpoint_path(directory: Path) -> Path:
    """Return where the training process keeps the best weights so far."""
    return directory / _CHECKPOINT


def backup_path(directory: Path) -> Path:
    """Return where the training process keeps what it needs to be resumed."""
    return directory / _BACKUP


def log_path(directory: Path) -> Path:
    """Return where the training process's output goes."""
    return directory / _LOG


def replace_file(temporary: Path, path: Path) -> None:
    """Put a finished temporary file in its place, flushed to disk first."""
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)


def _round_to_half(probs: np.ndarray) -> np.ndarray:
    """Round probabilities (n, 10) to float16; where that makes a tie, the first choice stays the first."""
    halves, rows, chosen = probs.astype(np.float16), np.arange(len(probs)), probs.argmax(axis=1)
    tied = halves.argmax(axis=1) != chosen
    halves[rows[tied], chosen[tied]] = np.nextafter(halves[tied].max(axis=1), np.float16(2))
    return halves


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _load_config(directory: Path) -> tuple[RunConfig, Mapping[str, Any]]:
    document = _load_json(directory / _CONFIG)
    schema = document.get("schema")
    if schema != SCHEMA:
        raise RunError(
            f"{_CONFIG} has schema {schema}, and this version reads schema {SCHEMA}: update FMNIST Lab to use it"
        )
    return _as_record(document.get("config", {}), RunConfig, _CONFIG), document.get("environment", {})


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


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    _write(path, (json.dumps(document, indent=2) + "\n").encode())


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        replace_file(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
