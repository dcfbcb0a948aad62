"""Where each model looked in a picture: which parts of the image its best class depends on."""

from collections.abc import Hashable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.contenders.contender import Contender
from fmnist.contenders.titles import distinct_titles
from fmnist.inference.explain import occlusion_map
from fmnist.inference.prepare import Prepared
from fmnist.ui import store
from fmnist.ui.map_strip import show_map_strip
from fmnist.ui.pictures import LARGE
from fmnist.ui.predict.answers import Answer, from_small_image


def show_maps(prepared: Prepared, answers: Sequence[Answer]) -> None:
    """Show for each model that answered which parts of the image its best class depends on."""
    best = [(answer.contender, answer.label) for answer in from_small_image(answers)]
    names = distinct_titles([contender for contender, _ in best])
    maps = {
        name: (label, explain(contender, label, prepared)) for name, (contender, label) in zip(names, best, strict=True)
    }
    show_map_strip(prepared.image, maps, LARGE)


def explain(contender: Contender, label: int, prepared: Prepared) -> NDArray[np.float32]:
    """Return the occlusion map, float32 (28, 28), of one class; raises RunError and ModelFileError.

    A map takes a hundred times as long as an answer, so it is kept for the next rerun.
    """
    image, as_it_was = prepared.image.tobytes(), prepared.is_as_it_was
    return _explain(contender.key, contender.version, label, image, as_it_was, contender, prepared)


@st.cache_resource(max_entries=500, show_spinner=False)
def _explain(
    key: str,  # noqa: ARG001
    version: Hashable,  # noqa: ARG001
    label: int,
    image: bytes,  # noqa: ARG001
    as_it_was: bool,  # noqa: ARG001
    _contender: Contender,
    _prepared: Prepared,
) -> NDArray[np.float32]:
    return occlusion_map(store.reader(_contender).probs_as_read(_prepared), _prepared.image, label)
