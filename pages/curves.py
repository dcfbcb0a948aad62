"""Curves: how did training go, and when did overfitting start?"""

import streamlit as st

from fmnist.ui.curves.board import build_parts, choose_drawing, choose_measure, show_gaps, with_history
from fmnist.ui.curves.epochs import show_epochs
from fmnist.ui.curves.learning import show_learning_curve
from fmnist.ui.models import choose_models
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_evidence, show_finding, show_header, show_table

show_header("Curves", "How did training go, and when did overfitting start?")
runs, others = with_history()
finding = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    contenders = choose_models(runs, others)
    measure = choose_measure()
    options = choose_drawing()

parts = remember(build_parts, contenders, options)
with finding:
    show_finding(parts.finding)
show_drawn(parts.figures[measure], key=measure)
show_table(parts.table, "curves_table", parts.file_name)
show_evidence("Generalization gap", "gaps", lambda: show_gaps(contenders, options, parts.altered))
show_evidence("Epoch by epoch", "by_epoch", lambda: show_epochs(contenders))
show_learning_curve()
with st.expander("How to read this chart"):
    st.markdown(parts.reading)
    if parts.altered:
        st.markdown(parts.altered)
