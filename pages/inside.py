"""Inside: what does each layer of a network make of an image?"""

import streamlit as st

from fmnist.ui.guards import complete_runs
from fmnist.ui.inside.board import show_networks
from fmnist.ui.inside.networks import choose_networks, list_or_stop
from fmnist.ui.inside.subject import choose_subject, show_subject
from fmnist.ui.inside.untrained import choose_weights, with_weights
from fmnist.ui.show import show_header

show_header("Inside", "What does each layer of a network make of an image?")
runs = list_or_stop(complete_runs())
with st.container(horizontal=True, vertical_alignment="bottom"):
    networks = choose_networks(runs)
    weights = choose_weights()
with st.container(horizontal=True, vertical_alignment="bottom"):
    subject = choose_subject()
networks = with_weights(networks, weights)
if subject is not None:
    show_subject(subject)
    show_networks(networks, subject)
