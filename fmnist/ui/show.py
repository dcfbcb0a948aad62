"""How every page shows its question, its finding, its figures and its tables."""

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from fmnist.ui.address import enter_page

if TYPE_CHECKING:
    import pandas as pd


def show_header(title: str, question: str) -> None:
    """Show the page's title with the question that it answers."""
    _leave_old_navigation()
    enter_page(title)
    st.title(title, anchor=False)
    st.caption(question)


def show_finding(sentence: str) -> None:
    """Show what the data say, above the figure that shows it."""
    st.markdown(f"#### {sentence}")


def show_figure(figure: go.Figure, key: str, description: str) -> None:
    """Show a figure as wide as its column; `description` is its alternative text, the toolbar saves it as PNG."""
    picture = {"format": "png", "scale": 2, "filename": key}
    st.plotly_chart(figure, key=key, config={"displaylogo": False, "toImageButtonOptions": picture}, alt=description)


def show_table(frame: "pd.DataFrame", key: str, file_name: str, column_config: dict[str, Any] | None = None) -> None:
    """Show a table with a download of it as CSV."""
    st.dataframe(frame, key=key, hide_index=True, column_config=column_config, placeholder="–")
    st.download_button(
        "Table as CSV",
        lambda: frame.to_csv(index=False),
        file_name,
        "text/csv",
        key=f"{key}_csv",
        icon=":material/download:",
        type="tertiary",
    )


def _leave_old_navigation() -> None:
    """Begin again with app.py where a page was opened by its address before any other page of this server.

    A folder named `pages` starts Streamlit's old navigation, which runs a page without app.py, until `st.navigation`
    has been called once; there is no public switch for it.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
