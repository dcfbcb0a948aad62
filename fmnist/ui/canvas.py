"""The drawing canvas: the only place that knows streamlit-drawable-canvas.

Three of its habits are dealt with here. It forgets the drawing when it is taken off the page, so the last one is kept
in the session and put back. It has no eraser, so one draws with the colour of the paper. It hides its undo and redo
until the pointer is over it, which on a phone is never: `_TOOLBAR` shows them for good.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

SIDE = 336  # twelve pixels for each of the 28, and it fits a phone of 360
PAPER = "#ffffff"
TONES = {
    "black": "#000000",
    "dark": "#4a4a4a",
    "grey": "#808080",
    "light": "#b0b0b0",
    "pale": "#dcdcdc",
    "eraser": PAPER,
}
WIDTHS = (2, 60)
USUAL_WIDTH = 10

_SHEET = "canvas_sheet"
_STYLE = """
.dc-toolbar { position: static; opacity: 1; padding: .5rem 0 0 }
.dc-toolbar-card { box-shadow: none; background: none; padding: 0; gap: .5rem; color: var(--st-text-color) }
.dc-icon-button { border: 1px solid var(--st-border-color); padding: 0 .75rem; gap: .4rem; height: 2.5rem }
.dc-icon-button { font: inherit; font-size: .875rem }
.dc-icon-button svg { width: 1rem; height: 1rem }
.dc-icon-button[aria-label=Undo]::after { content: "Undo" }
.dc-icon-button[aria-label=Redo]::after { content: "Redo" }
.dc-icon-button:not([aria-label=Undo], [aria-label=Redo]), .dc-toolbar-separator { display: none }
"""
_CLEAR_STYLE = "<style>.st-key-clear_canvas { align-self: flex-end; margin-top: calc(-3.5rem - 1px) }</style>"
_TOOLBAR = """
export default function ({ data }) {
  let frame = requestAnimationFrame(function show() {
    const inside = document.querySelectorAll(".st-key-canvas *");
    const root = Array.from(inside, (element) => element.shadowRoot).find((root) => root?.querySelector(".dc-toolbar"));
    if (!root) { frame = requestAnimationFrame(show); return; }
    const style = root.querySelector("#toolbar") ?? root.appendChild(document.createElement("style"));
    style.id = "toolbar";
    style.textContent = data;
  });
  return () => cancelAnimationFrame(frame);
}
"""
_show_toolbar = st.components.v2.component("fmnist_canvas_toolbar", js=_TOOLBAR)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One sheet of paper: what was on it when it was laid out, and what has been drawn on it since."""

    number: int = 0
    start: dict[str, Any] | None = None
    drawing: dict[str, Any] | None = None
    pixels: NDArray[np.uint8] | None = None


def draw_picture() -> NDArray[np.uint8] | None:
    """Show the canvas with its tools; give what is drawn, uint8 (SIDE, SIDE, 4), or None while nothing was drawn."""
    paper = st.container(key="canvas", gap=None)
    st.html(_CLEAR_STYLE)
    st.button("Clear", on_click=_take_new_sheet, icon=":material/delete:", key="clear_canvas")
    tone, width = _choose_brush()
    with paper:
        return _draw(st.session_state.get(_SHEET, _Sheet()), TONES[tone], width)


def _choose_brush() -> tuple[str, int]:
    tone = st.segmented_control(
        "Brush",
        list(TONES),
        default="black",
        format_func=_swatch,
        key="canvas_tone",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    width = st.slider("Brush width", *WIDTHS, USUAL_WIDTH, 2, "%d px", key="canvas_width", persist_state="session")
    return tone, width


def _draw(sheet: _Sheet, color: str, width: int) -> NDArray[np.uint8] | None:
    from streamlit_drawable_canvas import st_canvas  # registers a component: raises outside a running app

    key = f"canvas_{sheet.number}"
    if key not in st.session_state:  # laid out anew, after another source or another page was looked at
        sheet = replace(sheet, start=sheet.drawing)
    drawn = st_canvas(
        stroke_color=color,
        stroke_width=width,
        background_color=PAPER,  # never another one: changing it would wipe the drawing
        width=SIDE,
        height=SIDE,
        initial_drawing=sheet.start,
        return_image_data=True,
        key=key,
    )
    _show_toolbar(data=_STYLE, key=f"{key}_toolbar", height=1)
    if drawn.image_data is not None:
        sheet = replace(sheet, drawing=drawn.json_data, pixels=drawn.image_data)
    st.session_state[_SHEET] = sheet
    return sheet.pixels


def _take_new_sheet() -> None:
    st.session_state[_SHEET] = _Sheet(number=st.session_state.get(_SHEET, _Sheet()).number + 1)


def _swatch(tone: str) -> str:
    if tone == "eraser":
        return ":material/ink_eraser:"
    return f':color[⬤]{{foreground="{TONES[tone]}" background="{PAPER}"}}'
