"""Confusion matrices whose cells can be read and clicked, and the difference of two.

Cells are coloured by a heatmap and carry invisible square markers on top, since a click on a heatmap selects nothing.
A marker's `customdata` is its cell: [true class, predicted class]. The scales begin at transparent, so that light and
dark pages serve alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.metrics import confusion_rates
from fmnist.evaluation.significance import ConfusionDifference
from fmnist.views.style import style_figure

Unit = Literal["counts", "row", "column"]

_Scale = tuple[tuple[float, str], ...]
_BLUES: _Scale = ((0.0, "rgba(33, 113, 181, 0)"), (1.0, "rgba(33, 113, 181, 1)"))
_RED_TO_BLUE: _Scale = (
    (0.0, "rgba(178, 24, 43, 1)"),
    (0.5, "rgba(178, 24, 43, 0)"),
    (0.5, "rgba(33, 113, 181, 0)"),
    (1.0, "rgba(33, 113, 181, 1)"),
)
_STRONG = 0.55  # from this share of the scale on, the cell is dark and its number white on every page
_CHOSEN, _BEYOND_CHANCE = {"color": "#E69F00", "width": 3}, {"color": "#7F7F7F", "width": 1.5}


class Cell(NamedTuple):
    """A place in the matrix, as two class labels."""

    true: int
    predicted: int


@dataclass(frozen=True)
class Look:
    """How matrices are drawn: `side` pixels high, in a column as wide; numbers in the page's text colour, `ink`."""

    side: int
    ink: str
    chosen: Cell | None = None


_CELLS = [Cell(true, predicted) for true in range(N_CLASSES) for predicted in range(N_CLASSES)]


def confusion_figures(counts: Mapping[str, np.ndarray], unit: Unit, look: Look) -> list[go.Figure]:
    """Draw matrices of counts (10, 10), by title, in the same class order and colour range.

    Numbers are counts, or percent of the row or of the column. Colours go by the square root, so that a diagonal near
    1,000 leaves room for mistakes near 10.
    """
    values = {title: _in_unit(one, unit) for title, one in counts.items()}
    limit = max(np.nanmax(one) for one in values.values())
    figures = []
    for title, one in counts.items():
        texts = [_number(value, unit) for value in values[title].ravel()]
        support = one.sum(axis=1)
        hover = [f"{_cell_name(cell)}<br>{one[cell]:,} of {support[cell.true]:,}" for cell in _CELLS]
        figure = _colour_cells(np.sqrt(values[title] / limit), _BLUES)
        _add_numbers(figure, texts, hover, look)
        figures.append(_finish(figure, title, look))
    return figures


def confusion_difference_figure(difference: ConfusionDifference, names: tuple[str, str], look: Look) -> go.Figure:
    """Draw how many more (blue) or fewer (red) images the first of two runs puts in each cell.

    Cells that differ by more than chance have a frame and a bold number with an asterisk.
    """
    counts = difference.counts
    texts = [_signed(*cell) for cell in zip(counts.ravel(), difference.beyond_chance.ravel(), strict=True)]
    hover = [
        f"{_cell_name(cell)}<br>{_describe_difference(int(counts[cell]), names)}"
        f"<br>p = {difference.p_values[cell]:.2g} (McNemar, Holm over 100 cells)"
        for cell in _CELLS
    ]
    figure = _colour_cells(counts / max(1, np.abs(counts).max()), _RED_TO_BLUE)
    _add_numbers(figure, texts, hover, look)
    for true, predicted in np.argwhere(difference.beyond_chance).tolist():
        _outline(figure, Cell(true, predicted), _BEYOND_CHANCE)
    return _finish(figure, f"{names[0]}<br>less {names[1]}", look)


def _colour_cells(shades: np.ndarray, scale: _Scale) -> go.Figure:
    """Colour the cells by shades (10, 10) from 0 to 1 or, where the scale has a middle, from −1 to 1."""
    low = 0 if len(scale) == 2 else -1
    heatmap = go.Heatmap(
        z=shades, zmin=low, zmax=1, colorscale=scale, showscale=False, hoverinfo="skip", xgap=1, ygap=1
    )
    return go.Figure(heatmap)


def _add_numbers(figure: go.Figure, texts: Sequence[str], hover: Sequence[str], look: Look) -> None:
    """Lay numbers and clickable markers over the coloured cells, white on the strong ones."""
    strong = np.nan_to_num(np.abs(figure.data[0].z)).ravel() >= _STRONG
    for members, color in ((~strong, look.ink), (strong, "white")):
        positions = np.flatnonzero(members).tolist()
        figure.add_scatter(
            x=[_CELLS[position].predicted for position in positions],
            y=[_CELLS[position].true for position in positions],
            mode="markers+text",
            marker={"symbol": "square", "size": 24, "color": "rgba(0, 0, 0, 0)"},
            text=[texts[position] for position in positions],
            textfont={"size": 11, "color": color},
            unselected={"marker": {"opacity": 1}, "textfont": {"color": color}},
            hovertext=[hover[position] for position in positions],
            hoverinfo="text",
            customdata=[list(_CELLS[position]) for position in positions],
            showlegend=False,
        )


def _finish(figure: go.Figure, title: str, look: Look) -> go.Figure:
    ends = [-0.5, N_CLASSES - 0.5]
    axis = {
        "tickvals": list(range(N_CLASSES)),
        "ticktext": CLASS_NAMES,
        "tickfont": {"size": 11},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "constrain": "domain",
        "fixedrange": True,
    }
    figure.update_xaxes(axis, range=ends, title="Predicted class", tickangle=-45)
    figure.update_yaxes(axis, range=ends[::-1], title="True class", scaleanchor="x", constraintoward="top")
    if look.chosen is not None:
        _outline(figure, look.chosen, _CHOSEN)
    style_figure(figure, look.side)
    second_line = 18 * title.count("<br>")
    return figure.update_layout(
        title={
            "text": title,
            "font": {"size": 14},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
        },
        title_pad={"t": 4 + second_line},
        margin={"l": 0, "r": 0, "t": 28 + second_line, "b": 0},
        clickmode="event+select",
        dragmode=False,
        hovermode="closest",
    )


def _outline(figure: go.Figure, cell: Cell, line: dict[str, object]) -> None:
    left, top = cell.predicted - 0.5, cell.true - 0.5
    figure.add_shape(type="rect", x0=left, x1=left + 1, y0=top, y1=top + 1, line=line)


def _in_unit(counts: np.ndarray, unit: Unit) -> np.ndarray:
    return counts.astype(float) if unit == "counts" else 100 * confusion_rates(counts, unit)


def _number(value: float, unit: Unit) -> str:
    if not value > 0:  # an empty cell stays blank, and so does one of an empty row or column
        return ""
    return f"{value:.0f}" if unit == "counts" or value >= 99.95 else f"{value:.1f}"


def _signed(count: int, beyond_chance: bool) -> str:
    if count == 0:
        return ""
    number = f"{count:+d}".replace("-", "−")
    return f"<b>{number}*</b>" if beyond_chance else number


def _cell_name(cell: Cell) -> str:
    if cell.true == cell.predicted:
        return f"{CLASS_NAMES[cell.true]}, called so"
    return f"{CLASS_NAMES[cell.true]} called {CLASS_NAMES[cell.predicted]}"


def _describe_difference(count: int, names: tuple[str, str]) -> str:
    if count == 0:
        return f"equally many by {names[0]} and {names[1]}"
    more, other = names if count > 0 else names[::-1]
    return f"{abs(count)} more by {more} than by {other}"
