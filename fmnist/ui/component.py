"""Pieces of a page that Streamlit has not: markup, style and script in files beside the module that uses them."""

from pathlib import Path
from typing import Any

import streamlit as st


def register_component(module: str, content: str = "", **options: bool) -> Any:  # noqa: ANN401
    """Return the component whose files lie beside a module's (its `__file__`) under the same name.

    It is called with `key`, `data` and callbacks. `content` stands in for the comment "content" in the markup.
    """
    path = Path(module)
    html, css, js = (path.with_suffix(f".{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    html = html.replace("<!-- content -->", content)
    return st.components.v2.component(f"fmnist_{path.stem}", html=html, css=css, js=js, **options)
