"""One test image opened: what every model says of it and where each of them looked; the image is in the URL."""

import numpy as np
import streamlit as st

from fmnist.dataset import CLASS_NAMES, N_TEST, Dataset
from fmnist.inference.explain import occlusion_map
from fmnist.inference.frame import Step
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import CompleteRun
from fmnist.ui import store
from fmnist.ui.judged import Judged
from fmnist.ui.map_strip import show_map_strip
from fmnist.ui.markup import plain
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.show import show_figure
from fmnist.views.agreement import describe_agreement, describe_truth
from fmnist.views.mistake_sentences import disputed_label_sentence
from fmnist.views.probabilities import NamedProbs, probabilities_figure

_PARAMETER = "image"
_MAP_SIDE = 140  # five screen pixels for each of the 28: two maps lie side by side on a telephone


def open_image(index: int) -> None:
    """Open the test image at this position from the next run of the page on."""
    st.query_params[_PARAMETER] = str(index)


def close_image() -> None:
    """Close the image."""
    st.query_params.pop(_PARAMETER, None)


def show_opened_image(judged: Judged, dataset: Dataset, positions: np.ndarray) -> None:
    """Show the image that the URL names, if any, over the page; `positions` are those to leaf through."""
    asked = st.query_params.get(_PARAMETER)
    if asked is None:
        return
    if not asked.isdecimal() or float(asked) >= N_TEST:  # `int` refuses thousands of digits
        st.warning(
            f"The address names no test image that exists: {plain(asked)}. They go from 0 to {N_TEST - 1:,}.",
            icon=":material/link_off:",
        )
        return
    st.dialog("Test image", width="large", on_dismiss=close_image)(_show_image)(judged, dataset, positions)


def _show_image(judged: Judged, dataset: Dataset, positions: np.ndarray) -> None:
    index = int(st.query_params[_PARAMETER])  # read here, since leafing reruns the dialog alone
    image, true = dataset.test_images[index], int(judged.judgement.labels[index])
    predicted = judged.judgement.predicted[:, index].tolist()
    st.markdown(f"#### {describe_truth(true, predicted)} {describe_agreement(predicted)}")
    issues = judged.judgement.issues
    if issues.disputed[index]:
        st.markdown(disputed_label_sentence(true, int(issues.suggested[index]), float(issues.support[index])))
    _show_leafing(index, positions)
    left, right = st.columns([1, 4])
    left.html(steps_html([Step(f"Test image {index:,}", CLASS_NAMES[true], image)], LARGE))
    with right:
        _show_probabilities(judged, index, true)
    _show_maps(judged, image, index, predicted)


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


def _show_maps(judged: Judged, image: np.ndarray, index: int, predicted: list[int]) -> None:
    """Show what each model's prediction leans on."""
    maps, silent = {}, []
    for run, name, label in zip(judged.runs, judged.names, predicted, strict=True):
        try:
            maps[name] = label, _explain(str(run.directory), run.stamp, index, label, run, image)
        except ModelFileError as error:
            silent.append(f"{name}: {error if run.served else 'its weights were not kept, so it cannot be explained.'}")
    show_map_strip(image, maps, _MAP_SIDE)
    for reason in silent:
        st.caption(reason)


def _show_probabilities(judged: Judged, index: int, true: int) -> None:
    probs = judged.probs[:, index]
    runs = [
        NamedProbs(name.replace(" (", "<br>(").replace(", ", "<br>"), run.config.model, one)
        for name, run, one in zip(judged.names, judged.runs, probs, strict=True)
    ]
    said = (
        f"{name}: {CLASS_NAMES[one.argmax()]} {one.max():.1%}" for name, one in zip(judged.names, probs, strict=True)
    )
    description = f"All ten probabilities by model. {'; '.join(said)}."
    show_figure(probabilities_figure(runs, true), "probabilities", description)


@st.cache_data(max_entries=2000, show_spinner=False)
def _explain(directory: str, stamp: tuple, index: int, label: int, _run: CompleteRun, _image: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return occlusion_map(store.classifier(_run).probs, _image, label)
