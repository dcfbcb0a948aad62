"""Curves: what did training look like?"""

import streamlit as st

from fmnist.ui.curves.board import build_parts, choose_drawing, with_history
from fmnist.ui.models import choose_models
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding, show_header, show_table

show_header("Curves", "What did training look like, and when did a network begin to learn its images by heart?")
runs, others = with_history()
finding = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    contenders = choose_models(runs, others)
    options = choose_drawing()

parts = remember(build_parts, contenders, options)
with finding:
    show_finding(parts.finding)
st.caption(parts.notes)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**Loss**")
    show_drawn(parts.figures["loss"])
    st.markdown("**Gap: validation loss less training loss**")
    show_drawn(parts.figures["loss_gap"])
with right:
    st.markdown("**Accuracy**")
    show_drawn(parts.figures["accuracy"])
    st.markdown("**Gap: training accuracy less validation accuracy**")
    show_drawn(parts.figures["accuracy_gap"])
show_table(parts.table, key="curves_table", file_name="curves.csv")
