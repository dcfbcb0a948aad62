"""Confusion: which classes does each model confuse?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.confusion.board import show_difference, show_matrix
from fmnist.ui.confusion.link import VIEWS
from fmnist.ui.confusion.scores import show_scores
from fmnist.ui.guards import comparable, with_classes
from fmnist.ui.hidden import leave_out_telling
from fmnist.ui.models import choose_models
from fmnist.ui.show import show_header

show_header("Confusion", "Which classes does each model confuse?")
runs, others = comparable()
finding = st.container()
controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    chosen = choose_models(runs, others)
    view = choose_option("View", VIEWS, "view")
models = leave_out_telling(with_classes(chosen))
show = {"matrices": show_matrix, "difference": show_difference, "scores": show_scores}[view]
show(models, finding, controls)
