"""Your models: what the user made, with what it takes on disk; renamed, stripped of weights, and deleted."""

from collections.abc import Callable, Sequence

import streamlit as st

from fmnist.contenders.own import OwnModel, delete_own, drop_own_weights, list_own, rename_own
from fmnist.naming import LONGEST_NAME
from fmnist.ui.announcement import announce
from fmnist.ui.choices import choose_options
from fmnist.ui.markup import plain
from fmnist.ui.problems import show_problems
from fmnist.ui.show import show_table
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.views import own as view
from fmnist.wording import plural, shorten

_CHOSEN, _NAME, _DONE = "chosen", "own_name", "own_done"


def show_own() -> None:
    """List the user's own models, and let them be changed."""
    tell_refusals()
    done = st.session_state.pop(_DONE, "")
    if done:
        st.toast(plain(done), icon=":material/check:")
    announce(done)
    models = list_own()
    if not models:
        _show_beginnings()
        return
    titles = {model.key: model.title for model in models}
    placeholder = "Choose models to rename or delete"
    chosen = choose_options("Change", titles, _CHOSEN, [], what="model of yours", placeholder=placeholder)
    if chosen:
        _offer_changes([model for model in models if model.key in chosen])
    show_table(view.table(models), "own_models", "own_models.csv")
    problems = [f"{model.key}: {model.problem}" for model in models if model.problem]
    show_problems(f"{plural(len(problems), 'model')} with a problem", problems)


def _show_beginnings() -> None:
    st.markdown("Import predictions or a model file, or make an ensemble above. Or train a model here.")
    st.page_link("pages/train.py", label="Train a model", icon=":material/arrow_forward:")


def _offer_changes(models: Sequence[OwnModel]) -> None:
    keys = [model.key for model in models]
    names = plain(shorten([model.title for model in models]))
    with st.container(horizontal=True):
        if len(models) == 1 and models[0].can_be_renamed:
            with st.popover("Rename", icon=":material/edit:"):
                st.text_input("New name", key=_NAME, max_chars=LONGEST_NAME)
                st.button("Save the name", on_click=_rename, args=keys, type="primary")
        if all(model.can_drop_weights for model in models):
            with st.popover("Drop weights", icon=":material/inventory_2:"):
                st.markdown(f"Remove the weights of {names}? All results stay. Predict can no longer use them.")
                st.button("Drop the weights", on_click=_drop, args=[keys], type="primary")
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(f"Delete {names}? This cannot be undone. Ensembles that lose a member cannot be used.")
            st.button("Delete permanently", on_click=_delete, args=[keys], type="primary")


def _rename(key: str) -> None:
    def rename() -> None:
        st.session_state[_DONE] = f"It is now called {rename_own(key, st.session_state[_NAME])}."

    attempt(rename)


def _drop(keys: Sequence[str]) -> None:
    _change_each(keys, drop_own_weights, "The weights of {} were removed.")


def _delete(keys: Sequence[str]) -> None:
    _change_each(keys, delete_own, "{} deleted.")
    st.session_state[_CHOSEN] = []


def _change_each(keys: Sequence[str], change: Callable[[str], None], said: str) -> None:
    """Change several models; one that refuses stops no other."""
    changed: list[str] = []

    def change_one(key: str) -> None:
        change(key)
        changed.append(key)

    for key in keys:
        attempt(lambda key=key: change_one(key))  # type: ignore[misc]  # the key of this turn
    if changed:
        st.session_state[_DONE] = said.format(plural(len(changed), "model"))
