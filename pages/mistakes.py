"""Mistakes: which images, and why?"""

from functools import partial

import streamlit as st

from fmnist.ui.browse import browse_images
from fmnist.ui.guards import comparable, dataset_or_offer, with_probabilities
from fmnist.ui.hidden import stop_if_hidden
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.mistakes.board import offer_images, select_images, show_disputed
from fmnist.ui.mistakes.filters import choose_selection
from fmnist.ui.models import choose_rows
from fmnist.ui.show import show_evidence, show_finding, show_header
from fmnist.views import judged
from fmnist.views.mistakes import Options, describe_value

show_header("Mistakes", "Which images are classified wrong, and why?")
stop_if_hidden("the images that a model gets wrong")
runs, others = comparable()
# above the finding, which has more or fewer lines: the controls stay where they are
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    models = with_probabilities(choose_rows(runs, others))
    options = Options(*choose_selection(models))

parts = select_images(models, options)
show_finding(parts.finding)
dataset = dataset_or_offer()
if dataset is not None:
    judgement = judged.compute(models)
    browse_images(judgement, dataset, parts.images, "page", partial(describe_value, judgement, options))
offer_images(models, parts.images)
show_evidence("Labels that may be wrong", "disputed", lambda: show_disputed(models))
if dataset is not None:
    show_opened_image(models, dataset, parts.images.positions)
