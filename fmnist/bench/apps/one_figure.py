"""The least that a user could write instead: a bare Streamlit script with one plotly figure."""

import plotly.graph_objects as go
import streamlit as st

st.title("One figure")
st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 1, 2])))
