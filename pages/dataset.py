"""Dataset: what is in the data?"""

import streamlit as st

from fmnist.ui.address import Number, Parameter, choose
from fmnist.ui.choices import choose_option
from fmnist.ui.dataset.board import (
    LEANING,
    SPLITS,
    class_facts,
    describe_footwear,
    describe_split,
    show_class_table,
    show_classes,
)
from fmnist.ui.guards import dataset_or_stop
from fmnist.ui.show import show_figure, show_finding, show_header
from fmnist.views.dataset import lean_figure, pixel_values_figure

DRAW = Parameter("draw", 1, Number(1, 1_000_000), "draw from 1 to 1,000,000")

show_header("Dataset", "What is in the data?")
dataset_or_stop()
facts = class_facts()
show_finding(describe_footwear())
st.markdown(describe_split())

with st.container(horizontal=True):
    split = choose_option("Images of", SPLITS, key="split")
    draw = choose(DRAW, lambda key: st.number_input("Draw", 1, 1_000_000, key=key, width=120))
show_classes(split, int(draw))

left, right = st.columns(2, gap="medium")
with left:
    st.markdown(f"**Pixels from 0 to 1: mean {facts.pixels.mean:.4f}, standard deviation {facts.pixels.std:.4f}**")
    show_figure(pixel_values_figure(facts.pixels), "pixel_values", "How often each pixel value occurs")
with right:
    st.markdown("**Which way objects lean: footwear to the right, as a shoe does whose toe points left**")
    show_figure(lean_figure(facts.right_shares), "leaning", "Share of each class whose upper half lies further right")
show_class_table()
st.caption("Pixels, means and leaning: the 60,000 images of the training file. Leaning: " + LEANING)
