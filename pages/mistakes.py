"""Mistakes: which images, and why?"""

from functools import partial

import streamlit as st

from fmnist.ui.browse import browse_images
from fmnist.ui.guards import comparable, dataset_or_offer, with_probabilities
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.mistakes.board import offer_images, select_images, show_disputed
from fmnist.ui.mistakes.filters import choose_classes, choose_order, choose_selection
from fmnist.ui.models import choose_rows
from fmnist.ui.show import show_finding, show_header
from fmnist.views import judged
from fmnist.views.mistakes import Options, describe_value

show_header("Mistakes", "Which images are classified wrong, and why?")
models = with_probabilities(choose_rows(*comparable()))
finding = st.container()
chosen = choose_selection(models)
with st.container(horizontal=True, vertical_alignment="bottom"):
    selection = choose_classes(chosen)
    options = Options(selection, *choose_order())
    parts = select_images(models, options)
    offer_images(models, parts.images)

with finding:
    show_finding(parts.finding)
    st.caption(parts.overlap)
    if selection.label != "any":
        show_disputed(models)
dataset = dataset_or_offer()
if dataset is not None:
    judgement = judged.compute(models)
    browse_images(judgement, dataset, parts.images, "page", partial(describe_value, judgement, options))
    show_opened_image(models, dataset, parts.images.positions)
