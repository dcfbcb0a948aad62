"""Where things stand on the Predict page: the picture beside its answer, or on a phone the answer right below it."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.ui.predict.canvas import SIDE

_STYLE = """<style>
:has(> .st-key-answering) { min-width: min(100%, 320px) }
@media (max-width: 480px) {
  :is(.st-key-source, .st-key-prepare, .st-key-look) button { padding-inline: .5rem }
  .st-key-answering { gap: .5rem }
  .st-key-answers [data-testid="stExpanderDetails"] { padding-inline: .25rem }
  .st-key-lead > :last-child { flex: 1 1 8rem; min-width: 0 }
}
</style>"""


@dataclass(frozen=True)
class Places:
    """The places of the page, in the order in which a phone shows them.

    `asking` holds the picture, `answer` what the models say, `tools` a row of buttons, `behind` what the answer rests
    on.
    """

    asking: DeltaGenerator
    answer: DeltaGenerator
    tools: DeltaGenerator
    behind: DeltaGenerator


def lay_out() -> Places:
    """Return the places of the page."""
    st.html(_STYLE)
    sides = st.container(horizontal=True, gap="medium")
    asking, answering = sides.container(width=SIDE), sides.container(key="answering")
    answer = answering.container(key="answer", gap="small")
    return Places(asking, answer, answering.container(horizontal=True, key="tools"), answering.container())
