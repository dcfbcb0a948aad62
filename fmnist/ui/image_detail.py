"""One test image opened: what every model says of it and where each of them looked; the image is in the URL."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES, N_TEST, Dataset
from fmnist.inference.explain import occlusion_map
from fmnist.inference.frame import Step
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import RunError
from fmnist.ui import store
from fmnist.ui.address import read_value
from fmnist.ui.announcement import announce
from fmnist.ui.codecs import Number
from fmnist.ui.inside.link import can_be_opened, link_test_image
from fmnist.ui.internals import send_in_full
from fmnist.ui.map_strip import show_map_strip
from fmnist.ui.markup import plain
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding
from fmnist.views import image as view
from fmnist.views import judged
from fmnist.views.parts import Drawn
from fmnist.wording import join

_PARAMETER, _POSITION = "image", Number(0, N_TEST - 1)
_MAP_SIDE = 140  # five screen pixels for each of the 28: two maps lie side by side on a telephone


@dataclass(frozen=True, eq=False)
class Parts:
    """What is shown of an image besides itself: sentences and a figure."""

    answers: view.ImageAnswers
    finding: str
    dispute: str
    probabilities: Drawn


def open_image(index: int) -> None:
    """Open the test image at this position from the next run of the page on."""
    st.query_params[_PARAMETER] = str(index)


def close_image() -> None:
    """Close the image."""
    st.query_params.pop(_PARAMETER, None)


def image_is_open() -> bool:
    """Return whether the URL names an image, and tell of one that does not exist."""
    return read_value(_PARAMETER, _POSITION, f"test image from 0 to {N_TEST - 1:,}") is not None


def show_opened_image(contenders: Sequence[Contender], dataset: Dataset, positions: np.ndarray) -> None:
    """Show the image that the URL names, if any, over the page; `positions` are those to leaf through."""
    if image_is_open():
        st.dialog("Test image", width="large", on_dismiss=close_image)(_show_in_dialog)(contenders, dataset, positions)


def named_image() -> int | None:
    """Return the image that the URL names now: leafing in a dialog reruns the dialog alone."""
    asked, _ = _POSITION.read(st.query_params.get_all(_PARAMETER))
    return None if asked is None else int(asked)


@send_in_full()
def _show_in_dialog(contenders: Sequence[Contender], dataset: Dataset, positions: np.ndarray) -> None:
    index = named_image()
    if index is not None:
        show_image(contenders, dataset, positions, index)


def show_image(contenders: Sequence[Contender], dataset: Dataset, positions: np.ndarray, index: int) -> None:
    """Show a test image with what every model says of it, within a dialog; `positions` are those to leaf through."""
    image, parts = dataset.test_images[index], remember(_build, contenders, index)
    announce(f"Test image {index:,}. {parts.finding}", "opened_image")
    _show_leafing(index, positions)  # above sentences of any length, so that the buttons stay under the pointer
    show_finding(parts.finding)
    if parts.dispute:
        st.markdown(parts.dispute)
    left, right = st.columns([1, 4])
    left.html(steps_html([Step(f"Test image {index:,}", CLASS_NAMES[parts.answers.label], image)], LARGE))
    with right:
        show_drawn(parts.probabilities, key="probabilities")
    _show_maps(contenders, parts.answers, image)
    inside = next((one.key for one in contenders if can_be_opened(one)), "")
    if inside:
        link_test_image(index, inside)


def _build(contenders: Sequence[Contender], index: int) -> Parts:
    answers = view.compute(contenders, judged.compute(contenders), index)
    return Parts(answers, view.finding(answers), view.describe_dispute(answers), view.figures(answers)["probabilities"])


def _show_leafing(index: int, positions: np.ndarray) -> None:
    """Offer the previous and the next image, in a circle: a button that is disabled under the focus would lose it."""
    places = np.flatnonzero(positions == index)
    if not len(places):
        return
    place, count = int(places[0]), len(positions)
    with st.container(horizontal=True, vertical_alignment="center"):
        if count > 1:
            _offer_image("Previous", "Left", int(positions[place - 1]))
            _offer_image("Next", "Right", int(positions[(place + 1) % count]))
        st.caption(f"{place + 1:,} of {count:,}")


def _offer_image(label: str, arrow: str, target: int) -> None:
    """Offer another image, also by an arrow key."""
    st.button(label, key=f"{label}_image", shortcut=arrow, on_click=open_image, args=(target,))


def _show_maps(contenders: Sequence[Contender], answers: view.ImageAnswers, image: np.ndarray) -> None:
    """Show what each model's prediction rests on."""
    maps, without, problems = {}, [], []
    for contender, answer in zip(contenders, answers.answers, strict=True):
        if not store.can_answer(contender):
            without.append(answer.name)
            continue
        label, which = answer.predicted, (contender.key, contender.version)
        try:
            maps[answer.name] = label, _explain(*which, answers.position, label, contender, image)
        except (RunError, ModelFileError) as error:
            problems.append(f"{answer.name}: {error}")
    show_map_strip(image, maps, _MAP_SIDE)
    if without:
        problems.append(f"{join(without)}: no saved weights, so no heat map.")
    for problem in problems:
        st.caption(plain(problem))


@st.cache_data(max_entries=2000, show_spinner=False)
def _explain(
    key: str,  # noqa: ARG001
    version: Hashable,  # noqa: ARG001
    index: int,  # noqa: ARG001
    label: int,
    _contender: Contender,
    _image: np.ndarray,
) -> np.ndarray:
    return occlusion_map(store.forward(_contender), _image, label)
