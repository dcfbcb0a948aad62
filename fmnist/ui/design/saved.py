"""Designs that are kept: save the one that is edited, train it, delete what is no longer wanted."""

import streamlit as st

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.layers import Layers
from fmnist.designs.store import DESIGNS, list_designs, list_stored, save_design
from fmnist.naming import LONGEST_NAME
from fmnist.runs.shelf import BrokenItem
from fmnist.ui.announcement import announce
from fmnist.ui.choices import tell_apart
from fmnist.ui.design.state import current_layers
from fmnist.ui.markup import plain
from fmnist.ui.problems import show_problems
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.wording import plural

_NAME, _DONE, _DELETED = "design_name", "design_done", "design_deleted"


def offer_save(problem: str) -> None:
    """Let the user save what is edited under a name, and train what is saved; a design with a problem is neither."""
    tell_refusals()
    done = st.session_state.pop(_DONE, "")
    if done:
        st.toast(plain(done), icon=":material/check:")
    announce(done)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key=_NAME, max_chars=LONGEST_NAME, placeholder="My net", width="stretch")
        st.button(
            "Save", icon=":material/save:", type="primary", on_click=_save, disabled=bool(problem), help=problem or None
        )
    saved = _find_saved(current_layers())
    if saved and not problem:
        key, title = saved
        query = {"networks": key}
        label = f"Train {plain(title)}"
        st.page_link("pages/train.py", label=label, icon=":material/model_training:", query_params=query)


def show_designs() -> None:
    """List the user's designs, and let them be deleted."""
    designs = {design.name: design.title for design in list_designs()}
    broken = [item for item in list_stored() if isinstance(item, BrokenItem)]
    show_problems(f"{plural(len(broken), 'design')} cannot be read", [f"{item.key}: {item.problem}" for item in broken])
    if not designs:
        return
    titles = tell_apart(designs)
    st.session_state[_DELETED] = [key for key in st.session_state.get(_DELETED, []) if key in titles]
    chosen = st.multiselect(
        "Your designs",
        list(titles),
        format_func=titles.__getitem__,
        key=_DELETED,
        placeholder="Choose designs to delete",
    )
    if chosen:
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(f"Delete {plural(len(chosen), 'design')}? Runs trained from them stay.")
            st.button("Delete permanently", on_click=_delete, args=(chosen,), type="primary")


def _find_saved(layers: Layers) -> tuple[str, str] | None:
    """Return key and title of the newest design, or else the catalogue's network, with these layers."""
    known = [*list_designs(), *ARCHITECTURES.values()]
    return next(((network.name, network.title) for network in known if network.layers == layers), None)


def _save() -> None:
    def save() -> None:
        saved = save_design(st.session_state[_NAME], current_layers())
        st.session_state[_DONE] = f"Saved as {saved.title}."

    attempt(save)


def _delete(keys: list[str]) -> None:
    for key in keys:
        attempt(lambda key=key: DESIGNS.delete(key))  # type: ignore[misc]  # the key of this turn
