"""Pieces of a page that Streamlit has not: markup, style and script in files of one name beside this one."""

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def register_component(name: str, **options: bool) -> Any:  # noqa: ANN401
    """Return the component of that name, to be called with `key`, `data` and callbacks."""
    html, css, js = ((_HERE / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component(f"fmnist_{name}", html=html, css=css, js=js, **options)
