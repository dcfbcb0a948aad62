"""Which reader answers, told in one line, and a button to ask the other one instead."""

import streamlit as st

from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import OneOf
from fmnist.ui.predict.answers import NETWORK, PHOTOS, find_lead, role_of
from fmnist.ui.predict.results import Result

_AUTO = "auto"
_KEY = "reader"
_READER = Parameter(
    _KEY, _AUTO, OneOf({_AUTO: "Automatic", PHOTOS: "Photos", NETWORK: "Drawings"}), "reader that exists here"
)
_WHY = {
    PHOTOS: "this looks like a photo",
    NETWORK: "this does not look like a photo",
}


def recall_reader() -> str:
    """Return which reader the user wants to answer first: "auto", "photos" or "network"."""
    return recall(_READER)


def show_reader(result: Result) -> None:
    """Say which reader answers and why, where there are two, and let the user switch."""
    by_role = {role_of(answer): answer for answer in reversed(result.answers) if answer.probs is not None}
    lead = find_lead(result.answers)
    if lead is None or not {PHOTOS, NETWORK} <= set(by_role):
        return
    chosen = st.session_state[_KEY] != _AUTO
    other = by_role[NETWORK if role_of(lead) == PHOTOS else PHOTOS].contender.short_title
    why = "as you chose" if chosen else f"because {_WHY[role_of(lead)]}"
    label = "Choose automatically" if chosen else f"Ask {other} instead"
    following = _AUTO if chosen else (NETWORK if role_of(lead) == PHOTOS else PHOTOS)
    with st.container(horizontal=True, vertical_alignment="center", key="answering_reader"):
        st.caption(f"{lead.contender.short_title} answers, {why}.", width="content")
        icon = ":material/swap_horiz:"
        st.button(label, key="switch_reader", icon=icon, on_click=_switch, args=[following], type="tertiary")


def _switch(reader: str) -> None:
    st.session_state[_KEY] = reader
