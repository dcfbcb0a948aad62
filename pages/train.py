"""Train: choose, start, watch, stop."""

import streamlit as st

from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.show import show_finding, show_header
from fmnist.ui.train_form import FORM_WIDTH, ask_trainings
from fmnist.ui.train_runs import choose_watched, own_runs
from fmnist.ui.train_watch import follow

show_header("Train", "Which network shall I train, and how is it doing?")
sides = st.container(horizontal=True, gap="large")

with sides.container(width=FORM_WIDTH):
    if dataset_or_offer():
        ask_trainings()
    runs = own_runs()
    watched = choose_watched(runs) if runs else None

with sides.container():
    if watched:
        follow(watched, runs)
    else:
        show_finding("You have trained nothing yet.")
        st.markdown(
            "Choose a network and start. It trains in a process of its own: close the browser or stop the dashboard, "
            "and it goes on. What is shown here comes from the run's own files."
        )
