"""FMNIST Lab: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

st.set_page_config("FMNIST Lab", str(Path(__file__).with_name("fmnist") / "ui" / "icon.png"), layout="wide")

st.navigation(
    {
        "Compare": [
            st.Page("pages/overview.py", title="Overview", icon=":material/leaderboard:", default=True),
            st.Page("pages/curves.py", title="Curves", icon=":material/show_chart:"),
            st.Page("pages/confusion.py", title="Confusion", icon=":material/grid_on:"),
            st.Page("pages/mistakes.py", title="Mistakes", icon=":material/image_search:"),
        ],
        "Try": [st.Page("pages/predict.py", title="Predict", icon=":material/draw:")],
        "Make": [st.Page("pages/train.py", title="Train", icon=":material/model_training:")],
        "Understand": [st.Page("pages/dataset.py", title="Dataset", icon=":material/photo_library:")],
    }
).run()
