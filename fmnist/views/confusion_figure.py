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
from fmnist.views.confusion import Cell, Confusions, Matrix, Unit, describe_frequent
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import house_layout
from fmnist.wording import plural

CELLS = [Cell(true, predicted) for true in range(N_CLASSES) for predicted in range(N_CLASSES)]

Scale = tuple[tuple[float, str], ...]
BLUES: Scale = ((0.0, "rgba(33, 113, 181, 0)"), (1.0, "rgba(33, 113, 181, 1)"))
ORANGE_TO_BLUE: Scale = (  # two models: neither colour is good or bad in itself
    (0.0, "rgba(190, 80, 10, 1)"),
    (0.5, "rgba(190, 80, 10, 0)"),
    (0.5, "rgba(33, 113, 181, 0)"),
    (1.0, "rgba(33, 113, 181, 1)"),
)
_ROUNDED = 10  # images: from there on a mean over runs has no decimals
_STRONG = 0.87  # from this share of the scale on, white contrasts more than ink in the light theme
_CHOSEN, _MARKED = {"color": "#E69F00", "width": 3}, {"color": "#7F7F7F", "width": 1.5}
_AXIS = {
    "tickvals": list(range(N_CLASSES)),
    "ticktext": CLASS_NAMES,
    "showgrid": False,
    "zeroline": False,
    "ticks": "",
    "constrain": "domain",
    "fixedrange": True,
}


@dataclass(frozen=True)
class Style:
    """How a matrix is drawn.

    It is `side` pixels high, in a column as wide, unless the page gives it another size. Numbers have the page's text
    colour, `ink`, and the `chosen` cell has a frame. Without a size of text in pixels, the page decides.
    """

    side: int
    ink: str
    chosen: Cell | None = None
    text_size: int | None = None


def figures(confusions: Confusions, unit: Unit, style: Style) -> dict[str, Drawn]:
    """Draw all matrices in the same class order and colour range; the figures are named by the contenders' keys."""
    limit = confusions.limit(unit)
    return {matrix.key: draw_matrix(matrix, unit, limit, style) for matrix in confusions.matrices}


def draw_matrix(matrix: Matrix, unit: Unit, limit: float, style: Style) -> Drawn:
    """Draw one matrix, its colours from 0 to `limit`.

    Numbers are images as a mean over runs, or percent of the row or of the column. Colours go by the square root, so
    that a diagonal near 1,000 leaves room for mistakes near 10.
    """
    values, counts = matrix.in_unit(unit), matrix.counts
    support, seeds = counts.sum(axis=1), f" ({plural(matrix.runs, 'seed')} together)" if matrix.runs > 1 else ""
    texts = [_write(value, unit) for value in values.ravel()]
    hover = [f"{describe_cell(cell)}<br>{counts[cell]:,} of {support[cell.true]:,}{seeds}" for cell in CELLS]
    figure = draw_cells(np.sqrt(values / limit), BLUES, texts, hover, matrix.name, style)
    alt, file_name = f"Confusion matrix of {matrix.name}.", file_stem("confusion", [matrix.key])
    return Drawn(figure, alt, file_name, describe_frequent(matrix))


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
        title: one line.
        style: size, colour and chosen cell.
        marked: cells with a thin frame.
    """
    frames = [_frame(cell, _MARKED) for cell in marked]
    if style.chosen is not None:
        frames.append(_frame(style.chosen, _CHOSEN))
    strong = np.nan_to_num(np.abs(shades)).ravel() >= _STRONG
    traces = [
        _colour_cells(shades, scale),
        _write_numbers(np.flatnonzero(~strong), texts, hover, style.ink, style.text_size),
        _write_numbers(np.flatnonzero(strong), texts, hover, "white", style.text_size),
    ]
    return go.Figure(data=traces, layout=_lay_out(title, style) | {"shapes": frames})


def describe_cell(cell: Cell) -> str:
    """Return what the images of a cell are, and what they are predicted as."""
    if cell.true == cell.predicted:
        return f"{CLASS_NAMES[cell.true]}, predicted correctly"
    return f"{CLASS_NAMES[cell.true]} predicted as {CLASS_NAMES[cell.predicted]}"


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


def _write_numbers(
    positions: np.ndarray, texts: Sequence[str], hover: Sequence[str], color: str, size: int | None
) -> dict[str, Any]:
    """Lay numbers of one colour and clickable markers over the cells at these positions."""
    cells = [CELLS[position] for position in positions]
    return {
        "type": "scatter",
        "x": [cell.predicted for cell in cells],
        "y": [cell.true for cell in cells],
        "mode": "markers+text",
        "marker": {"symbol": "square", "size": 24, "color": "rgba(0, 0, 0, 0)"},
        "text": [texts[position] for position in positions],
        "textfont": {"color": color} | ({"size": size} if size else {}),
        "unselected": {"marker": {"opacity": 1}, "textfont": {"color": color}},
        "hovertext": [hover[position] for position in positions],
        "hoverinfo": "text",
        "customdata": [list(cell) for cell in cells],
        "showlegend": False,
    }


def _lay_out(title: str, style: Style) -> dict[str, Any]:
    """Return square cells at the top of what room there is, below the title."""
    ends, axis = [-0.5, N_CLASSES - 0.5], _AXIS | ({"tickfont": {"size": style.text_size}} if style.text_size else {})
    return house_layout(style.side) | {
        "xaxis": axis | {"range": ends, "title": {"text": "Predicted class"}, "tickangle": -45},
        "yaxis": axis
        | {"range": ends[::-1], "title": {"text": "True class"}, "scaleanchor": "x", "constraintoward": "top"},
        "title": {
            "text": title,
            "font": {"size": 14},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4},
        },
        "margin": {"l": 0, "r": 0, "t": 28, "b": 0},
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
    if unit == "counts":
        return f"{value:.0f}" if value >= _ROUNDED or value.is_integer() else f"{value:.1f}"
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}"
