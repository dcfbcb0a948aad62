"""Confidence: can you trust a model's confidence?"""

import streamlit as st

from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_class, choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.confidence.board import (
    build_calibration,
    build_coverage,
    build_reliability,
    show_bins,
    show_classes,
    show_scores,
)
from fmnist.ui.guards import comparable, with_probabilities
from fmnist.ui.hidden import stop_if_hidden
from fmnist.ui.models import choose_rows
from fmnist.ui.remember import remember
from fmnist.ui.show import show_cards, show_drawn, show_evidence, show_finding, show_header, show_section
from fmnist.views import calibration, coverage
from fmnist.views.confidences import KINDS

SURE = Parameter("sure", 90, Number(0, 100), "confidence from 0 to 100")

show_header("Confidence", "Can you trust a model's confidence?")
stop_if_hidden("accuracy by confidence")
finding = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    models = with_probabilities(choose_rows(*comparable()))
    calibrated = remember(build_calibration, models)
    shown = choose_option("Diagram of", calibrated.names, "diagram", calibrated.worst)
    kind = choose_option("Confidences", KINDS, key="confidences")
with finding:
    show_finding(calibrated.finding)
show_cards(calibrated.cards[shown])

options = calibration.Options(kind)
left, right = st.columns(2, gap="medium")
with left:
    show_section("Accuracy by confidence (below the diagonal: overconfident)")
    drawn = remember(build_reliability, [model for model in models if model.key == shown], options)
    show_drawn(drawn, key="reliability")
with right:
    said = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = "Minimum confidence to answer (%)"
        sure = choose(SURE, lambda key: st.slider(label, 0, 100, standing_value(key), key=key, width=260))
        true_class = choose_class("True class", "true")
    chosen = coverage.Options(kind, sure / 100, true_class)
    answered = remember(build_coverage, models, chosen)
    with said:
        show_section("Answering only when confident")
        st.markdown(answered.finding)
    show_drawn(answered.curves, key="coverage")
show_evidence("Scores before and after temperature scaling", "scores", lambda: show_scores(calibrated))
show_evidence(f"By class, at {sure}% minimum confidence", "classes", lambda: show_classes(models, chosen))
show_evidence("Bins of the diagram", "bins", lambda: show_bins(models, options))
