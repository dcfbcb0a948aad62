"""FMNIST Lab: `streamlit run app.py`."""

import streamlit as st

from fmnist.ui.heap import rest_heap
from fmnist.ui.internals import bound_uploads
from fmnist.ui.remember import count_built

SHIRT = "M11 7L6 10.5L8.5 15.5L11 14V25.5H21V14L23.5 15.5L26 10.5L21 7H19L17.5 9H14.5L13 7Z"
ICON = (  # an address of its own, which costs neither a request nor the import of an image library
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    f"<rect width='32' height='32' rx='6' fill='%230b6e99'/><path d='{SHIRT}' fill='white'/></svg>"
)

ABOUT = "FMNIST Lab: train, compare and understand Fashion-MNIST classifiers."

bound_uploads()
st.set_page_config("FMNIST Lab", ICON, layout="wide", menu_items={"About": ABOUT})  # with which the menu is shown

page = st.navigation(
    {
        "Compare": [
            st.Page("pages/overview.py", title="Overview", icon=":material/leaderboard:", default=True),
            st.Page("pages/curves.py", title="Curves", icon=":material/show_chart:"),
        ],
        "Look closer": [
            st.Page("pages/confusion.py", title="Confusion", icon=":material/grid_on:"),
            st.Page("pages/confidence.py", title="Confidence", icon=":material/verified:"),
            st.Page("pages/mistakes.py", title="Mistakes", icon=":material/image_search:"),
            st.Page("pages/inside.py", title="Inside", icon=":material/frame_inspect:"),
            st.Page("pages/map.py", title="Map", icon=":material/scatter_plot:"),
            st.Page("pages/stress.py", title="Stress", icon=":material/thunderstorm:"),
        ],
        "Try": [
            st.Page("pages/predict.py", title="Predict", icon=":material/draw:"),
            st.Page("pages/pictures.py", title="My pictures", icon=":material/photo_album:"),
        ],
        "Make": [
            st.Page("pages/design.py", title="Design", icon=":material/schema:"),
            st.Page("pages/search.py", title="Search", icon=":material/tune:"),
            st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
            st.Page("pages/models.py", title="Models", icon=":material/deployed_code:"),
            st.Page("pages/ship.py", title="Ship", icon=":material/rocket_launch:"),
        ],
        "Learn": [
            st.Page("pages/learn.py", title="Learn", icon=":material/school:"),
            st.Page("pages/dataset.py", title="Dataset", icon=":material/photo_library:"),
        ],
    },
    expanded=True,
)
st.set_page_config(f"{page.title} · FMNIST Lab")
page.run()

rest_heap(count_built())
