"""Dataset: what does Fashion-MNIST contain?"""

import streamlit as st

from fmnist.ui.announcement import announce
from fmnist.ui.choices import choose_option
from fmnist.ui.dataset.board import build_parts, choose_draw, classes_html
from fmnist.ui.dataset.duplicates import show_duplicates
from fmnist.ui.guards import dataset_or_stop
from fmnist.ui.show import show_drawn, show_evidence, show_finding, show_header, show_method, show_section, show_table
from fmnist.views.dataset import METHOD, SPLITS, Options

show_header("Dataset", "What does Fashion-MNIST contain?")
dataset = dataset_or_stop()
parts = build_parts()
show_finding(parts.finding)

with st.container(horizontal=True, vertical_alignment="bottom"):
    split = choose_option("Images of", SPLITS, key="split")
    draw = choose_draw()
announce(f"{SPLITS[split]} images, draw {draw:,}.")
st.html(classes_html(Options(split, draw)))

show_section("Share of images pointing left, by class")
show_drawn(parts.figures["pointing_left"])
st.caption("Blue: shoes. Other classes (grey) have no toe and are shown for comparison.")
show_evidence(parts.pixels, "pixels", lambda: show_drawn(parts.figures["pixel_values"]))
show_evidence("Counts and means by class", "table", lambda: show_table(parts.table, "class_table", "classes.csv"))
show_evidence("Near-duplicates of training images", "duplicates", lambda: show_duplicates(dataset))
show_method(METHOD)
