"""The options of the Predict page, behind one button: the type of the picture and the models to ask."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.contender import Contender
from fmnist.contenders.for_pictures import one_per_architecture
from fmnist.runs.run import CompleteRun
from fmnist.ui.browser_key import own_album
from fmnist.ui.choices import choose_option
from fmnist.ui.models import choose_models, stand_ins
from fmnist.ui.store import can_answer, find_photo_reader, find_taught

KINDS = {"auto": "Automatic", "catalogue": "Catalogue", "photo": "Photo", "sketch": "Sketch", "raw": "As it is"}


def choose_settings(
    runs: Sequence[CompleteRun], others: Sequence[Contender]
) -> tuple[str, list[Contender], DeltaGenerator]:
    """Return how to prepare pictures, the models to ask, one run each, and the popover, which holds more than that.

    Of the `others`, imported models with a file can be asked, too; and the photo reader. What the user taught is always
    asked.
    """
    options = st.popover("Options", icon=":material/tune:", key="options")
    with options:
        kind = choose_option("Picture type", KINDS, key="prepare")
        asked = choose_asked(runs, others)
    taught = find_taught(own_album())
    return kind, [*([taught] if taught else []), *asked], options


def choose_asked(runs: Sequence[CompleteRun], others: Sequence[Contender], *, folded: bool = False) -> list[Contender]:
    """Let the user choose the models that read pictures, one run each; `folded` puts them behind a button."""
    photos = find_photo_reader()
    readers = [photos] if photos else []
    default = [*(one.key for one in readers), *(run.id for run in one_per_architecture(runs))]
    able = [*readers, *(other for other in others if can_answer(other))]
    return stand_ins(choose_models(runs, able, default=default, kept_as="predict_runs", folded=folded))
