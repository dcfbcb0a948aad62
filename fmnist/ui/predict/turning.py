"""Turn pictures that lie on their side: two buttons, and a suggestion where a turned copy is more familiar."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from fmnist.inference.turned import SUGGESTION, TURNS
from fmnist.ui.predict.answers import Answer
from fmnist.ui.predict.sources import Subject

TURNABLE = ("upload", "camera")
_TURNED = "predict_turned"  # of the session: quarter turns to the left by the picture's key


def turn_subjects(subjects: Sequence[Subject]) -> list[Subject]:
    """Return the pictures as the user has turned them."""
    turned = st.session_state.get(_TURNED, {})
    return [
        replace(subject, turns=quarters) if (quarters := turned.get(_key(subject), 0)) else subject
        for subject in subjects
    ]


def offer_turns(subject: Subject, answers: Sequence[Answer]) -> None:
    """Offer to turn a picture, which is given as it was uploaded, and say so where that would help."""
    turn = next((answer.turn for answer in answers if answer.turn), 0)
    if turn:
        st.info(SUGGESTION.format(turn=TURNS[turn]), icon=":material/screen_rotation:")
    with st.container(horizontal=True):
        for quarters, name, icon in ((1, "Turn left", "rotate_left"), (3, "Turn right", "rotate_right")):
            st.button(name, icon=f":material/{icon}:", key=f"turn_{quarters}", on_click=_turn, args=[subject, quarters])


def _turn(subject: Subject, quarters: int) -> None:
    turned = st.session_state.setdefault(_TURNED, {})
    key = _key(subject)
    turned[key] = (turned.get(key, 0) + quarters) % 4


def _key(subject: Subject) -> tuple[str, str]:
    return subject.name, subject.key
