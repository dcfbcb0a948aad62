"""Which reader answers, told in one line, and a button to ask the other one instead."""

import streamlit as st

from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import OneOf
from fmnist.ui.predict.answers import AUTO, NETWORK, PHOTOS, SHIPPED, TAUGHT, Answer, find_lead, role_of
from fmnist.ui.predict.results import Result

_KEY = "reader"
_READERS = {AUTO: "Automatic", SHIPPED: "Automatic, without my model", PHOTOS: "Photos", NETWORK: "Drawings"}
_READER = Parameter(_KEY, AUTO, OneOf(_READERS), "reader that exists here")
_WHY = {
    PHOTOS: "this looks like a photo",
    NETWORK: "this does not look like a photo",
}


def recall_reader() -> str:
    """Return which reader the user wants to answer first: "auto", "shipped", "photos" or "network"."""
    return recall(_READER)


def show_reader(result: Result) -> None:
    """Say which reader answers and why, where there are two, and let the user switch."""
    by_role = {role_of(answer): answer for answer in reversed(result.answers) if answer.probs is not None}
    lead = find_lead(result.answers)
    if lead is not None and TAUGHT in by_role:
        _show_taught(lead)
        return
    if lead is None or not {PHOTOS, NETWORK} <= set(by_role):
        return
    chosen = st.session_state[_KEY] not in (AUTO, SHIPPED)
    other = by_role[NETWORK if role_of(lead) == PHOTOS else PHOTOS].contender.short_title
    why = "as you chose" if chosen else f"because {_WHY[role_of(lead)]}"
    label = "Choose automatically" if chosen else f"Ask {other} instead"
    _offer(
        f"{lead.contender.short_title} answers, {why}.",
        label,
        AUTO if chosen else (NETWORK if role_of(lead) == PHOTOS else PHOTOS),
    )


def _show_taught(lead: Answer) -> None:
    """Say whether the model answers that the user taught, with a way to the others or back."""
    name = lead.contender.short_title
    if role_of(lead) == TAUGHT:
        _offer(f"{name} answers, because you taught it.", "Ask without my model", SHIPPED)
    else:
        _offer(f"{name} answers, without your model.", "Ask my model", AUTO)


def _offer(said: str, label: str, following: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="answering_reader"):
        st.caption(said, width="content")
        icon = ":material/swap_horiz:"
        st.button(label, key="switch_reader", icon=icon, on_click=_switch, args=[following], type="tertiary")


def _switch(reader: str) -> None:
    st.session_state[_KEY] = reader
