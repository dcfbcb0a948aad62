"""Score a network on folders of pictures, with the same code as the Predict page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.evaluation.intervals import Interval, macro_interval, wilson_interval
from fmnist.evaluation.metrics import count_confusions
from fmnist.inference.picture import PictureError, read_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reader, Reading


@dataclass(frozen=True, eq=False)
class PicturePrediction:
    """The predictions for one file by the name of the reader, or the `error` that prevented them."""

    path: Path
    kind: str | None = None
    warnings: tuple[str, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Score:
    """The results for a set of pictures: `confusion` is int64 (10, 10), one row per true class.

    `unfamiliar` is the same matrix for the pictures found to be out of distribution. Accuracies are fractions; the
    macro accuracy is the mean over the classes present. Intervals have a level of 95%.
    """

    confusion: NDArray[np.int64]
    unfamiliar: NDArray[np.int64]
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def n(self) -> int:
        """The number of pictures."""
        return int(self.confusion.sum())

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
        totals = self.confusion.sum(axis=1)
        return {label: float(self.confusion[label, label] / totals[label]) for label in np.flatnonzero(totals).tolist()}

    @property
    def macro_accuracy(self) -> float:
        """The mean accuracy over the classes that are present."""
        return float(np.mean(list(self.per_class.values())))

    @property
    def macro_interval(self) -> Interval:
        """The interval for the macro accuracy."""
        present = list(self.per_class)
        return macro_interval(self.confusion.diagonal()[present].tolist(), self.confusion.sum(axis=1)[present].tolist())

    def only(self, labels: Sequence[int]) -> "Score | None":
        """Return the score restricted to some classes, or None if there are no pictures of them."""
        kept = np.isin(np.arange(N_CLASSES), labels)[:, None]
        part = Score(self.confusion * kept, self.unfamiliar * kept)
        return part if part.n else None


def predict_pictures(
    paths: Iterable[Path], readers: Mapping[str, Reader], kind: str = "auto"
) -> list[PicturePrediction]:
    """Prepare each file and classify it with every reader; an unreadable file does not affect the others."""
    return [_predict(Path(path), readers, kind) for path in paths]


def score_folder(folder: Path, reader: Reader, kind: str = "auto") -> Score:
    """Score a folder of pictures that are sorted into subfolders `<index>_<name>`, with an index from 0 to 9.

    Raises:
        InputError: if no picture can be scored.
    """
    labelled = _labelled_files(folder)
    predictions = predict_pictures([path for _, path in labelled], {"": reader}, kind)
    read = [(label, p) for (label, _), p in zip(labelled, predictions, strict=True) if p.readings]
    if not read:
        raise InputError(f"No picture in {folder} could be read.")
    labels = np.array([label for label, _ in read])
    predicted = np.array([p.readings[""].probs.argmax() for _, p in read])
    unfamiliar = np.array([p.readings[""].unfamiliar for _, p in read])
    unreadable = tuple((str(p.path.relative_to(folder)), p.error) for p in predictions if p.error is not None)
    return Score(
        count_confusions(labels, predicted), count_confusions(labels[unfamiliar], predicted[unfamiliar]), unreadable
    )


def _predict(path: Path, readers: Mapping[str, Reader], kind: str) -> PicturePrediction:
    try:
        prepared = prepare(read_picture(path), kind)
    except PictureError as error:
        return PicturePrediction(path, error=str(error))
    readings = {name: reader.read(prepared) for name, reader in readers.items()}
    return PicturePrediction(path, prepared.kind, prepared.warnings, readings)


def _labelled_files(folder: Path) -> list[tuple[int, Path]]:
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
