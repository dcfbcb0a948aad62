"""Dataset: what is in the data?"""

import streamlit as st

from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.dataset.board import build_parts, classes_html
from fmnist.ui.guards import dataset_or_stop
from fmnist.ui.show import show_drawn, show_finding, show_header, show_table
from fmnist.views.dataset import SPLITS, Options

DRAW = Parameter("draw", 1, Number(1, 1_000_000), "draw from 1 to 1,000,000")

show_header("Dataset", "What is in the data?")
dataset_or_stop()
parts = build_parts()
show_finding(parts.finding)
st.markdown(parts.splits)

with st.container(horizontal=True):
    split = choose_option("Images of", SPLITS, key="split")
    draw = choose(
        DRAW, lambda key: st.number_input("Draw", 1, 1_000_000, standing_value(key, "min"), key=key, width=120)
    )
st.html(classes_html(Options(split, int(draw))))

left, right = st.columns(2, gap="medium")
with left:
    st.markdown(f"**{parts.pixels}**")
    show_drawn(parts.figures["pixel_values"])
with right:
    st.markdown("**Which way objects lean: footwear to the right, as a shoe does whose toe points left**")
    show_drawn(parts.figures["leaning"])
show_table(parts.table, "class_table", "classes.csv")
st.caption(
    "Pixels, means and leaning: the 60,000 images of the training file. Leaning: the upper half of the object has its "
    "centre further right than the lower half. In a shoe seen from the side the ankle lies over the heel, so that one "
    "that leans right points left."
)
