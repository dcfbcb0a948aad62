"""Predict: what does each model think of a drawing, an upload, a photo, an example or a test image?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.guards import comparable
from fmnist.ui.internals import send_in_full
from fmnist.ui.predict.answers import warm_up
from fmnist.ui.predict.evidence import show_behind
from fmnist.ui.predict.layout import lay_out
from fmnist.ui.predict.options import choose_settings
from fmnist.ui.predict.results import answer_pictures, choose_result, offer_probabilities
from fmnist.ui.predict.sources import HINTS, SOURCES, ask_pictures
from fmnist.ui.predict.strip import show_answer, show_hint
from fmnist.ui.predict.switch import recall_reader, show_reader
from fmnist.ui.predict.teach import offer_teaching
from fmnist.ui.predict.turning import TURNABLE, offer_turns, turn_subjects
from fmnist.ui.show import show_header

show_header("Predict", "Draw or upload a garment and see what each model thinks.")
runs, others = comparable()


@st.fragment  # a stroke reruns this and nothing else of the page
@send_in_full()
def ask_and_answer() -> None:
    """Take pictures on the left, answer on the right."""
    source = choose_option("Picture", SOURCES, key="source", bare=True)
    places = lay_out()
    with places.asking:
        subjects = ask_pictures(source, places.tools)
    with places.tools:
        kind, contenders, options = choose_settings(runs, others)
    reader = recall_reader()
    if not subjects:
        with places.answer:
            show_hint(HINTS[source])
        warm_up(contenders)
        return
    results = answer_pictures(turn_subjects(subjects), contenders, kind, reader)
    with places.answer:
        result = choose_result(results)
        show_answer(result)
        show_reader(result)
        offer_teaching(result)
    if source in TURNABLE:
        with places.asking:
            offer_turns(subjects[results.index(result)], result.answers)
    with places.behind:
        show_behind(result)
    with options:
        offer_probabilities(results)


ask_and_answer()
