"""The sides of the Train page: the form, beside it the run and the list; on a phone a run that matters stands above."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_FORM_WIDTH = 340
_STYLE = """<style>
.st-key-queue button[kind="tertiary"] { min-height: 1.75rem; padding-block: 0 }
@media (max-width: 767px) {
  :is(.st-key-train_right, :has(> .st-key-train_right)) { display: contents }
  :is(.st-key-train_active, :has(> .st-key-train_active)) { order: -1 }
  :is(.st-key-train_form, :has(> .st-key-train_form)) { width: 100% !important; max-width: none }
  .st-key-run_card { border: 0; padding: 0 }
}
</style><i class='fmnist-style'></i>"""


def open_sides(active: bool) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Return the rooms for the form, the run and the list of runs; `active` puts the run above on a phone."""
    st.html(_STYLE)
    sides = st.container(horizontal=True, gap="large", key="train_sides")
    form = sides.container(width=_FORM_WIDTH, key="train_form")
    right = sides.container(key="train_right")
    return form, right.container(key="train_active" if active else "train_idle"), right.container()
