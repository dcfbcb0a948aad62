"""Confusion: which classes are mixed up?"""

import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.ui.choices import choose_option
from fmnist.ui.confusion.board import UNITS, show_difference, show_matrices, show_scores
from fmnist.ui.confusion.link import VIEWS
from fmnist.ui.guards import complete_runs, with_answers
from fmnist.ui.models import choose_runs
from fmnist.ui.show import show_header

show_header("Confusion", "Which classes are mixed up?")
runs = [SingleRun(run) for run in with_answers(choose_runs(complete_runs()))]
controls = st.container(horizontal=True)
with controls:
    view = choose_option("View", VIEWS, "view")
if view == "matrices":
    with controls:
        unit = choose_option("Numbers", UNITS, "unit")
    show_matrices(runs, unit)
elif view == "difference":
    show_difference(runs)
else:
    show_scores(runs)
