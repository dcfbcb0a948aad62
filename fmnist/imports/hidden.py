"""A teacher's own test set, whose labels nobody else is to learn: `FMNIST_HIDDEN_LABELS` names its file.

While it is named, models are scored on it, and only what is aggregated over many of its images may be shown. Its images
are read by nothing but the command that asks runs about them.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from fmnist.dataset import IMAGE_SHAPE, N_CLASSES
from fmnist.errors import InputError
from fmnist.evaluation.checks import check_predictions
from fmnist.paths import named_path
from fmnist.runs.archive import ArchiveError, load_arrays, render_npz
from fmnist.runs.layout import served_path, user_store
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.writing import write_file

VARIABLE = "FMNIST_HIDDEN_LABELS"
START = "hidden-"  # of the keys of such test sets

_FOLDER = "hidden"
_KEY_DIGITS = 12
_FEWEST = 100
_NEAR = 0.01  # of the images: models that differ in fewer could tell the labels of these
_FEWEST_NEAR = 10
_CONTENT = "the arrays images, uint8 (n, 28, 28), and labels, whole numbers from 0 to 9, (n,)"


@dataclass(frozen=True, eq=False)
class HiddenSet:
    """Hidden test images by their key, which their checksum makes, and their labels, uint8 (n,)."""

    key: str
    labels: np.ndarray
    path: Path

    @property
    def nearest(self) -> int:
        """The number of images in which two models must differ, if they differ at all."""
        return max(_FEWEST_NEAR, round(_NEAR * len(self.labels)))


@dataclass(frozen=True)
class _File:
    path: Path
    modified: int
    size: int = field(default=0)


def hidden_set() -> HiddenSet | None:
    """Return the hidden test set, None where none is named.

    Raises:
        InputError: if the file that is named cannot be used.
    """
    path = named_path(VARIABLE)
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"{VARIABLE} names {path}, which cannot be read: {error.strerror}.") from error
    return _load(_File(path, found.st_mtime_ns, found.st_size))


def load_hidden_images(hidden: HiddenSet) -> np.ndarray:
    """Return the images, uint8 (n, 28, 28); raises InputError where the file has changed."""
    images, labels = _read(hidden.path)
    if _make_key(images, labels) != hidden.key:
        raise InputError(f"{hidden.path} has changed: try again.")
    return images


def check_far(rows: np.ndarray, other: np.ndarray, hidden: HiddenSet, names: tuple[str, str]) -> None:
    """Refuse predictions that differ from others in so few images that the difference would tell their labels.

    Args:
        rows: predicted classes, (files, n).
        other: those of another model, (files, n).
        hidden: the images.
        names: what both are called.

    Raises:
        InputError: if two rows differ in a few images alone; equal ones tell nothing new.
    """
    differing = (rows[:, None] != other[None]).sum(axis=2)
    near = (differing > 0) & (differing < hidden.nearest)
    if near.any():
        counted = f"{differing[near].min()} of {len(hidden.labels):,} images"
        raise InputError(
            f"{names[0]} differs from {names[1]} in {counted}, too few: it would tell their labels. "
            f"Predictions that are not the same must differ in at least {hidden.nearest} images."
        )


def answers_path(hidden: HiddenSet, run_id: str) -> Path:
    """Return where the probabilities of a run for hidden images lie."""
    return user_store() / _FOLDER / hidden.key / f"{run_id}.npz"


def answers_stamp(hidden: HiddenSet, run: CompleteRun) -> int | None:
    """Return when a run's answers were written; None where there are none, or its weights are newer."""
    try:
        written = answers_path(hidden, run.id).stat().st_mtime_ns
        return written if served_path(run.directory).stat().st_mtime_ns <= written else None
    except OSError:
        return None


def list_answers(hidden: HiddenSet) -> list[str]:
    """Return the keys of the runs that were asked about hidden images."""
    return sorted(path.stem for path in answers_path(hidden, "any").parent.glob("*.npz"))


def save_answers(hidden: HiddenSet, run_id: str, probs: np.ndarray) -> None:
    """Keep the probabilities of a run for hidden images, float32 (n, 10); raises InputError."""
    path = answers_path(hidden, run_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, render_npz(probs=probs))
    except OSError as error:
        raise InputError(f"The store {path.parent} cannot be written: {error.strerror}.") from error


def load_answers(hidden: HiddenSet, run_id: str) -> np.ndarray:
    """Return the probabilities of a run for hidden images, float32 (n, 10); raises RunError."""
    path = answers_path(hidden, run_id)
    try:
        return _load_answers(path, path.stat().st_mtime_ns, hidden)
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}.") from error


@lru_cache(maxsize=64)
def _load_answers(path: Path, modified: int, hidden: HiddenSet) -> np.ndarray:  # noqa: ARG001
    try:
        return check_predictions(hidden.labels, load_arrays(path, ["probs"])["probs"])[1].astype(np.float32)
    except (ArchiveError, KeyError, ValueError) as error:
        raise RunError(f"{path} is damaged: delete it and import again.") from error


@lru_cache(maxsize=4)
def _load(file: _File) -> HiddenSet:
    images, labels = _read(file.path)
    labels.flags.writeable = False
    return HiddenSet(_make_key(images, labels), labels, file.path)


def _read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels, checked."""
    try:
        arrays = load_arrays(path)
    except ArchiveError as error:
        raise InputError(f"{VARIABLE} names {path}, which {error}") from error
    images, labels = arrays.get("images"), arrays.get("labels")
    if images is None or labels is None or images.dtype != np.uint8 or images.shape[1:] != IMAGE_SHAPE:
        raise InputError(f"{VARIABLE} names {path}, which must hold {_CONTENT}.")
    whole = labels.dtype.kind in "iu" and labels.shape == images.shape[:1]
    if not whole or (len(labels) and (labels.min() < 0 or labels.max() >= N_CLASSES)):
        raise InputError(f"{VARIABLE} names {path}, which must hold {_CONTENT}.")
    if len(labels) < _FEWEST:
        raise InputError(f"{VARIABLE} names {path}, which holds {len(labels)} images: at least {_FEWEST} are needed.")
    return images, labels.astype(np.uint8)


def _make_key(images: np.ndarray, labels: np.ndarray) -> str:
    digest = sha256(images.tobytes() + labels.tobytes()).hexdigest()
    return f"{START}{digest[:_KEY_DIGITS]}"
