"""Curves: what did training look like?"""

import streamlit as st

from fmnist.figures.curves import curves_figure, gap_figure
from fmnist.ui.choices import choose_option, choose_runs
from fmnist.ui.curves_board import average_networks, describe_all, read_curves, runs_with_history, show_summaries
from fmnist.ui.show import show_figure, show_finding, show_header

show_header("Curves", "What did training look like, and when did a network begin to learn its images by heart?")
runs = runs_with_history()
finding = st.container()
chosen = choose_runs(runs)
with st.container(horizontal=True):
    lines = choose_option("Lines", {"runs": "Each run", "mean": "Mean of all seeds"}, key="lines")
    axis = choose_option("Horizontal axis", {"epoch": "Epochs", "seconds": "Seconds"}, key="axis")
    scale = choose_option("Loss axis", {"linear": "Linear", "log": "Logarithmic"}, key="scale")

curves = average_networks(chosen, runs) if lines == "mean" else read_curves(chosen)
with finding:
    show_finding(describe_all(curves))
note = "Dashed: training, averaged while the weights change. Solid: validation. Marker: the lowest validation loss."
st.caption(f"{note} Shaded: from the lowest to the highest seed." if lines == "mean" else note)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**Loss**")
    show_figure(curves_figure(curves, "loss", axis, log=scale == "log"), "loss", "Training and validation loss")
    st.markdown("**Gap: validation loss less training loss**")
    show_figure(gap_figure(curves, "loss", axis), "loss_gap", "How much lower the loss is in training")
with right:
    st.markdown("**Accuracy**")
    show_figure(curves_figure(curves, "accuracy", axis), "accuracy", "Training and validation accuracy")
    st.markdown("**Gap: training accuracy less validation accuracy**")
    show_figure(
        gap_figure(curves, "accuracy", axis), "accuracy_gap", "How much higher the accuracy is on training images"
    )
show_summaries(curves)
