"""Where runs lie on disk: the stores, the directories in them, and the names of the files in those."""

import os
import re
import time
from functools import lru_cache
from pathlib import Path

from fmnist.paths import home, named_path, own_artifacts

CONFIG, STATUS, HISTORY, EVALUATION = "config.json", "status.json", "history.csv", "evaluation.json"
PREDICTIONS, REFERENCE, STRESS = "predictions.npz", "reference.npz", "stress.npz"
EMBEDDING, ADVERSARIAL = "embedding.npz", "adversarial.npz"
EPOCHS = "epochs.f16"
LEARNING_CURVES = "learning_curves.npz"  # of a store: what trainings on few images reached
ON_SHARES = "learning_curves"  # the folder of a store with such trainings, until they have ended
STOP, LOG, LOCK = "stop", "training.log", "training.lock"
CHECKPOINT, BACKUP = "checkpoint.weights.h5", "backup.keras"
WEIGHTS, SERVED = "model.keras", "model.tflite"
UNTRAINED = "untrained.tflite"
TEACHERS = "teachers"  # the folder of a store with teachers' answers
EXPORTS = "exports"  # the folder of what is shipped
EXPORT = ".export-"  # begins the names of folders in which a served model is made
RUN_ID = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")
BESIDE_RUNS = frozenset(
    {
        *("imports", "ensembles", "mirrored", "hidden", "marks", "studies", "designs", "pictures", "photo_reader"),
        *(TEACHERS, EXPORTS, ON_SHARES),
    }
)  # folders of a store, never runs

_SETTLED_NS, _MOMENT_NS = 2_000_000_000, 100_000_000


def pretrained_store() -> Path:
    """Return the store of the shipped runs: artifacts/pretrained, or where FMNIST_PRETRAINED_DIR says."""
    return named_path("FMNIST_PRETRAINED_DIR") or home() / "artifacts" / "pretrained"


def user_store() -> Path:
    """Return the store of the user's own runs: in a checkout artifacts/runs, or where FMNIST_ARTIFACTS_DIR says."""
    return named_path("FMNIST_ARTIFACTS_DIR") or own_artifacts() / "runs"


def stores() -> tuple[Path, ...]:
    """Return the stores that are read, the shipped one first."""
    return pretrained_store(), user_store()


def list_run_directories(store: Path) -> list[Path]:
    """Return the directories of a store that bear a run's name, sorted; none of a store that cannot be read."""
    try:
        return _list_directories(store)
    except OSError:
        return []


def describe_unavailable(store: Path) -> str:
    """Return why a store cannot be read, in a sentence; "" where it can be, or is not there yet."""
    try:
        _list_directories(store)
    except OSError as error:
        return f"The store {store} cannot be read: {error.strerror}."
    return ""


def is_directory(path: Path) -> bool:
    """Return whether a path leads to a directory that can be looked into."""
    try:
        return path.is_dir()
    except OSError:
        return False


def list_all_directories() -> list[Path]:
    """Return the runs' directories of all stores, the shipped ones first; of two of one name the shipped one counts."""
    found: dict[str, Path] = {}
    for store in stores():
        for directory in list_run_directories(store):
            found.setdefault(directory.name, directory)
    return list(found.values())


def read_stamp(directory: Path) -> tuple[int, int]:
    """Return what changes whenever a file of a run is written: a key for caches that costs one look.

    Every file of a run is put in its place by a rename and each epoch touches the directory, so that the directory's
    own modification time tells. Two writes within a tick of the file system's clock share one, so the
    stamp of a directory that has only just changed is good for a moment only.
    """
    try:
        modified = directory.stat().st_mtime_ns
    except OSError:
        return (0, 0)
    now = time.time_ns()
    return (modified, now // _MOMENT_NS if abs(now - modified) < _SETTLED_NS else 0)


@lru_cache(maxsize=64)
def _scanned(store: Path, modified: int) -> tuple[Path, ...]:  # noqa: ARG001
    """Scan a store only where something was added or removed: pages ask several times a second."""
    return tuple(_scan(store))


def _list_directories(store: Path) -> list[Path]:
    modified, moment = read_stamp(store)
    return _scan(store) if moment or not modified else list(_scanned(store, modified))


def _scan(store: Path) -> list[Path]:
    try:
        with os.scandir(store) as entries:
            names = sorted(entry.name for entry in entries if RUN_ID.fullmatch(entry.name) and _is_folder(entry))
    except FileNotFoundError:
        return []
    return [store / name for name in names if name not in BESIDE_RUNS]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that lead in a circle
        return False


def weights_path(directory: Path) -> Path:
    """Return where the training process puts the Keras file."""
    return directory / WEIGHTS


def served_path(directory: Path) -> Path:
    """Return where the training process puts the LiteRT file."""
    return directory / SERVED


def untrained_path(directory: Path) -> Path:
    """Return where the LiteRT file of the network before its training lies."""
    return directory / UNTRAINED


def checkpoint_path(directory: Path) -> Path:
    """Return where the training process keeps the best weights so far."""
    return directory / CHECKPOINT


def backup_path(directory: Path) -> Path:
    """Return where the training process keeps what it needs to be resumed."""
    return directory / BACKUP


def log_path(directory: Path) -> Path:
    """Return where the training process's output goes."""
    return directory / LOG


def lock_path(directory: Path) -> Path:
    """Return the file whose lock says that the run is being trained."""
    return directory / LOCK
