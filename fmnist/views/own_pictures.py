"""How well do the models read one person's own pictures, and what does teaching them change?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import N_CLASSES
from fmnist.evaluation.intervals import Interval, wilson_interval
from fmnist.evaluation.significance import mcnemar_p_values
from fmnist.pictures.taught import Taught
from fmnist.views.parts import Badge, Card, Column, Drawn, Finding, Table
from fmnist.wording import percent, plural, span

PRIVACY = (
    "Pictures are stored on the machine that runs this page, and there alone. No other browser can see them. "
    "Delete them on My pictures."
)
BEGIN = (
    "Say what is on a picture below its answer on Predict, or add pictures here. They show how well each model reads "
    "what you draw and photograph, and ten of them teach a model of your own."
)
WHAT_TEACHING_DOES = (
    "Your model starts from the answers of the reader that Predict would choose, and learns from frozen features of "
    "your pictures. It takes seconds."
)
NOTHING_FOUND = -1  # in the place of a class, where no item was found in a picture
FEW = 30  # pictures, below which an interval is too wide to compare models
_SIGNIFICANT = 0.05
_TAUGHT = "My model (cross-validated)"
_COLUMNS = (
    Column("Model"),
    Column("key", machine=True),
    Column("Accuracy (%)", "%.1f"),
    Column("95% CI"),
    Column("Right"),
    Column("Pictures"),
)


@dataclass(frozen=True)
class Row:
    """How many of the pictures of the ten classes a model reads right; `taught` marks what these pictures taught."""

    key: str
    title: str
    look: Look
    right: int
    n: int
    taught: bool = False

    @property
    def accuracy(self) -> float:
        """The share, as a fraction."""
        return self.right / self.n

    @property
    def interval(self) -> Interval:
        """Wilson's 95% interval."""
        return wilson_interval(self.right, self.n)


def compute(contenders: Sequence[Contender], answers: Mapping[str, Sequence[int]], truth: Sequence[int]) -> list[Row]:
    """Return the accuracy of each model that answered, the best first.

    Args:
        contenders: the models.
        answers: what those of them said that can answer, by key: a label for each picture, or `NOTHING_FOUND`.
        truth: the labels of the pictures; those of classes besides the ten are left out.
    """
    labels = np.array(truth)
    known = labels < N_CLASSES
    asked = [contender for contender in contenders if contender.key in answers]
    rows = [
        Row(one.key, title, one.look, int((np.array(answers[one.key]) == labels)[known].sum()), int(known.sum()))
        for one, title in zip(asked, distinct_titles(asked), strict=True)
        if known.any()
    ]
    return sorted(rows, key=lambda row: -row.right)


def add_taught(rows: Sequence[Row], contender: Contender, taught: Taught) -> list[Row]:
    """Return the rows with that of the model that the pictures taught, as it was when it had not seen each of them."""
    known = taught.truth < N_CLASSES
    if not known.any():
        return [*rows]
    right = int((taught.after == taught.truth)[known].sum())
    own = Row(contender.key, _TAUGHT, contender.look, right, int(known.sum()), taught=True)
    return sorted([*rows, own], key=lambda row: -row.right)


def finding(rows: Sequence[Row], pictures: int) -> Finding:
    """Say which model reads the pictures best."""
    if not pictures:
        return Finding("You have no pictures yet.")
    if not rows:
        return Finding(f"You have {plural(pictures, 'picture')}.")
    best, several = rows[0], sum(row.right == rows[0].right for row in rows) > 1
    few = Badge("Few pictures", "caution", f"With fewer than {FEW} pictures the intervals are wide.")
    headline = f"{best.title} reads {best.right} of {plural(best.n, 'picture')} correctly."
    details = "The highest number; other models reach the same." if several else "The highest number of all models."
    return Finding(headline, details, badges=(few,) if best.n < FEW else ())


def figures(rows: Sequence[Row]) -> dict[str, Drawn]:
    """Return the figure "accuracies"."""
    from fmnist.views.own_pictures_figure import draw_accuracies

    found = f"{rows[0].title}: {percent(rows[0].accuracy, 0)}, {rows[-1].title}: {percent(rows[-1].accuracy, 0)}."
    alt = "Accuracy of each model on your own pictures with its 95% confidence interval"
    return {"accuracies": Drawn(draw_accuracies(rows), alt, "accuracy-own-pictures", found)}


def table(rows: Sequence[Row]) -> Table:
    """Return one row a model."""
    return Table(_COLUMNS, [[r.title, r.key, 100 * r.accuracy, span(*r.interval, 1), r.right, r.n] for r in rows])


def taught_finding(taught: Taught) -> Finding:
    """Say what teaching changed: the model in cross-validation beside the reader that it began as."""
    n = len(taught.truth)
    after, before = taught.after == taught.truth, taught.before == taught.truth
    (p,) = mcnemar_p_values(np.array([(after & ~before).sum()]), np.array([(before & ~after).sum()]))
    verdict = "significant" if p < _SIGNIFICANT else "not significant"
    headline = (
        f"Your model reads {after.sum()} of {n} pictures, the reader before it {before.sum()}: "
        f"a difference that is {verdict} (p = {p:.2g})."
    )
    return Finding(
        headline, f"{CROSS_VALIDATED} McNemar's exact test.", cards=(_card("Before", before), _card("Taught", after))
    )


CROSS_VALIDATED = (
    "Cross-validated: each picture is read by a model that was not taught with it. Classes of your own count as wrong "
    "before."
)


def taught_table(taught: Taught) -> Table:
    """Return one row a class: how many of its pictures the taught model recognises, and the reader before it."""
    columns = (Column("Class"), Column("Pictures"), Column("Before"), Column("Taught"), Column("Taught, 95% CI (%)"))
    rows = []
    for label, name in zip(taught.labels.tolist(), taught.names, strict=True):
        mine = taught.truth == label
        if n := int(mine.sum()):
            before, right = (int((said[mine] == label).sum()) for said in (taught.before, taught.after))
            rows.append([name, n, before, right, span(*wilson_interval(right, n), 0)])
    return Table(columns, rows)


def _card(label: str, right: np.ndarray) -> Card:
    n, count = len(right), int(right.sum())
    interval = span(*wilson_interval(count, n), 0)
    return Card(label, percent(count / n, 0), f"95% CI {interval}", f"{count} of {n} pictures")
