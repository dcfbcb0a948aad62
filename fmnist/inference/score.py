"""Score a network on folders of pictures, with the same code as the Predict page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.evaluation.intervals import Interval, macro_interval, wilson_interval
from fmnist.evaluation.metrics import count_confusions
from fmnist.inference.picture import PictureError, read_picture
from fmnist.inference.prepare import Prepared, prepare
from fmnist.inference.reader import Reading


class Reads(Protocol):
    """Whatever classifies prepared pictures."""

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture."""


@dataclass(frozen=True, eq=False)
class PicturePrediction:
    """The predictions for one file by the name of the reader, or the `error` that prevented them.

    A picture in which no item was found has neither; a warning says so.
    """

    path: Path
    kind: str | None = None
    warnings: tuple[str, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Score:
    """The results for a set of pictures: `confusion` is int64 (10, 10), one row per true class.

    `unfamiliar` is the same matrix for the pictures found to be out of distribution. `unanswered`, int64 (10,), counts
    the pictures of each class in which no item was found, which are wrong. Accuracies are fractions; the
    macro accuracy is the mean over the classes present. Intervals have a level of 95%.
    """

    confusion: NDArray[np.int64]
    unfamiliar: NDArray[np.int64]
    unreadable: tuple[tuple[str, str], ...] = ()
    unanswered: NDArray[np.int64] = field(default_factory=lambda: np.zeros(N_CLASSES, np.int64))

    @property
    def n(self) -> int:
        """The number of pictures."""
        return int(self.totals.sum())

    @property
    def totals(self) -> NDArray[np.int64]:
        """The number of pictures of each class, int64 (10,)."""
        return np.asarray(self.confusion.sum(axis=1) + self.unanswered, np.int64)

    @property
    def accuracy(self) -> float:
        """The share of pictures that were classified correctly."""
        return float(self.confusion.trace() / self.n)

    @property
    def accuracy_interval(self) -> Interval:
        """Wilson's interval for the accuracy."""
        return wilson_interval(int(self.confusion.trace()), self.n)

    @property
    def familiar_of_right(self) -> float | None:
        """The share of correctly classified pictures that are not out of distribution; None without any."""
        right = self.confusion.trace()
        return float(1 - self.unfamiliar.trace() / right) if right else None

    @property
    def per_class(self) -> dict[int, float]:
        """The accuracy of each class that is present."""
        totals = self.totals
        return {label: float(self.confusion[label, label] / totals[label]) for label in np.flatnonzero(totals).tolist()}

    @property
    def macro_accuracy(self) -> float:
        """The mean accuracy over the classes that are present."""
        return float(np.mean(list(self.per_class.values())))

    @property
    def macro_interval(self) -> Interval:
        """The interval for the macro accuracy."""
        present = list(self.per_class)
        return macro_interval(self.confusion.diagonal()[present].tolist(), self.totals[present].tolist())

    def only(self, labels: Sequence[int]) -> "Score | None":
        """Return the score restricted to some classes, or None if there are no pictures of them."""
        kept = np.isin(np.arange(N_CLASSES), labels)
        rows = kept[:, None]
        part = Score(self.confusion * rows, self.unfamiliar * rows, unanswered=self.unanswered * kept)
        return part if part.n else None


def predict_pictures(
    paths: Iterable[Path], readers: Mapping[str, Reads], kind: str = "auto"
) -> list[PicturePrediction]:
    """Prepare each file and classify it with every reader; an unreadable file does not affect the others."""
    return [_predict(Path(path), readers, kind) for path in paths]


def read_folder(folder: Path, reader: Reads, kind: str = "auto") -> list[tuple[int, PicturePrediction]]:
    """Classify pictures in subfolders `<index>_<name>`, with an index from 0 to 9; returns each with its true class.

    Raises:
        InputError: if no picture can be read.
    """
    labelled = list_labelled_files(folder)
    predictions = predict_pictures([path for _, path in labelled], {"": reader}, kind)
    if all(prediction.error is not None for prediction in predictions):
        raise InputError(f"No picture in {folder} could be read.")
    return [(label, prediction) for (label, _), prediction in zip(labelled, predictions, strict=True)]


def summarise(labelled: Sequence[tuple[int, PicturePrediction]], folder: Path) -> Score:
    """Score pictures of a folder that were classified, some of which could be read."""
    read = [(label, p) for label, p in labelled if p.error is None]
    answered = [(label, p.readings[""]) for label, p in read if p.readings]
    labels = np.array([label for label, _ in answered], np.int64)
    predicted = np.array([reading.probs.argmax() for _, reading in answered], np.int64)
    unfamiliar = np.array([reading.unfamiliar for _, reading in answered], bool)
    unanswered = np.bincount([label for label, p in read if not p.readings], minlength=N_CLASSES)
    unreadable = tuple((str(p.path.relative_to(folder)), p.error) for _, p in labelled if p.error is not None)
    strange = count_confusions(labels[unfamiliar], predicted[unfamiliar])
    return Score(count_confusions(labels, predicted), strange, unreadable, unanswered)


def _predict(path: Path, readers: Mapping[str, Reads], kind: str) -> PicturePrediction:
    try:
        prepared = prepare(read_picture(path), kind)
    except PictureError as error:
        return PicturePrediction(path, error=str(error))
    asked = readers.items() if prepared.has_item else ()
    readings = {name: reader.read(prepared) for name, reader in asked}
    return PicturePrediction(path, prepared.kind, prepared.warnings, readings)


def list_labelled_files(folder: Path) -> list[tuple[int, Path]]:
    """List the files in `<index>_<name>` subfolders with their class, in a stable order, without hidden files."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    classes = {path: path.name.partition("_")[0] for path in sorted(folder.iterdir()) if path.is_dir()}
    files = [
        (int(index), path)
        for subfolder, index in classes.items()
        if index.isdecimal() and int(index) < N_CLASSES
        for path in sorted(subfolder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    ]
    if not files:
        raise InputError(f"{folder} holds no pictures in subfolders named <index>_<name>, such as 0_tshirt.")
    return files
