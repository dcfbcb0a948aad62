"""Curves: what did training look like?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.curves.board import (
    average_networks,
    choose_trainings,
    describe_all,
    describe_lines,
    describe_training,
    read_curves,
    runs_with_history,
    show_summaries,
)
from fmnist.ui.show import show_figure, show_finding, show_header
from fmnist.views.curves import curves_figure, gap_figure

show_header("Curves", "What did training look like, and when did a network begin to learn its images by heart?")
runs = runs_with_history()
finding = st.container()
chosen = choose_trainings(runs)
with st.container(horizontal=True):
    lines = choose_option("Lines", {"runs": "Each run", "mean": "Mean of all seeds"}, key="lines")
    axis = choose_option("Horizontal axis", {"epoch": "Epochs", "seconds": "Seconds"}, key="axis")
    scale = choose_option("Loss axis", {"linear": "Linear", "log": "Logarithmic"}, key="scale")
    weight = choose_option("Moving average", {"0": "Off", "0.6": "0.6", "0.9": "0.9"}, key="smoothing")

smoothing = float(weight)
curves = average_networks(chosen, runs) if lines == "mean" else read_curves(chosen)
with finding:
    show_finding(describe_all(curves))
st.caption("\n\n".join([describe_lines(lines == "mean", smoothing), describe_training(chosen)]))
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**Loss**")
    loss = curves_figure(curves, "loss", axis, scale == "log", smoothing)
    show_figure(loss, "loss", "Training and validation loss")
    st.markdown("**Gap: validation loss less training loss**")
    show_figure(gap_figure(curves, "loss", axis, smoothing), "loss_gap", "How much lower the loss is in training")
with right:
    st.markdown("**Accuracy**")
    accuracy = curves_figure(curves, "accuracy", axis, smoothing=smoothing)
    show_figure(accuracy, "accuracy", "Training and validation accuracy")
    st.markdown("**Gap: training accuracy less validation accuracy**")
    gap = gap_figure(curves, "accuracy", axis, smoothing)
    show_figure(gap, "accuracy_gap", "How much higher the accuracy is on training images")
show_summaries(curves)
