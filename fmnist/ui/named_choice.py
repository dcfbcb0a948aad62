"""A choice among named things, kept in the URL by the name."""

from collections.abc import Iterable

import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.ui.choices import report_unknown


def choose_name(label: str, names: Iterable[str], key: str, kind: str, tip: str) -> str:
    """Let the user choose one of the names, the first by default; `kind` says what they name, `tip` explains them."""
    options = list(names)
    report_unknown(key, options, kind)
    return str(st.selectbox(label, options, key=key, help=tip, bind="query-params"))


def choose_class(label: str, key: str, nothing: str = "Any class") -> int | None:
    """Let the user choose one of the ten classes, or none, which `nothing` names."""
    report_unknown(key, CLASS_NAMES, "class")
    name = st.selectbox(label, CLASS_NAMES, None, key=key, placeholder=nothing, bind="query-params")
    return None if name is None else CLASS_NAMES.index(name)
