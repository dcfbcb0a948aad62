"""The report as a download: chosen models in one HTML file."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.of_runs import OfRuns
from fmnist.ui.choices import choose_options

_MOST = 8  # chosen at first; more would make a long report


def offer_report(models: Sequence[OfRuns]) -> None:
    """Let the user choose models, listed by rank, and download one HTML file on them, written when asked for."""
    by_key = {model.key: model for model in models}
    titles = {key: model.title for key, model in by_key.items()}
    with st.popover("Report", icon=":material/description:"):
        chosen = choose_options("Networks", titles, "reported", list(titles)[:_MOST])
        st.download_button(
            "Download as HTML",
            lambda: _build([by_key[key] for key in chosen]),
            "report.html",
            "text/html",
            icon=":material/download:",
            disabled=not chosen,
        )
        st.caption(
            "Tables, figures, verdicts, configurations and versions. It opens in any browser, without a network."
        )


def _build(models: Sequence[OfRuns]) -> str:
    from fmnist.report.build import build_report  # the Overview's figures need not wait for it

    return build_report(models)
