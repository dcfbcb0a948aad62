"""The views of the Confusion page, and the way to one of them from another page."""

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.models import listed_key

_WHOLE_LABEL = "<style>[data-testid=stPageLink] p { white-space: normal }</style>"  # a telephone would cut it off
VIEWS = {"matrices": "Matrix", "difference": "Model A − Model B", "scores": "Scores"}


def link_difference(model_a: Contender, model_b: Contender) -> None:
    """Lead to the images that make the difference between two models."""
    query = address_difference(model_a, model_b)
    if labels_are_hidden():
        return
    if query["a"] == query["b"]:  # a model and its only run
        return
    st.html(_WHOLE_LABEL)
    label = "See the images they disagree on"
    st.page_link("pages/confusion.py", label=label, icon=":material/grid_on:", query_params=query)


def address_difference(model_a: Contender, model_b: Contender) -> dict[str, str | list[str]]:
    """Return the parameters at which the page shows the difference between two models."""
    a, b = listed_key(model_a), listed_key(model_b)
    return {"runs": [a, b], "view": "difference", "a": a, "b": b}
