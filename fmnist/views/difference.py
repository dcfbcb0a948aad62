"""The difference of two confusion matrices: where does one contender put more images than the other?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.significance import ConfusionDifference, compare_confusions
from fmnist.views.confusion import Cell, Matrix
from fmnist.views.confusion import compute as compute_matrices
from fmnist.views.confusion_figure import CELLS, RED_TO_BLUE, Style, describe_cell, draw_cells
from fmnist.views.parts import Column, Drawn, Table
from fmnist.wording import true_minus


@dataclass(frozen=True)
class Options:
    """Which two of the contenders are compared, by position."""

    a: int = 0
    b: int = 1


@dataclass(frozen=True, eq=False)
class Difference:
    """The matrices of two contenders, and `change`: the first minus the second, with its significance by cell."""

    a: Matrix
    b: Matrix
    change: ConfusionDifference


def compute(contenders: Sequence[Contender], options: Options) -> Difference:
    """Compare two of several contenders, each with one row of predicted classes, cell by cell.

    Raises:
        ValueError: if one of the two has no test predictions or several rows of them, or their test sets differ.
        RunError: if predictions cannot be read.
    """
    matrices = compute_matrices(contenders).matrices
    a, b = contenders[options.a], contenders[options.b]
    labels = a.labels("test")
    if labels is None:
        raise ValueError(f"{a.title} has no test predictions.")
    return Difference(
        matrices[options.a], matrices[options.b], compare_confusions(labels, _single_row(a), _single_row(b))
    )


def finding(difference: Difference) -> str:
    """Say in how many cells the two differ by more than chance, and where among the mistakes they differ most."""
    change, names = difference.change, (difference.a.name, difference.b.name)
    beyond = int(change.beyond_chance.sum())
    if not beyond:
        return f"Between {names[0]} and {names[1]} no cell differs by more than chance."
    cells = f"{beyond} of 100 cells {'differs' if beyond == 1 else 'differ'} by more than chance"
    mistakes = np.where(change.beyond_chance & ~np.eye(N_CLASSES, dtype=bool), change.counts, 0)
    true, predicted = divmod(int(np.abs(mistakes).argmax()), N_CLASSES)
    count = int(mistakes[true, predicted])
    if not count:
        return f"{cells} between {names[0]} and {names[1]}, on the diagonal alone."
    fewer, other = names if count < 0 else names[::-1]
    return (
        f"{fewer} takes {CLASS_NAMES[true]} for {CLASS_NAMES[predicted]} on {abs(count):,} fewer images than {other}; "
        f"{cells}."
    )


def explain(difference: Difference) -> str:
    """Say what colours and frames mean, and how the difference was tested."""
    return (
        f"Images in each cell. Blue: more by {difference.a.name}. Red: more by {difference.b.name}. Framed, with an "
        "asterisk and in the table: beyond chance at 5% (McNemar's exact test in each cell, Holm's correction for 100 "
        "cells)."
    )


def figures(difference: Difference, style: Style) -> dict[str, Drawn]:
    """Draw how many more (blue) or fewer (red) images the first of the two puts in each cell: "difference".

    Cells that differ by more than chance have a frame and a bold number with an asterisk.
    """
    change, names = difference.change, (difference.a.name, difference.b.name)
    texts = [_write_signed(*cell) for cell in zip(change.counts.ravel(), change.beyond_chance.ravel(), strict=True)]
    hover = [
        f"{describe_cell(cell)}<br>{_describe_change(int(change.counts[cell]), names)}"
        f"<br>p = {change.p_values[cell]:.2g} (McNemar, Holm over 100 cells)"
        for cell in CELLS
    ]
    shades = change.counts / max(1, np.abs(change.counts).max())
    title = f"{names[0]}<br>less {names[1]}"
    figure = draw_cells(shades, RED_TO_BLUE, texts, hover, title, style, _cells_beyond_chance(change))
    return {"difference": Drawn(figure, f"Confusion matrix of {names[0]} less that of {names[1]}.", "difference")}


def table(difference: Difference) -> Table:
    """Return the cells that differ by more than chance, the largest difference first."""
    a, b, change = difference.a, difference.b, difference.change
    cells = sorted(_cells_beyond_chance(change), key=lambda cell: -abs(int(change.counts[cell])))
    columns = [
        Column("Cell"),
        Column(a.name, key=a.key),
        Column(b.name, key=b.key),
        Column("Difference"),
        Column("p (Holm)", "%.1e"),
    ]
    rows = [
        [
            cell.name,
            int(a.counts[cell]),
            int(b.counts[cell]),
            int(change.counts[cell]),
            float(f"{change.p_values[cell]:.2g}"),
        ]
        for cell in cells
    ]
    return Table(columns, rows)


def _single_row(contender: Contender) -> np.ndarray:
    """Return the predicted classes of a contender that has one row of them, (n,)."""
    classes = contender.classes("test")
    if classes is None or len(classes) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of test predictions to be compared cell by cell.")
    return np.asarray(classes[0])


def _cells_beyond_chance(change: ConfusionDifference) -> list[Cell]:
    return [Cell(*cell) for cell in np.argwhere(change.beyond_chance).tolist()]


def _write_signed(count: int, beyond_chance: bool) -> str:
    if count == 0:
        return ""
    number = true_minus(f"{count:+d}")
    return f"<b>{number}*</b>" if beyond_chance else number


def _describe_change(count: int, names: tuple[str, str]) -> str:
    if count == 0:
        return f"equally many by {names[0]} and {names[1]}"
    more, other = names if count > 0 else names[::-1]
    return f"{abs(count)} more by {more} than by {other}"
