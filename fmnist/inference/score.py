"""How well a network reads pictures from files, on the very path that the Predict page takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.intervals import Interval, macro_interval, wilson_interval
from fmnist.evaluation.metrics import count_confusions
from fmnist.inference.picture import PictureError, read_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reader, Reading


@dataclass(frozen=True, eq=False)
class PicturePrediction:
    """What the readers say of one file, by their names, or the `error` that kept it unread."""

    path: Path
    kind: str | None = None
    warnings: tuple[str, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Score:
    """What was read right of some pictures: `confusion` is int64 (10, 10), true class by row.

    `unfamiliar` counts in the same way those of them that the reader said it had seen nothing like. Accuracies are
    fractions; the macro accuracy averages those of the classes present, and its interval is one of 95 %.
    """

    confusion: NDArray[np.int64]
    unfamiliar: NDArray[np.int64]
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def n(self) -> int:
        """How many pictures were read."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The share that was named rightly."""
        return float(self.confusion.trace() / self.n)

    @property
    def accuracy_interval(self) -> Interval:
        """Wilson's interval of the accuracy."""
        return wilson_interval(int(self.confusion.trace()), self.n)

    @property
    def familiar_of_right(self) -> float | None:
        """The share of the rightly named pictures that the reader found familiar; None where it named none rightly."""
        right = self.confusion.trace()
        return float(1 - self.unfamiliar.trace() / right) if right else None

    @property
    def per_class(self) -> dict[int, float]:
        """The accuracy of each class present."""
        totals = self.confusion.sum(axis=1)
        return {label: float(self.confusion[label, label] / totals[label]) for label in np.flatnonzero(totals).tolist()}

    @property
    def macro_accuracy(self) -> float:
        """The mean of the classes' accuracies."""
        return float(np.mean(list(self.per_class.values())))

    @property
    def macro_interval(self) -> Interval:
        """The interval of the macro accuracy."""
        present = list(self.per_class)
        return macro_interval(self.confusion.diagonal()[present].tolist(), self.confusion.sum(axis=1)[present].tolist())

    def only(self, labels: Sequence[int]) -> "Score | None":
        """Return the score of the pictures of some classes, None where there are none of them."""
        kept = np.isin(np.arange(N_CLASSES), labels)[:, None]
        part = Score(self.confusion * kept, self.unfamiliar * kept)
        return part if part.n else None


def predict_pictures(
    paths: Iterable[Path], readers: Mapping[str, Reader], kind: str = "auto"
) -> list[PicturePrediction]:
    """Prepare each file and show it to every reader; a file that cannot be read does not stop the others."""
    return [_predict(Path(path), readers, kind) for path in paths]


def score_folder(folder: Path, reader: Reader, kind: str = "auto") -> Score:
    """Score a folder of pictures sorted into subfolders `<index>_<name>`, index from 0 to 9.

    Raises ValueError where there is nothing to score.
    """
    labelled = _labelled_files(folder)
    predictions = predict_pictures([path for _, path in labelled], {"": reader}, kind)
    read = [(label, p) for (label, _), p in zip(labelled, predictions, strict=True) if p.readings]
    if not read:
        raise ValueError(f"No picture in {folder} could be read.")
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
    """The files below `<index>_<name>` subfolders, each with its class, in a stable order and without hidden ones."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}.")
    classes = {path: path.name.partition("_")[0] for path in sorted(folder.iterdir()) if path.is_dir()}
    files = [
        (int(index), path)
        for subfolder, index in classes.items()
        if index.isdecimal() and int(index) < N_CLASSES
        for path in sorted(subfolder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    ]
    if not files:
        raise ValueError(f"{folder} holds no pictures in subfolders named <index>_<name>, such as 0_tshirt.")
    return files
