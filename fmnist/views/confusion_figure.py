"""Confusion matrices as figures whose cells can be read and clicked.

Cells are coloured by a heatmap and carry invisible square markers on top, since a click on a heatmap selects nothing.
A marker's `customdata` is its cell: [true class, predicted class]. The scales begin at transparent, so that light and
dark pages serve alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.views.confusion import Cell, Confusions, Matrix, Unit
from fmnist.views.parts import Drawn
from fmnist.views.style import house_layout

CELLS = [Cell(true, predicted) for true in range(N_CLASSES) for predicted in range(N_CLASSES)]

Scale = tuple[tuple[float, str], ...]
BLUES: Scale = ((0.0, "rgba(33, 113, 181, 0)"), (1.0, "rgba(33, 113, 181, 1)"))
RED_TO_BLUE: Scale = (
    (0.0, "rgba(178, 24, 43, 1)"),
    (0.5, "rgba(178, 24, 43, 0)"),
    (0.5, "rgba(33, 113, 181, 0)"),
    (1.0, "rgba(33, 113, 181, 1)"),
)
_STRONG = 0.55  # from this share of the scale on, the cell is dark and its number white on every page
_CHOSEN, _MARKED = {"color": "#E69F00", "width": 3}, {"color": "#7F7F7F", "width": 1.5}
_LINE = 18  # pixels of a second line of the title
_AXIS = {
    "tickvals": list(range(N_CLASSES)),
    "ticktext": CLASS_NAMES,
    "tickfont": {"size": 11},
    "showgrid": False,
    "zeroline": False,
    "ticks": "",
    "constrain": "domain",
    "fixedrange": True,
}


@dataclass(frozen=True)
class Style:
    """How a matrix is drawn.

    It is `side` pixels high, in a column as wide. Numbers have the page's text colour, `ink`, and the `chosen` cell has
    a frame.
    """

    side: int
    ink: str
    chosen: Cell | None = None


def figures(confusions: Confusions, unit: Unit, style: Style) -> dict[str, Drawn]:
    """Draw all matrices in the same class order and colour range; the figures are named by the contenders' keys."""
    limit = confusions.limit(unit)
    return {matrix.key: draw_matrix(matrix, unit, limit, style) for matrix in confusions.matrices}


def draw_matrix(matrix: Matrix, unit: Unit, limit: float, style: Style) -> Drawn:
    """Draw one matrix, its colours from 0 to `limit`.

    Numbers are counts, or percent of the row or of the column. Colours go by the square root, so that a diagonal near
    1,000 leaves room for mistakes near 10.
    """
    values, counts = matrix.in_unit(unit), matrix.counts
    support = counts.sum(axis=1)
    texts = [_write(value, unit) for value in values.ravel()]
    hover = [f"{describe_cell(cell)}<br>{counts[cell]:,} of {support[cell.true]:,}" for cell in CELLS]
    figure = draw_cells(np.sqrt(values / limit), BLUES, texts, hover, matrix.name, style)
    return Drawn(figure, f"Confusion matrix of {matrix.name}.", f"matrix_{matrix.key.replace(':', '-')}")


def draw_cells(
    shades: np.ndarray,
    scale: Scale,
    texts: Sequence[str],
    hover: Sequence[str],
    title: str,
    style: Style,
    marked: Iterable[Cell] = (),
) -> go.Figure:
    """Draw 100 coloured cells with their numbers, each of which can be clicked.

    Args:
        shades: (10, 10), from 0 to 1 or, where the scale has a middle, from −1 to 1; NaN stays blank.
        scale: the colours from the lowest shade to the highest.
        texts: the numbers in the cells, row by row.
        hover: what the pointer shows on each cell.
        title: one line, or two that <br> divides.
        style: size, colour and chosen cell.
        marked: cells with a thin frame.
    """
    frames = [_frame(cell, _MARKED) for cell in marked]
    if style.chosen is not None:
        frames.append(_frame(style.chosen, _CHOSEN))
    strong = np.nan_to_num(np.abs(shades)).ravel() >= _STRONG
    traces = [
        _colour_cells(shades, scale),
        _write_numbers(np.flatnonzero(~strong), texts, hover, style.ink),
        _write_numbers(np.flatnonzero(strong), texts, hover, "white"),
    ]
    return go.Figure(data=traces, layout=_lay_out(title, style.side) | {"shapes": frames})


def describe_cell(cell: Cell) -> str:
    """Return what the images of a cell are, and what they are called."""
    if cell.true == cell.predicted:
        return f"{CLASS_NAMES[cell.true]}, called so"
    return f"{CLASS_NAMES[cell.true]} called {CLASS_NAMES[cell.predicted]}"


def _colour_cells(shades: np.ndarray, scale: Scale) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "z": shades,
        "zmin": 0 if len(scale) == 2 else -1,
        "zmax": 1,
        "colorscale": scale,
        "showscale": False,
        "hoverinfo": "skip",
        "xgap": 1,
        "ygap": 1,
    }


def _write_numbers(positions: np.ndarray, texts: Sequence[str], hover: Sequence[str], color: str) -> dict[str, Any]:
    """Lay numbers of one colour and clickable markers over the cells at these positions."""
    cells = [CELLS[position] for position in positions]
    return {
        "type": "scatter",
        "x": [cell.predicted for cell in cells],
        "y": [cell.true for cell in cells],
        "mode": "markers+text",
        "marker": {"symbol": "square", "size": 24, "color": "rgba(0, 0, 0, 0)"},
        "text": [texts[position] for position in positions],
        "textfont": {"size": 11, "color": color},
        "unselected": {"marker": {"opacity": 1}, "textfont": {"color": color}},
        "hovertext": [hover[position] for position in positions],
        "hoverinfo": "text",
        "customdata": [list(cell) for cell in cells],
        "showlegend": False,
    }


def _lay_out(title: str, side: int) -> dict[str, Any]:
    ends, second_line = [-0.5, N_CLASSES - 0.5], _LINE * title.count("<br>")
    return house_layout(side) | {
        "xaxis": _AXIS | {"range": ends, "title": {"text": "Predicted class"}, "tickangle": -45},
        "yaxis": _AXIS
        | {"range": ends[::-1], "title": {"text": "True class"}, "scaleanchor": "x", "constraintoward": "top"},
        "title": {
            "text": title,
            "font": {"size": 14},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4 + second_line},
        },
        "margin": {"l": 0, "r": 0, "t": 28 + second_line, "b": 0},
        "clickmode": "event+select",
        "dragmode": False,
        "hovermode": "closest",
    }


def _frame(cell: Cell, line: dict[str, object]) -> dict[str, Any]:
    left, top = cell.predicted - 0.5, cell.true - 0.5
    return {"type": "rect", "x0": left, "x1": left + 1, "y0": top, "y1": top + 1, "line": line}


def _write(value: float, unit: Unit) -> str:
    if not value > 0:  # an empty cell stays blank, and so does one of an empty row or column
        return ""
    return f"{value:.0f}" if unit == "counts" or value >= 99.95 else f"{value:.1f}"
