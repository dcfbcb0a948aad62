"""Confidence: how far can a model be trusted when it says that it is sure?"""

import streamlit as st

from fmnist.contenders.looks import look_of
from fmnist.evaluation.calibration import BINS
from fmnist.ui.address import Number, Parameter, choose
from fmnist.ui.choices import choose_class, choose_option, choose_runs
from fmnist.ui.confidence.board import (
    KINDS,
    answer_when_sure,
    describe_calibration,
    describe_coverage,
    measure_coverages,
    measure_reliabilities,
    read_confidences,
    show_bins,
    show_classes,
    show_scores,
)
from fmnist.ui.guards import complete_runs
from fmnist.ui.show import show_figure, show_finding, show_header
from fmnist.views.calibration import coverage_figure, reliability_figure
from fmnist.views.class_panels import class_panels_figure

SURE = Parameter("sure", 90, Number(0, 100), "confidence from 0 to 100")

show_header("Confidence", "When a model says that it is sure, can it be trusted?")
runs = read_confidences(choose_runs(complete_runs()))
show_finding(describe_calibration(runs))
with st.container(horizontal=True, gap="medium"):
    kind = choose_option("Confidences", KINDS, key="confidences")
    label = "Answer only when at least this sure (%)"
    sure = choose(SURE, lambda key: st.slider(label, 0, 100, key=key, width=320))
    true_class = choose_class("True class", "true")

answers = answer_when_sure(runs, kind, sure / 100)
coverages = measure_coverages(runs, kind, answers, true_class)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**Accuracy by confidence: below the diagonal a model is surer than it is right**")
    show_figure(reliability_figure(measure_reliabilities(runs, kind)), "reliability", "Accuracy in bins of confidence")
    st.caption(f"{BINS} bins of equal width, 95 % intervals. Faint: the other confidences. Left out: under 10 images.")
    with st.expander("The bins as a table"):
        show_bins(runs, kind)
with right:
    st.markdown(f"**{describe_coverage(coverages, sure / 100, true_class)}**")
    show_figure(coverage_figure(coverages), "coverage", "Accuracy of the surest answers against how many are given")
st.markdown("**Before and after temperature scaling**")
show_scores(runs)
st.caption(
    f"On the test images. Calibration error: expected, over {BINS} bins of equal width. Brier score: from 0 to 2. "
    "The temperature is fitted on the 5,000 validation images."
)
st.markdown(f"**By class, when only answers that are at least {sure} % sure are given**")
shares = {
    "Answered": [answer.class_coverage for answer in answers],
    "Right when answered": [answer.class_accuracy for answer in answers],
}
by_class = class_panels_figure([run.name for run in runs], [look_of(run.model, run.recipe) for run in runs], shares)
show_figure(by_class, "sure_by_class", "Share answered, and share right when answered, by class")
show_classes(runs, answers)
