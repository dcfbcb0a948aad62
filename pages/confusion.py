"""Confusion: which classes are mixed up?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.confusion.board import UNITS, show_difference, show_matrices, show_scores
from fmnist.ui.confusion.link import VIEWS
from fmnist.ui.guards import comparable, with_classes
from fmnist.ui.models import choose_rows
from fmnist.ui.show import show_header

show_header("Confusion", "Which classes are mixed up?")
models = with_classes(choose_rows(*comparable()))
controls = st.container(horizontal=True)
with controls:
    view = choose_option("View", VIEWS, "view")
if view == "matrices":
    with controls:
        unit = choose_option("Numbers", UNITS, "unit")
    show_matrices(models, unit)
elif view == "difference":
    show_difference(models)
else:
    show_scores(models)
