"""Confidence: how far can a model be trusted when it says that it is sure?"""

import streamlit as st

from fmnist.evaluation.calibration import BINS
from fmnist.ui.address import Parameter, choose
from fmnist.ui.choices import choose_class, choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.confidence.board import build_calibration, build_coverage
from fmnist.ui.guards import comparable, with_probabilities
from fmnist.ui.models import choose_rows
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding, show_header, show_table
from fmnist.views import calibration, coverage
from fmnist.views.confidences import KINDS

SURE = Parameter("sure", 90, Number(0, 100), "confidence from 0 to 100")

show_header("Confidence", "When a model says that it is sure, can it be trusted?")
models = with_probabilities(choose_rows(*comparable()))
finding = st.container()
with st.container(horizontal=True, gap="medium"):
    kind = choose_option("Confidences", KINDS, key="confidences")
    label = "Answer only when at least this sure (%)"
    sure = choose(SURE, lambda key: st.slider(label, 0, 100, key=key, width=320))
    true_class = choose_class("True class", "true")

calibrated = remember(build_calibration, models, calibration.Options(kind))
answered = remember(build_coverage, models, coverage.Options(kind, sure / 100, true_class))
with finding:
    show_finding(calibrated.finding)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**Accuracy by confidence: below the diagonal a model is surer than it is right**")
    show_drawn(calibrated.reliability)
    st.caption(f"{BINS} bins of equal width, 95% intervals. Faint: the other confidences. Left out: under 10 images.")
    with st.expander("The bins as a table"):
        show_table(calibrated.bins, "bins", "reliability.csv")
with right:
    st.markdown(f"**{answered.finding}**")
    show_drawn(answered.curves)
st.markdown("**Before and after temperature scaling**")
show_table(calibrated.scores, "calibration", "calibration.csv")
st.caption(
    f"On the test images. Calibration error: expected, over {BINS} bins of equal width. Brier score: from 0 to 2. "
    "The temperature is fitted on the 5,000 validation images."
)
if calibrated.unscaled:
    st.caption(calibrated.unscaled)
st.markdown(f"**By class, when only answers that are at least {sure}% sure are given**")
show_drawn(answered.by_class)
show_table(answered.classes, "sure_classes", "answers_by_class.csv")
