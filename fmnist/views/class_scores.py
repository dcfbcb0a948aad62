"""Precision, recall, F1 and top-2 accuracy by class: which class is the hardest, and for which contender?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.metrics import ClassScores, class_scores, top_two_by_class
from fmnist.views.class_panels import class_panels_figure
from fmnist.views.confusion import compute as compute_matrices
from fmnist.views.parts import Column, Drawn, Finding, Table, file_stem
from fmnist.wording import join, percent, sentence

_TITLES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
_TOP_TWO = "Top-2 accuracy"
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Class"),
    *(Column(f"{title} (%)", "%.2f") for title in _TITLES.values()),
    Column(f"{_TOP_TWO} (%)", "%.2f", "How often the true class is among the two most likely ones"),
    Column("Images", "localized"),
)


@dataclass(frozen=True, eq=False)
class Line:
    """The scores of one contender, with its key, name and look.

    `top_two` is how often the true class is among the two most likely ones, the mean over runs, (10,): NaN without
    probabilities. `runs` are counted together.
    """

    key: str
    name: str
    look: Look
    scores: ClassScores
    top_two: np.ndarray = field(default_factory=lambda: np.full(N_CLASSES, np.nan))
    runs: int = 1


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores by class of several contenders, in their order."""

    lines: Sequence[Line]


def compute(contenders: Sequence[Contender]) -> Scores:
    """Score contenders that share a test set; raises as the view of their confusion matrices does."""
    looked = zip(contenders, compute_matrices(contenders).matrices, distinct_looks(contenders), strict=True)
    return Scores(
        [
            Line(matrix.key, matrix.name, look, class_scores(matrix.counts), _score_top_two(one), matrix.runs)
            for one, matrix, look in looked
        ]
    )


def finding(scores: Scores) -> Finding:
    """Say which class has the lowest mean F1, and what the contenders reach there."""
    f1 = np.stack([line.scores.f1 for line in scores.lines])
    weakest = hardest(scores)
    ends = dict.fromkeys(percent(end, 1) for end in (f1[:, weakest].min(), f1[:, weakest].max()))
    reached = [f"{line.name} {percent(line.scores.f1[weakest])}" for line in scores.lines]
    headline = f"{CLASS_NAMES[weakest]} is the hardest class: F1 {' to '.join(ends)}."
    return Finding(headline, f"{'; '.join(reached)}. Lowest mean F1 of all classes.")


def hardest(scores: Scores) -> int:
    """Return the class with the lowest mean F1."""
    return int(np.nanargmin(np.stack([line.scores.f1 for line in scores.lines]).mean(axis=0)))


def figures(scores: Scores) -> dict[str, Drawn]:
    """Draw precision, recall, F1 and, where it is known, top-2 accuracy in percent: "class_scores"."""
    lines = scores.lines
    panels = {title: [getattr(line.scores, score) for line in lines] for score, title in _TITLES.items()}
    top_two = [line.top_two for line in lines]
    if not np.isnan(top_two).all():
        panels[_TOP_TWO] = top_two
    figure = class_panels_figure([line.name for line in lines], [line.look for line in lines], panels)
    titles = join([title if title[1].isdigit() else title.lower() for title in panels])
    keys = [line.key for line in lines]
    alt, said = f"{sentence(titles)} by class for each model.", finding(scores).headline
    return {"class_scores": Drawn(figure, alt, file_stem("scores", keys), said)}


def table(scores: Scores) -> Table:
    """Return one row for each contender and class, scores in percent; None where a score is undefined."""
    rows = [
        [
            line.key,
            line.name,
            name,
            *(_in_percent(getattr(line.scores, score)[label]) for score in _TITLES),
            _in_percent(line.top_two[label]),
            int(line.scores.support[label]) // line.runs,
        ]
        for line in scores.lines
        for label, name in enumerate(CLASS_NAMES)
    ]
    return Table(_COLUMNS, rows)


def _score_top_two(contender: Contender) -> np.ndarray:
    labels, probs = contender.labels("test"), contender.probabilities("test")
    if labels is None or probs is None:
        return np.full(N_CLASSES, np.nan)
    return np.asarray(np.mean([top_two_by_class(labels, row) for row in probs], axis=0))


def _in_percent(share: float) -> float | None:
    return None if np.isnan(share) else 100 * float(share)
