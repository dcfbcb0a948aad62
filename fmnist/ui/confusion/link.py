"""The views of the Confusion page, and the way to one of them from another page."""

from collections.abc import Sequence

import streamlit as st

from fmnist.runs.run import ReadableRun
from fmnist.ui.choices import pick_run

_WHOLE_LABEL = "<style>[data-testid=stPageLink] p { white-space: normal }</style>"  # a telephone would cut it off
VIEWS = {"matrices": "Side by side", "difference": "Difference of two", "scores": "Scores by class"}


def link_difference(runs_a: Sequence[ReadableRun], runs_b: Sequence[ReadableRun]) -> None:
    """Lead to the images that make the difference between two networks, for each of which one of its runs stands."""
    a, b = pick_run(runs_a), pick_run(runs_b)
    if a.id == b.id:  # a network and the one of its runs that stands for it
        return
    st.html(_WHOLE_LABEL)
    st.page_link(
        "pages/confusion.py",
        label="See the images they disagree on",
        icon=":material/grid_on:",
        query_params={"runs": [a.id, b.id], "view": "difference", "a": a.id, "b": b.id},
    )
