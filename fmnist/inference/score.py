"""How well a classifier reads pictures from files, on the very path that the Predict page takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist.evaluation.intervals import Interval, macro_interval, wilson_interval
from fmnist.inference.picture import PictureError, load_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.serving import CLASSES, Classifier


@dataclass(frozen=True, eq=False)
class PicturePrediction:
    """What the classifiers say of one file: `probs` (10,) by classifier, or the `error` that kept it unread."""

    path: Path
    kind: str | None = None
    warnings: tuple[str, ...] = ()
    probs: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Score:
    """What was read right of some pictures: `confusion` is int64 (10, 10), true class by row.

    Accuracies are fractions; the macro accuracy averages those of the classes present, and its interval is one of 95 %.
    """

    confusion: NDArray[np.int64]
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
        part = np.zeros_like(self.confusion)
        part[list(labels)] = self.confusion[list(labels)]
        return Score(part) if part.any() else None


def predict_pictures(
    paths: Iterable[Path], classifiers: Mapping[str, Classifier], kind: str = "auto"
) -> list[PicturePrediction]:
    """Prepare and classify each file by every classifier; a file that cannot be read does not stop the others."""
    return [_predict(Path(path), classifiers, kind) for path in paths]


def score_folder(folder: Path, classifier: Classifier, kind: str = "auto") -> Score:
    """Score a folder of pictures sorted into subfolders `<index>_<name>`, index from 0 to 9.

    Raises ValueError where there is nothing to score.
    """
    labelled = _labelled_files(folder)
    predictions = predict_pictures([path for _, path in labelled], {"": classifier}, kind)
    pairs = [(label, int(p.probs[""].argmax())) for (label, _), p in zip(labelled, predictions, strict=True) if p.probs]
    if not pairs:
        raise ValueError(f"No picture in {folder} could be read.")
    unreadable = tuple((str(p.path.relative_to(folder)), p.error) for p in predictions if p.error is not None)
    return tally(np.array(pairs), unreadable)


def tally(pairs: NDArray[np.int64], unreadable: tuple[tuple[str, str], ...] = ()) -> Score:
    """Turn (true, predicted) pairs, int (n, 2), into a score."""
    confusion = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(confusion, tuple(pairs.T), 1)
    return Score(confusion, unreadable)


def _predict(path: Path, classifiers: Mapping[str, Classifier], kind: str) -> PicturePrediction:
    try:
        prepared = prepare(load_picture(path.read_bytes()), kind)
    except PictureError as error:
        return PicturePrediction(path, error=str(error))
    except OSError as error:
        return PicturePrediction(path, error=f"The file cannot be read ({error.strerror}).")
    probs = {name: classifier.probs(prepared.image[None])[0] for name, classifier in classifiers.items()}
    return PicturePrediction(path, prepared.kind, prepared.warnings, probs)


def _labelled_files(folder: Path) -> list[tuple[int, Path]]:
    """The files below `<index>_<name>` subfolders, each with its class, in a stable order and without hidden ones."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}.")
    classes = {path: path.name.partition("_")[0] for path in sorted(folder.iterdir()) if path.is_dir()}
    files = [
        (int(index), path)
        for subfolder, index in classes.items()
        if index.isdecimal() and int(index) < CLASSES
        for path in sorted(subfolder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    ]
    if not files:
        raise ValueError(f"{folder} holds no pictures in subfolders named <index>_<name>, such as 0_tshirt.")
    return files
