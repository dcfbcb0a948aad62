"""Where each model looked in an image: the models' occlusion maps side by side, on one scale of colours."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.dataset import CLASS_NAMES
from fmnist.inference.frame import Step
from fmnist.ui.pictures import steps_html
from fmnist.views.overlay import HOW, describe_fall, explain_colors, occlusion_overlay


def show_map_strip(image: NDArray[np.uint8], maps: Mapping[str, tuple[int, NDArray[np.float32]]], side: int) -> None:
    """Lay maps over an image, uint8 (28, 28), each `side` screen pixels high.

    `maps` gives each model, by name, the class that it predicts and how far that class falls, float32 (28, 28).
    """
    if not maps:
        return
    limit = max(float(np.abs(drops).max()) for _, drops in maps.values())
    steps = [
        Step(name, f"{CLASS_NAMES[label]}: {describe_fall(drops)}", occlusion_overlay(image, drops, limit))
        for name, (label, drops) in maps.items()
    ]
    st.html(steps_html(steps, side))
    st.caption(explain_colors(limit), help=HOW)
