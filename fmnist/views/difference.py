"""The difference of two confusion matrices: where does one contender put more images than the other?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_PLURALS, N_CLASSES
from fmnist.evaluation.confusions import ConfusionDifference, compare_confusions
from fmnist.views.confusion import Cell, Matrix
from fmnist.views.confusion import compute as compute_matrices
from fmnist.views.confusion_figure import CELLS, ORANGE_TO_BLUE, Style, describe_cell, draw_cells
from fmnist.views.parts import Badge, Column, Drawn, Finding, Table, file_stem
from fmnist.views.verdict_words import SINGLE_RUNS
from fmnist.wording import true_minus

_BETTER = np.where(np.eye(N_CLASSES, dtype=bool), 1, -1)  # more images are better on the diagonal, fewer elsewhere
_LEGEND = "&nbsp; &nbsp; ".join(
    f'<span style="color: {color}">■</span> {name} better'
    for (_, color), name in zip(ORANGE_TO_BLUE[::-3], "AB", strict=True)
)
_ROUNDED = 10  # images: from there on a mean over runs has no decimals in its cell


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
    """Compare two of several contenders cell by cell; the runs of a seed group count together.

    Raises:
        ValueError: if one of the two has no test predictions, or their test sets differ.
        RunError: if predictions cannot be read.
    """
    matrices = compute_matrices(contenders).matrices
    a, b = contenders[options.a], contenders[options.b]
    labels, predicted_a, predicted_b = a.labels("test"), a.classes("test"), b.classes("test")
    if labels is None or predicted_a is None or predicted_b is None:
        raise ValueError(f"{(a if labels is None else b).title} has no test predictions.")
    return Difference(matrices[options.a], matrices[options.b], compare_confusions(labels, predicted_a, predicted_b))


def finding(difference: Difference) -> Finding:
    """Say in how many cells the two differ significantly, and where among the mistakes they differ most."""
    change, names = difference.change, (difference.a.name, difference.b.name)
    badges, details = tuple(_list_badges(change)), _explain_test(change)
    if not change.beyond_chance.any():
        return Finding("No cell differs significantly between the two models.", details, badges)
    mistakes = np.where(change.beyond_chance & ~np.eye(N_CLASSES, dtype=bool), change.counts, 0)
    true, predicted = divmod(int(np.abs(mistakes).argmax()), N_CLASSES)
    count = float(mistakes[true, predicted])
    if not count:
        return Finding("Only correct predictions differ significantly.", details, badges)
    fewer = names[0] if count < 0 else names[1]
    images = f"{_write_count(abs(count), change)} fewer {CLASS_PLURALS[true]} for {CLASS_PLURALS[predicted]}"
    return Finding(f"{fewer} mistakes {images}.", details, badges)


def explain(difference: Difference) -> str:
    """Say what numbers, colours and frames mean, and how the difference was tested."""
    change = difference.change
    per_run = "" if change.exact else ", mean over seeds"
    seeds = "test over images and seeds" if change.scope == "networks" else "paired test over images"
    test = "McNemar test" if change.exact else seeds
    return (
        f"Each cell shows images of A − images of B{per_run}. "
        "More is better on the diagonal, fewer is better elsewhere. "
        f"Outlined cells (*) differ significantly ({test}, Holm-corrected, 5%)."
    )


def figures(difference: Difference, style: Style) -> dict[str, Drawn]:
    """Draw how many more or fewer images the first of the two puts in each cell: "difference".

    Colours say which of the two is better there: the one with more images on the diagonal, with fewer elsewhere. Cells
    that differ significantly have a frame and a number with an asterisk.
    """
    change, names = difference.change, (difference.a.name, difference.b.name)
    texts = [
        _write_signed(float(count), beyond, change)
        for count, beyond in zip(change.counts.ravel(), change.beyond_chance.ravel(), strict=True)
    ]
    hover = [
        f"{describe_cell(cell)}<br>{_describe_change(float(change.counts[cell]), names, change)}"
        f"<br>p = {change.p_values[cell]:.2g}, adjusted for 100 cells"
        for cell in CELLS
    ]
    shades = _BETTER * change.counts / max(1, np.abs(change.counts).max())
    figure = draw_cells(shades, ORANGE_TO_BLUE, texts, hover, _LEGEND, style, _cells_beyond_chance(change))
    alt = f"Confusion matrix of {names[0]} − that of {names[1]}. {finding(difference).headline}"
    return {"difference": Drawn(figure, alt, file_stem("difference", [difference.a.key, difference.b.key]))}


def table(difference: Difference) -> Table:
    """Return the cells that differ significantly, the largest difference first; counts are means over runs."""
    a, b, change = difference.a, difference.b, difference.change
    cells = sorted(_cells_beyond_chance(change), key=lambda cell: -abs(float(change.counts[cell])))
    written = "" if change.exact else "%.1f"
    columns = [
        Column("Cell"),
        Column(a.name, written, key=a.key),
        Column(b.name, written, key=b.key),
        Column("Difference", "" if change.exact else "%+.1f"),
        Column("p (Holm)", "%.1e"),
    ]
    number = int if change.exact else float
    rows = [
        [
            cell.name,
            number(a.counts[cell] / change.runs_a),
            number(b.counts[cell] / change.runs_b),
            number(change.counts[cell]),
            float(f"{change.p_values[cell]:.2g}"),
        ]
        for cell in cells
    ]
    return Table(columns, rows)


def _list_badges(change: ConfusionDifference) -> Iterator[Badge]:
    """Say how many cells differ, and whether that speaks of these runs only."""
    beyond = int(change.beyond_chance.sum())
    if beyond:
        yield Badge(f"{beyond} of 100 cells {'differs' if beyond == 1 else 'differ'} significantly")
    if change.scope == "runs":
        yield Badge("Single runs", help=SINGLE_RUNS)


def _explain_test(change: ConfusionDifference) -> str:
    """Say how the cells were tested, and what that holds for."""
    if change.exact:
        return f"{SINGLE_RUNS} McNemar's exact test in each cell, Holm-corrected for 100 cells, 5%."
    runs = f"{change.runs_a} and {change.runs_b} runs"
    if change.scope == "runs":
        return f"{SINGLE_RUNS} Paired test in each cell over images, {runs}, Holm-corrected for 100 cells, 5%."
    return f"Test in each cell over images and seeds, {runs}, Holm-corrected for 100 cells, 5%."


def _cells_beyond_chance(change: ConfusionDifference) -> list[Cell]:
    return [Cell(*cell) for cell in np.argwhere(change.beyond_chance).tolist()]


def _write_count(count: float, change: ConfusionDifference) -> str:
    return f"{count:,.0f}" if change.exact or count >= _ROUNDED else f"{count:,.1f}"


def _write_signed(count: float, beyond_chance: bool, change: ConfusionDifference) -> str:
    if not count:
        return ""
    number = true_minus(f"{count:+.0f}" if change.exact or abs(count) >= _ROUNDED else f"{count:+.1f}")
    return f"{number}*" if beyond_chance else number


def _describe_change(count: float, names: tuple[str, str], change: ConfusionDifference) -> str:
    if not count:
        return f"as many by {names[0]} as by {names[1]}"
    more, other = names if count > 0 else names[::-1]
    return f"{_write_count(abs(count), change)} more by {more} than by {other}"
