"""Design: put a network together, see what it costs, save it and train it."""

import streamlit as st

from fmnist.paths import is_read_only
from fmnist.ui.design.editor import show_layers
from fmnist.ui.design.fields import edit_layer
from fmnist.ui.design.result import build, show_network, show_summary
from fmnist.ui.design.saved import offer_save, show_designs
from fmnist.ui.design.state import choose_start
from fmnist.ui.guards import show_unavailable
from fmnist.ui.show import show_header

show_header("Design", "Design a network layer by layer.")
show_unavailable()
summary = st.container()
editor, drawing = st.columns([5, 7], gap="large")
with editor:
    parts = build(choose_start())
    place = show_layers(parts.design)
    if place is not None:
        with st.container(border=True):
            edit_layer(parts.design.layers[place], place)
    if not is_read_only():
        offer_save(parts.design.problem)
        show_designs()
with summary:
    show_summary(parts)
with drawing:
    show_network(parts)
