"""Precision, recall and F1 by class: which class is the hardest, and for which contender?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.metrics import ClassScores, class_scores
from fmnist.views.class_panels import class_panels_figure
from fmnist.views.confusion import compute as compute_matrices
from fmnist.views.parts import Column, Drawn, Table
from fmnist.wording import percent

_TITLES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
_COLUMNS = (
    Column("key", machine=True),
    Column("Run"),
    Column("Class"),
    *(Column(f"{title} (%)", "%.2f") for title in _TITLES.values()),
    Column("Images"),
)


@dataclass(frozen=True, eq=False)
class Line:
    """The scores of one contender, with its key, name and look."""

    key: str
    name: str
    look: Look
    scores: ClassScores


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores by class of several contenders, in their order."""

    lines: Sequence[Line]


def compute(contenders: Sequence[Contender]) -> Scores:
    """Score contenders that share a test set; raises as the view of their confusion matrices does."""
    looked = zip(compute_matrices(contenders).matrices, distinct_looks(contenders), strict=True)
    return Scores([Line(matrix.key, matrix.name, look, class_scores(matrix.counts)) for matrix, look in looked])


def finding(scores: Scores) -> str:
    """Say which class has the lowest mean F1, and what each contender reaches there."""
    f1 = np.stack([line.scores.f1 for line in scores.lines])
    weakest = int(np.nanargmin(f1.mean(axis=0)))
    reached = [f"{line.name} at {percent(line.scores.f1[weakest], 1)}" for line in scores.lines]
    return f"{CLASS_NAMES[weakest]} is the hardest class, by F1: {', '.join(reached)}."


def figures(scores: Scores) -> dict[str, Drawn]:
    """Draw precision, recall and F1 in percent, one above the other: "class_scores"."""
    lines = scores.lines
    panels = {title: [getattr(line.scores, score) for line in lines] for score, title in _TITLES.items()}
    figure = class_panels_figure([line.name for line in lines], [line.look for line in lines], panels)
    return {"class_scores": Drawn(figure, "Precision, recall and F1 by class for each run.", "class_scores")}


def table(scores: Scores) -> Table:
    """Return one row for each contender and class, scores in percent; None where a score is undefined."""
    rows = [
        [line.key, line.name, name, *(_in_percent(getattr(line.scores, score)[label]) for score in _TITLES), support]
        for line in scores.lines
        for label, (name, support) in enumerate(zip(CLASS_NAMES, line.scores.support.tolist(), strict=True))
    ]
    return Table(_COLUMNS, rows)


def _in_percent(share: float) -> float | None:
    return None if np.isnan(share) else 100 * float(share)
