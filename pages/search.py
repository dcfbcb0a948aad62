"""Search: which settings of a recipe and a network work best?"""

import streamlit as st

from fmnist.ui.guards import dataset_or_offer, show_unavailable, stop_if_read_only
from fmnist.ui.search.exchange import offer_exchange
from fmnist.ui.search.form import ask_study
from fmnist.ui.search.studies import choose_study
from fmnist.ui.search.watch import follow
from fmnist.ui.show import show_finding, show_header, show_section

show_header("Search", "Which settings work best?")
show_unavailable()
results, form = st.columns([8, 4], gap="large")
with results:
    study = choose_study()
    if study is None:
        show_finding("No studies yet")
        st.markdown("Choose a space and start a search.")
    else:
        follow(study)
with form:
    stop_if_read_only("searching")
    show_section("New study")
    if dataset_or_offer():
        ask_study()
    offer_exchange(study)
