"""What pages do while labels are hidden: they show only what is aggregated over many images."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.errors import InputError
from fmnist.imports.hidden import HiddenSet, hidden_set
from fmnist.ui.markup import plain
from fmnist.views.confusion import FEWEST_SHOWN, tells_labels
from fmnist.wording import shorten

_NOTHING_YET = "No model has been tested on the hidden images yet."
_HOW = "Import the submissions with `python -m fmnist import FOLDER`. It also asks the models that have weights."


def expect_usable() -> None:
    """Stop every page where the file of hidden labels cannot be used, and say why: nothing is shown by accident."""
    try:
        hidden_set()
    except InputError as error:
        st.error(plain(str(error)), icon=":material/lock:")
        st.stop()


def labels_are_hidden() -> bool:
    """Return whether models are tested on hidden images."""
    return hidden_set() is not None


def tell_hidden(hidden: HiddenSet, count: int) -> None:
    """Say on what models are tested; without any the page stops."""
    if not count:
        st.info(_NOTHING_YET, icon=":material/lock:")
        st.markdown(_HOW)
        st.stop()
    st.caption(f":material/lock: Tested on {len(hidden.labels):,} hidden images, which are not shown one by one.")


def tell_how_to_import() -> None:
    """Say why the page takes no predictions: whoever could submit at will could find out labels one by one."""
    st.info("While labels are hidden, submissions are imported on the server alone.", icon=":material/lock:")
    st.markdown(_HOW)


def leave_out_telling(models: Sequence[Contender]) -> list[Contender]:
    """Return the models whose matrices tell no single hidden label, and tell of the others.

    With none the page stops.
    """
    kept = [model for model in models if not tells_labels(model)]
    if len(kept) < len(models):
        names = shorten([model.title for model in models if model not in kept])
        few = f"a class is predicted on fewer than {FEWEST_SHOWN} images, which would tell their labels"
        st.info(plain(f"Left out: {names}. There {few}."), icon=":material/lock:")
    if not kept:
        st.stop()
    return kept


def stop_if_hidden(what: str) -> None:
    """Stop a page that would tell single labels; `what` names what it shows."""
    if labels_are_hidden():
        st.info(f"The labels are hidden, and {what} would tell them.", icon=":material/lock:")
        st.page_link("pages/overview.py", label="See the leaderboard", icon=":material/leaderboard:")
        st.stop()
