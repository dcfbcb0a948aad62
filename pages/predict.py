"""Predict: what is my picture?"""

import streamlit as st

from fmnist.contenders.for_pictures import one_per_architecture
from fmnist.contenders.single_run import SingleRun
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_option
from fmnist.ui.codecs import Flag
from fmnist.ui.guards import complete_runs
from fmnist.ui.internals import send_in_full
from fmnist.ui.models import choose_runs
from fmnist.ui.predict.answers import warm_up
from fmnist.ui.predict.maps import show_maps
from fmnist.ui.predict.nearest import show_nearest
from fmnist.ui.predict.results import (
    KINDS,
    answer_pictures,
    choose_result,
    offer_probabilities,
    show_answers,
    show_steps,
    two_sides,
)
from fmnist.ui.predict.sources import HINTS, SOURCES, ask_pictures
from fmnist.ui.predict.turning import TURNABLE, offer_turns, turn_subjects
from fmnist.ui.show import show_finding, show_header

LOOKED = Parameter("looked", False, Flag(), "choice of maps that exists here")
NEAREST = Parameter("nearest", False, Flag(), "choice of nearest images that exists here")

show_header("Predict", "What is my picture?")
runs = complete_runs()


@st.fragment  # a stroke reruns this and nothing else of the page
@send_in_full()
def ask_and_answer() -> None:
    """Take pictures on the left, answer on the right."""
    source = choose_option("Picture", SOURCES, key="source")
    asking, answering = two_sides()
    with asking:
        subjects = ask_pictures(source)
        turns = st.container()
    with answering:
        answers = st.container()
        kind = choose_option("Prepared as", KINDS, key="prepare")
        steps = st.container()
        looked = choose(
            LOOKED, lambda key: st.toggle("Show where each model looked", standing_value(key, False), key=key)
        )
        maps = st.container()
        near = choose(
            NEAREST, lambda key: st.toggle("Show the nearest training images", standing_value(key, False), key=key)
        )
        neighbours = st.container()
        chosen = choose_runs(runs, label="Models", default=one_per_architecture(runs), kept_as="predict_runs")
        contenders = [SingleRun(run) for run in chosen]
    if not subjects:
        with answers:
            show_finding(HINTS[source])
        warm_up(contenders)
        return
    results = answer_pictures(turn_subjects(subjects), contenders, kind)
    with answers:
        result = choose_result(results)
        show_answers(result)
    if source in TURNABLE:
        with turns:
            offer_turns(subjects[results.index(result)], result.answers)
    with steps:
        show_steps(result.prepared)
    with maps:
        if looked:
            show_maps(result.prepared, result.answers)
    with neighbours:
        if near:
            show_nearest(result.prepared.image, result.answers)
        offer_probabilities(results)


ask_and_answer()
