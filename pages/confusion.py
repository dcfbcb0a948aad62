"""Confusion: which classes are mixed up?"""

import streamlit as st

from fmnist.ui.choices import choose_option, choose_runs
from fmnist.ui.confusion.link import VIEWS
from fmnist.ui.confusion.views import UNITS, show_difference, show_matrices, show_scores
from fmnist.ui.guards import complete_runs
from fmnist.ui.judged import judge_runs
from fmnist.ui.show import show_header

show_header("Confusion", "Which classes are mixed up?")
judged = judge_runs(choose_runs(complete_runs()))
controls = st.container(horizontal=True)
with controls:
    view = choose_option("View", VIEWS, "view")
if view == "matrices":
    with controls:
        unit = choose_option("Numbers", UNITS, "unit")
    show_matrices(judged, unit)
elif view == "difference":
    show_difference(judged)
else:
    show_scores(judged)
