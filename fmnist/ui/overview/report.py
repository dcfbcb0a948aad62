"""The report as a download: chosen networks in one HTML file."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.seed_group import SeedGroup
from fmnist.ui.choices import choose_options
from fmnist.views.leaderboard import Entry

_MOST = 8  # chosen at first; more would make a long report


def offer_report(networks: Sequence[SeedGroup], ranking: Sequence[Entry]) -> None:
    """Let the user choose networks, listed by rank, and download one HTML file on them, written when asked for."""
    by_key = {network.key: network for network in networks}
    titles = {entry.key: entry.name for entry in ranking}
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


def _build(networks: Sequence[SeedGroup]) -> str:
    from fmnist.report.build import build_report  # the Overview's figures need not wait for it

    return build_report(networks)
