"""The views of the Confusion page, and the way to one of them from another page."""

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.models import stand_in

_WHOLE_LABEL = "<style>[data-testid=stPageLink] p { white-space: normal }</style>"  # a telephone would cut it off
VIEWS = {"matrices": "Side by side", "difference": "Difference of two", "scores": "Scores by class"}


def link_difference(model_a: Contender, model_b: Contender) -> None:
    """Lead to the images that make the difference between two models; for those with seeds one run stands."""
    query = address_difference(model_a, model_b)
    if query["a"] == query["b"]:  # a model and the one of its runs that stands for it
        return
    st.html(_WHOLE_LABEL)
    label = "See the images they disagree on"
    st.page_link("pages/confusion.py", label=label, icon=":material/grid_on:", query_params=query)


def address_difference(model_a: Contender, model_b: Contender) -> dict[str, str | list[str]]:
    """Return the parameters at which the page shows the difference between two models."""
    a, b = stand_in(model_a).key, stand_in(model_b).key
    return {"runs": [a, b], "view": "difference", "a": a, "b": b}
