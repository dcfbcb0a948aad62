"""Confusion matrices: which classes does each contender mix up?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import check_test_set
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES, CLASS_PLURALS, N_CLASSES
from fmnist.evaluation.metrics import FrequentConfusion, confusion_rates, count_confusions, frequent_confusions
from fmnist.imports.hidden import START
from fmnist.views.parts import Column, Finding, Table
from fmnist.wording import be, join, percent, plural, sentence

Unit = Literal["counts", "row", "column"]

FEWEST_SHOWN = 10  # hidden images of a predicted class
FREQUENT_OF_EACH = 5  # mistakes in the rows of one contender
_FREQUENT, _FREQUENT_BELOW = 12, 3  # mistakes in the table of all, and below a matrix


class Cell(NamedTuple):
    """A place in the matrix, as two class labels."""

    true: int
    predicted: int

    @property
    def name(self) -> str:
        """The cell in words, as in "Shirt → T-shirt/top"."""
        return f"{CLASS_NAMES[self.true]} → {CLASS_NAMES[self.predicted]}"


@dataclass(frozen=True, eq=False)
class Matrix:
    """The confusion matrix of one contender: `counts` is int (10, 10), with all its `runs` together."""

    key: str
    name: str
    counts: np.ndarray
    runs: int = 1

    def in_unit(self, unit: Unit) -> np.ndarray:
        """Return images as a mean over runs, or percent of the row (recall) or of the column (precision).

        Percent of an empty row or column are NaN.
        """
        return self.counts / self.runs if unit == "counts" else 100 * confusion_rates(self.counts, unit)


@dataclass(frozen=True, eq=False)
class Confusions:
    """The confusion matrices of contenders on one test set, in their order."""

    matrices: Sequence[Matrix]

    def limit(self, unit: Unit) -> float:
        """Return the largest value of all matrices: the end of the colour range that they share."""
        return float(max(np.nanmax(matrix.in_unit(unit)) for matrix in self.matrices))


def compute(contenders: Sequence[Contender]) -> Confusions:
    """Count the confusions of contenders that share a test set; predicted classes are enough.

    Raises:
        ValueError: if a contender has no test predictions, or their test sets differ.
        RunError: if predictions cannot be read.
    """
    check_test_set(contenders)
    names = distinct_titles(contenders)
    return Confusions([_count(one, name) for one, name in zip(contenders, names, strict=True)])


def tells_labels(contender: Contender) -> bool:
    """Return whether a matrix would tell single hidden labels: a file predicts a class on a few images alone.

    Raises:
        RunError: if predictions cannot be read.
    """
    classes = contender.classes("test") if contender.test_set.startswith(START) else None
    if classes is None:
        return False
    counts = np.array([np.bincount(row, minlength=N_CLASSES) for row in classes])
    return bool(((counts > 0) & (counts < FEWEST_SHOWN)).any())


def finding(confusions: Confusions) -> Finding:
    """Say which mistake is the most frequent one in the mean of the contenders, and how often they make it."""
    matrices = confusions.matrices
    names = [matrix.name for matrix in matrices]
    frequent = _most_frequent(matrices, limit=1)
    if not frequent:
        return Finding(f"{join(names)} {be(len(names))} right on every image.")
    (cell,) = frequent
    said = sentence(f"{CLASS_PLURALS[cell.true]} are most often mistaken for {CLASS_PLURALS[cell.predicted]}")
    reached = [f"{matrix.name} {percent(_share(matrix, cell))}" for matrix in matrices]
    return Finding(f"{said}: {_range(matrices, cell)}.", f"{'; '.join(reached)} of the class.")


def describe_frequent(matrix: Matrix) -> str:
    """Say which mistakes are the most frequent ones in a matrix, as in "Most often Shirt → Coat: 54 of 1,000"."""
    frequent = frequent_confusions(matrix.counts, _FREQUENT_BELOW)
    cells = (f"{_cell(one).name}: {one.count / matrix.runs:,.0f} of {one.support // matrix.runs:,}" for one in frequent)
    seeds = f" (mean over {plural(matrix.runs, 'seed')})" if matrix.runs > 1 else ""
    return f"Most often {'; '.join(cells)}{seeds}." if frequent else "No mistakes."


def table(confusions: Confusions) -> Table:
    """Return the most frequent mistakes in the mean of the contenders, each one's in percent of the true class."""
    matrices = confusions.matrices
    columns = [Column("Mistake"), *(Column(f"{one.name} (%)", "%.1f", key=one.key) for one in matrices)]
    rows = [
        [cell.name, *(100 * _share(matrix, cell) for matrix in matrices)]
        for cell in _most_frequent(matrices, limit=_FREQUENT)
    ]
    return Table(columns, rows)


def table_of_cells(matrix: Matrix, unit: Unit) -> Table:
    """Return all cells of a matrix in a unit, row by row."""
    columns = [Column("True class"), *(Column(name, "%.1f") for name in CLASS_NAMES)]
    return Table(columns, [[name, *row] for name, row in zip(CLASS_NAMES, matrix.in_unit(unit).tolist(), strict=True)])


def table_of_each(confusions: Confusions) -> Table:
    """Return the few most frequent mistakes of each contender, row by row."""
    rows = [
        [matrix.key, matrix.name, _cell(one).name, f"{one.count:,} of {one.support:,}"]
        for matrix in confusions.matrices
        for one in frequent_confusions(matrix.counts, FREQUENT_OF_EACH)
    ]
    columns = [Column("key", machine=True), Column("Model"), Column("Mistake"), Column("Images, all seeds")]
    return Table(columns, rows)


def _count(contender: Contender, name: str) -> Matrix:
    labels, classes = contender.labels("test"), contender.classes("test")
    if labels is None or classes is None:
        raise ValueError(f"{contender.title} has no test predictions.")
    counts = np.asarray(np.sum([count_confusions(labels, predicted) for predicted in classes], axis=0))
    return Matrix(contender.key, name, counts, len(classes))


def _range(matrices: Sequence[Matrix], cell: Cell) -> str:
    """Return how often contenders make a mistake: "80 to 116 of 1,000", or percent where their images differ."""
    images = {int(matrix.counts[cell.true].sum()) // matrix.runs for matrix in matrices}
    shares = [_share(matrix, cell) for matrix in matrices]
    ends = (min(shares), max(shares))
    if len(images) > 1:
        return " to ".join(dict.fromkeys(percent(end, 1) for end in ends))
    (total,) = images
    return f"{' to '.join(dict.fromkeys(f'{end * total:,.0f}' for end in ends))} of {total:,}"


def _most_frequent(matrices: Sequence[Matrix], limit: int) -> list[Cell]:
    """Return the mistakes with the largest mean share of their class; each contender counts the same."""
    shares = np.mean([np.nan_to_num(confusion_rates(matrix.counts, "row")) for matrix in matrices], axis=0)
    np.fill_diagonal(shares, 0)
    places = np.argsort(-shares, axis=None, kind="stable")[:limit]
    cells = [Cell(*(int(label) for label in np.unravel_index(place, shares.shape))) for place in places]
    return [cell for cell in cells if shares[cell]]


def _share(matrix: Matrix, cell: Cell) -> float:
    """Return the share of a true class that lies in a cell; 0 where there is no image of that class."""
    images = int(matrix.counts[cell.true].sum())
    return int(matrix.counts[cell]) / images if images else 0.0


def _cell(confusion: FrequentConfusion) -> Cell:
    return Cell(confusion.true, confusion.predicted)
