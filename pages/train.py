"""Train: choose, start, watch, stop."""

import streamlit as st

from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.show import show_header
from fmnist.ui.train.form import FORM_WIDTH, ask_trainings
from fmnist.ui.train.runs import choose_ended, find_watched, own_runs
from fmnist.ui.train.watch import follow

show_header("Train", "Which networks shall I train, and how are they doing?")
sides = st.container(horizontal=True, gap="large")
runs = own_runs()

with sides.container(width=FORM_WIDTH):
    watched = find_watched(runs)
    if dataset_or_offer():
        ask_trainings()
    choose_ended(runs, watched)

with sides.container():
    follow(watched, runs)
