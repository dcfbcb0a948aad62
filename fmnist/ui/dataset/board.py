"""The Dataset page's parts, each remembered as a whole."""

from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.ui import store
from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import Number
from fmnist.ui.pictures import image_source
from fmnist.views import dataset as view
from fmnist.views.dataset_figure import figures
from fmnist.views.parts import Drawn, Finding, Table

_DRAWS = 1_000_000
_DRAW = Parameter("draw", 1, Number(1, _DRAWS), f"draw from 1 to {_DRAWS:,}")
_STYLE = """<style>
.classes { display: grid; grid-template-columns: max-content 56px minmax(0, 1fr); gap: 4px 14px; align-items: center;
  font-size: .85rem }
.classes img { display: block; width: 56px; height: 56px; image-rendering: pixelated }
.classes div { display: flex; flex-wrap: wrap; gap: 4px; height: 56px; overflow: hidden }
.classes b { font-weight: 600 }
@media (max-width: 640px) { .classes div { height: 116px } }
</style>"""


@dataclass(frozen=True, eq=False)
class Parts:
    """What the page shows whichever images are drawn; `pixels` sums the pixel values up."""

    finding: Finding
    pixels: str
    figures: dict[str, Drawn]
    table: Table


@st.cache_resource(show_spinner="Counting pixels …")
def build_parts() -> Parts:
    """Return the finished parts; raises DataUnavailableError."""
    facts = _facts()
    return Parts(view.finding(facts), view.describe_pixels(facts), figures(facts), view.table(facts))


@st.cache_resource(max_entries=32, show_spinner=False)
def classes_html(options: view.Options) -> str:
    """Return each class's mean and a row of its images as HTML; raises DataUnavailableError."""
    samples = view.draw_samples(store.dataset(), options)
    rows = map(_class_row, CLASS_NAMES, _facts().means, samples)
    head = "<b>Class</b><b>Mean</b><b>Images</b>"
    return f'{_STYLE}<section class="classes">{head}{"".join(rows)}</section>'


def choose_draw() -> int:
    """Offer other images, and return the number of their draw, which the address keeps."""
    draw = int(recall(_DRAW))
    st.button("Show other images", icon=":material/shuffle:", on_click=_set_draw, args=(draw % _DRAWS + 1,))
    return draw


def _set_draw(draw: int) -> None:
    st.session_state[_DRAW.key] = draw


@st.cache_resource(show_spinner=False)
def _facts() -> view.Facts:
    return view.compute(store.dataset())


def _class_row(name: str, mean: np.ndarray, samples: np.ndarray) -> str:
    """Lay a class's name, mean and samples in a row; only samples that fit in whole are seen."""
    title = escape(name)
    images = "".join(f'<img src="{image_source(image)}" alt="{title}">' for image in samples)
    return f'<span>{title}</span><img src="{image_source(mean)}" alt="Mean of {title}"><div>{images}</div>'
