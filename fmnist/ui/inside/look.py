"""What an answer rests on: the image covered part by part, and what each place of the last maps adds to the score."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, IMAGE_SHAPE
from fmnist.inference.explain import occlusion_map
from fmnist.inference.frame import Step
from fmnist.inference.inside.contributions import attribute, can_attribute
from fmnist.ui import store
from fmnist.ui.inside.scene import Scene
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.remember import remember
from fmnist.views.inside_look import CAVEAT, NO_CONTRIBUTIONS, contributions_overlay, describe_contributions
from fmnist.views.overlay import describe_fall, explain_colors, occlusion_overlay


def show_look(scene: Scene) -> None:
    """Show which parts of the image the answer rests on, in two ways."""
    label, image = int(scene.probs.argmax()), scene.subject.image
    drops = remember(_cover, [scene.run], scene.subject.pixels, label)
    limit = float(np.abs(drops).max())
    steps = [Step("Covered part by part", describe_fall(drops), occlusion_overlay(image, drops, limit))]
    notes = [explain_colors(limit), NO_CONTRIBUTIONS]
    if can_attribute(scene.opened):
        found = attribute(scene.opened, scene.activations, label)
        steps.append(Step("Added to the score", describe_contributions(found), contributions_overlay(image, found)))
        notes = notes[:1]
    st.markdown(f"Which parts of the image lead to **{CLASS_NAMES[label]}**?")
    st.html(steps_html(steps, LARGE))
    st.caption(" ".join([*notes, CAVEAT]))


def _cover(runs: Sequence[SingleRun], pixels: bytes, label: int) -> np.ndarray:
    image = np.frombuffer(pixels, np.uint8).reshape(IMAGE_SHAPE)
    return occlusion_map(store.forward(runs[0]), image, label)
