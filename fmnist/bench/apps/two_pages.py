"""The least that a user could write with more than one page: two bare Streamlit pages with one plotly figure each."""

import plotly.graph_objects as go
import streamlit as st


def first() -> None:
    """Show one figure."""
    st.title("First")
    st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 1, 2])))


def second() -> None:
    """Show another one."""
    st.title("Second")
    st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[3, 1, 2])))


st.navigation([st.Page(first, title="First"), st.Page(second, title="Second")]).run()
