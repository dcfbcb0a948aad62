"""What cannot be read, told in one line with a count, however much it is; the reasons are one click away."""

from collections.abc import Sequence

import streamlit as st

from fmnist.ui.markup import plain

MOST_TOLD = 50


def show_problems(title: str, problems: Sequence[str]) -> None:
    """Show how much cannot be read, and the first reasons on request; nothing where there is no problem."""
    if not problems:
        return
    more = len(problems) - MOST_TOLD
    told = [*problems[:MOST_TOLD], *([f"… and {more:,} more."] if more > 0 else [])]
    with st.expander(plain(title), icon=":material/warning:"):
        st.text("\n".join(told))
