"""The choice of one of the ten classes, kept in the URL by its name."""

import streamlit as st

from fmnist.dataset import CLASS_NAMES


def choose_class(label: str, key: str) -> int | None:
    """Let the user choose a class, or none for any."""
    asked = st.query_params.get(key)
    if asked and asked not in CLASS_NAMES:
        st.warning(f"The address names no class that exists: {asked}.", icon=":material/link_off:")
    name = st.selectbox(label, CLASS_NAMES, None, key=key, placeholder="Any class", bind="query-params")
    return None if name is None else CLASS_NAMES.index(name)
