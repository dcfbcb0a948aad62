"""The arithmetic of one value: grids of what is read and of its weights, and the lines that add it up."""

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.inference.inside.pixel import explain_value
from fmnist.ui.inside.scene import Scene
from fmnist.views.inside import Channels, number
from fmnist.views.inside_pictures import paint
from fmnist.views.inside_sum import ShownTerm, Sum, describe_sum
from fmnist.views.inside_weights import shape_read
from fmnist.wording import true_minus

_MOST_NUMBERS = 5  # a side: larger windows show colours alone
_MIDDLE = 128  # of brightness, above which black is easier to read
_STYLE = """<style>
.sums { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; font-size: .8rem }
.sums section { display: flex; align-items: center; gap: .5rem; flex-wrap: wrap }
.sums b { flex-basis: 100%; font-weight: 600 }
.sums table { border-collapse: collapse }
.sums td { width: 3.1em; height: 2em; padding: 0; border: 1px solid rgba(127, 127, 127, .4); text-align: center;
  font-variant-numeric: tabular-nums }
.sums table.small td { width: 1em; height: 1em }
.sums ol { list-style: none; margin: 0; padding: 0; font-variant-numeric: tabular-nums; line-height: 1.5 }
.sums ol li:last-child { font-weight: 600; border-top: 1px solid rgba(127, 127, 127, .6) }
</style>"""


def show_sum(scene: Scene, channels: Channels, channel: int, row: int, column: int) -> None:
    """Show how a value of a channel comes about."""
    found = explain_value(scene.opened, scene.activations, channels.stage, channel, row, column)
    said = describe_sum(channels.stage, found, shape_read(scene.opened, channels.stage))
    st.html(_STYLE + sum_html(said))


def sum_html(said: Sum) -> str:
    """Lay out a sum."""
    limit = max((float(np.abs(term.weights).max()) for term in said.terms), default=0.0)
    grids = "".join(_term(term, limit) for term in said.terms if term.weights.size > 1)
    lines = "".join(f"<li>{escape(line)}</li>" for line in said.lines)
    return f'<div class="sums">{grids}<ol>{lines}</ol></div>'


def _term(term: ShownTerm, limit: float) -> str:
    largest, signed = float(np.abs(term.values).max()), bool((term.values < 0).any())
    read = _grid(term.values, paint(term.values, largest, signed), "values read")
    weights = _grid(term.weights, paint(term.weights, limit, signed=True), "weights")
    return f"<section><b>{escape(term.title)}</b>{read} × {weights} = {number(term.amount)}</section>"


def _grid(values: NDArray[np.float32], colors: NDArray[np.uint8], what: str) -> str:
    small = len(values) > _MOST_NUMBERS
    rows = "".join(
        f"<tr>{''.join(_cell(*pair, small) for pair in zip(line, paints, strict=True))}</tr>"
        for line, paints in zip(values, colors, strict=True)
    )
    kind = "small" if small else ""
    return f'<table class="{kind}" aria-label="{what}">{rows}</table>'


def _cell(value: float, color: NDArray[np.uint8], small: bool) -> str:
    """Return a cell whose text has enough contrast to its colour."""
    red, green, blue = color.tolist()
    ink = "#000" if 0.299 * red + 0.587 * green + 0.114 * blue > _MIDDLE else "#fff"
    text = "" if small else true_minus(f"{value:.2f}")
    return f'<td style="background: rgb({red}, {green}, {blue}); color: {ink}">{text}</td>'
