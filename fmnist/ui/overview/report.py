"""The report as a download: chosen models in one HTML file."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.choices import choose_options

_MOST = 8  # chosen at first; more would make a long report


def offer_report(models: Sequence[Contender]) -> None:
    """Let the user choose models, listed by rank, and download one HTML file on them, written when asked for."""
    by_key = {model.key: model for model in models}
    titles = {key: model.title for key, model in by_key.items()}
    with st.popover("Report", icon=":material/description:", key="report"):
        chosen = choose_options("Models", titles, "reported", list(titles)[:_MOST], what="model that exists here")
        st.download_button(
            "Download as HTML",
            lambda: _build([by_key[key] for key in chosen], models),
            "report.html",
            "text/html",
            icon=":material/download:",
            disabled=not chosen,
        )
        st.caption("One self-contained file with all tables, figures and settings. Works offline.")


def _build(chosen: Sequence[Contender], models: Sequence[Contender]) -> str:
    from fmnist.report.build import build_report  # the Overview's figures need not wait for it

    return build_report(chosen, models)
