"""One test image opened: what every model says of it and where each of them looked; the image is in the URL."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, N_TEST, Dataset
from fmnist.inference.explain import occlusion_map
from fmnist.inference.frame import Step
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import ReadableRun, Stamp
from fmnist.ui import store
from fmnist.ui.address import read_value
from fmnist.ui.codecs import Number
from fmnist.ui.internals import send_in_full
from fmnist.ui.map_strip import show_map_strip
from fmnist.ui.markup import plain
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding
from fmnist.views import image as view
from fmnist.views import judged
from fmnist.views.parts import Drawn

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


def show_opened_image(contenders: Sequence[Contender], dataset: Dataset, positions: np.ndarray) -> None:
    """Show the image that the URL names, if any, over the page; `positions` are those to leaf through."""
    if read_value(_PARAMETER, _POSITION, f"test image from 0 to {N_TEST - 1:,}") is not None:
        st.dialog("Test image", width="large", on_dismiss=close_image)(_show_image)(contenders, dataset, positions)


@send_in_full()
def _show_image(contenders: Sequence[Contender], dataset: Dataset, positions: np.ndarray) -> None:
    asked, _ = _POSITION.read(st.query_params.get_all(_PARAMETER))  # here, since leafing reruns the dialog alone
    if asked is None:
        return
    index = int(asked)
    image, parts = dataset.test_images[index], remember(_build, contenders, index)
    show_finding(parts.finding)
    if parts.dispute:
        st.markdown(parts.dispute)
    _show_leafing(index, positions)
    left, right = st.columns([1, 4])
    left.html(steps_html([Step(f"Test image {index:,}", CLASS_NAMES[parts.answers.label], image)], LARGE))
    with right:
        show_drawn(parts.probabilities)
    _show_maps(contenders, parts.answers, image)


def _build(contenders: Sequence[Contender], index: int) -> Parts:
    answers = view.compute(contenders, judged.compute(contenders), index)
    return Parts(answers, view.finding(answers), view.describe_dispute(answers), view.figures(answers)["probabilities"])


def _show_leafing(index: int, positions: np.ndarray) -> None:
    places = np.flatnonzero(positions == index)
    if not len(places):
        return
    place = int(places[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_image("Previous", "arrow_back", positions[place - 1 : place])
        _offer_image("Next", "arrow_forward", positions[place + 1 : place + 2])
        st.caption(f"{place + 1:,} of {len(positions):,}")


def _offer_image(label: str, icon: str, target: np.ndarray) -> None:
    st.button(label, icon=f":material/{icon}:", disabled=not len(target), on_click=open_image, args=target[:1].tolist())


def _show_maps(contenders: Sequence[Contender], answers: view.ImageAnswers, image: np.ndarray) -> None:
    """Show what each model's prediction leans on."""
    maps, silent = {}, []
    for contender, answer in zip(contenders, answers.answers, strict=True):
        if not isinstance(contender, SingleRun):
            silent.append(f"{answer.name}: no weights here, so it cannot be explained.")
            continue
        run, label = contender.run, answer.predicted
        try:
            maps[answer.name] = label, _explain(str(run.directory), run.stamp, answers.position, label, run, image)
        except ModelFileError as error:
            reason = error if run.served else "its weights were not kept, so it cannot be explained."
            silent.append(f"{answer.name}: {reason}")
    show_map_strip(image, maps, _MAP_SIDE)
    for reason in silent:
        st.caption(plain(reason))


@st.cache_data(max_entries=2000, show_spinner=False)
def _explain(
    directory: str,  # noqa: ARG001
    stamp: Stamp,  # noqa: ARG001
    index: int,  # noqa: ARG001
    label: int,
    _run: ReadableRun,
    _image: np.ndarray,
) -> np.ndarray:
    return occlusion_map(store.classifier(_run).probs, _image, label)
