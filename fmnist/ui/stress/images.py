"""Single images on the Stress page: those whose answers flip, one of them opened, and one in all its corruptions."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES, N_TEST, Dataset
from fmnist.inference.frame import Step
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, UNCHANGED, Condition, change_images
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_contender, choose_name, choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.image_detail import close_image, image_is_open, named_image, open_image
from fmnist.ui.pictures import image_source, steps_html
from fmnist.ui.remember import remember
from fmnist.ui.show import show_table
from fmnist.views import stress
from fmnist.views.parts import Table
from fmnist.views.stress_images import Flips, answers_table, describe_flips, find_flips

_PICTURE = Parameter("picture", 0, Number(0, N_TEST - 1), "test image from 0 to 9,999")
_SEVERITIES = {str(severity): str(severity) for severity in SEVERITIES}
_STYLE = """<style>
.corruptions { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem 2rem }
.corruptions h3 { margin: 0; padding: 0; font-size: 1rem; font-weight: 600 }
.corruptions p { margin: 0 0 .3rem; font-size: .8rem; opacity: .75 }
.corruptions div { display: grid; grid-template-columns: repeat(6, 1fr); gap: 3px }
.corruptions img { width: 100%; aspect-ratio: 1; image-rendering: pixelated;
  outline: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
</style>"""


def show_flips(models: Sequence[Contender], dataset: Dataset) -> None:
    """Show the images that one model classifies correctly unless they are corrupted in one way."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = choose_contender(models, "Model", "model")
        titles = {key: one.title for key, one in CORRUPTIONS.items()}
        with st.container(width=260):
            kind = choose_name("Corruption", titles, "corruption", "corruption")
        severity = int(choose_option("Severity", _SEVERITIES, "flip_severity", "3"))
    flips = remember(_find, [model], kind, severity)
    st.markdown(describe_flips(flips))
    shown = choose_page(flips.positions, "page")
    condition = Condition(kind, severity)
    pictures = change_images(dataset.test_images[flips.positions[shown]], flips.positions[shown], condition)
    show_gallery(_tiles(flips, shown, pictures, dataset), "flip_tiles", f"Images of {model.title}", open_image)
    if image_is_open():
        dialog = st.dialog("Test image", width="large", on_dismiss=close_image)
        dialog(_show_opened)(models, dataset, kind)


def show_pictures(dataset: Dataset) -> None:
    """Show one test image in every corruption at every severity."""
    with st.container(width=160):
        label = f"Test image (0 to {N_TEST - 1:,})"
        index = int(choose(_PICTURE, lambda key: _ask_number(label, key)))
    st.caption(f"{CLASS_NAMES[dataset.test_labels[index]]}: unchanged, then severities 1 to 5.")
    st.html(f'{_STYLE}<section class="corruptions">{_all_pictures(index, dataset)}</section>')


def _ask_number(label: str, key: str) -> int:
    return int(st.number_input(label, 0, N_TEST - 1, standing_value(key), step=1, key=key))


def _tiles(flips: Flips, shown: slice, pictures: np.ndarray, dataset: Dataset) -> list[Tile]:
    found = zip(flips.positions[shown], pictures, flips.predicted[shown], flips.confidences[shown], strict=True)
    return [
        Tile(int(index), picture, int(dataset.test_labels[index]), int(predicted), float(confidence))
        for index, picture, predicted, confidence in found
    ]


def _show_opened(models: Sequence[Contender], dataset: Dataset, kind: str) -> None:
    index = named_image()
    if index is None:
        return
    st.subheader(f"{CLASS_NAMES[dataset.test_labels[index]]}, {CORRUPTIONS[kind].title}", anchor=False)
    pictures = _pictures_of(dataset, index, kind)
    names = ["Unchanged", *(f"Severity {severity}" for severity in SEVERITIES)]
    st.html(steps_html([Step(name, "", picture) for name, picture in zip(names, pictures, strict=True)]))
    table = remember(_list_answers, models, kind, index)
    if table is None:
        st.caption("This image is not among those that the models were asked about.")
    else:
        show_table(table, "stress_answers", f"stress-{kind}-image-{index}.csv")


def _pictures_of(dataset: Dataset, index: int, kind: str) -> list[np.ndarray]:
    conditions = [UNCHANGED, *(Condition(kind, severity) for severity in SEVERITIES)]
    return [change_images(dataset.test_images[index][None], [index], condition)[0] for condition in conditions]


@st.cache_data(max_entries=64, show_spinner=False)
def _all_pictures(index: int, _dataset: Dataset) -> str:
    return "".join(_block(index, _dataset, kind) for kind in CORRUPTIONS)


def _block(index: int, dataset: Dataset, kind: str) -> str:
    corruption = CORRUPTIONS[kind]
    names = ["unchanged", *(f"severity {severity}" for severity in SEVERITIES)]
    pictures = "".join(
        f'<img src="{image_source(picture)}" alt="{escape(corruption.title)}, {name}" title="{name}">'
        for name, picture in zip(names, _pictures_of(dataset, index, kind), strict=True)
    )
    title, explained = escape(corruption.title), escape(corruption.explanation)
    return f"<article><h3>{title}</h3><p>{explained}</p><div>{pictures}</div></article>"


def _find(models: Sequence[Contender], kind: str, severity: int) -> Flips:
    return find_flips(stress.compute(models).lines[0], kind, severity)


def _list_answers(models: Sequence[Contender], kind: str, index: int) -> Table | None:
    found = stress.compute(models)
    asked = all(index in line.results.positions for line in found.lines)
    return answers_table(found, kind, index) if asked else None
