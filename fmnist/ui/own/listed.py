"""Your models: what the user made, with what it takes on disk; renamed, stripped of weights, and deleted."""

from collections.abc import Callable, Sequence
from zlib import crc32

import streamlit as st

from fmnist.contenders.own import (
    OwnModel,
    delete_own,
    drop_own_weights,
    hide_own,
    list_own,
    rename_own,
    shared_tags,
    tag_own,
)
from fmnist.naming import LONGEST_NAME
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.announcement import announce
from fmnist.ui.choices import choose_options
from fmnist.ui.codecs import Flag, SomeOf
from fmnist.ui.markup import plain
from fmnist.ui.own.rows import rows_html
from fmnist.ui.problems import show_problems
from fmnist.ui.show import offer_csv
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.views import own as view
from fmnist.wording import plural, shorten

_CHOSEN, _NAME, _DONE, _TAGS = "chosen", "own_name", "own_done", "own_tags"
_PLACEHOLDER = "Choose models to rename, tag, hide or delete"
_SHOW_HIDDEN = Parameter("all", False, Flag(), "choice of hidden models")


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
    listed = _choose_listed(models)
    titles = {model.key: model.title for model in listed}
    chosen = choose_options("Change", titles, _CHOSEN, [], what="model of yours", placeholder=_PLACEHOLDER)
    if chosen:
        _offer_changes([model for model in listed if model.key in chosen])
    if listed:
        st.html(rows_html(listed))
        offer_csv(view.table(listed), "own_models.csv", "own_models")
    else:
        st.info("No models match these filters.", icon=":material/filter_alt_off:")
    problems = [f"{model.key}: {model.problem}" for model in models if model.problem]
    show_problems(f"{plural(len(problems), 'model')} with a problem", problems)


def _choose_listed(models: Sequence[OwnModel]) -> list[OwnModel]:
    """Let the user filter by tags, and ask for what is hidden; neither is offered without any."""
    tags, hidden = view.list_tags(models), sum(model.mark.hidden for model in models)
    chosen: list[str] = []
    shown = False
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if tags:
            known = SomeOf({tag: tag for tag in tags})
            parameter: Parameter[list[str]] = Parameter("tags", [], known, "tag that exists here")
            chosen = choose(parameter, lambda key: _show_tags(tags, key))
        if hidden:
            label = f"{hidden:,} hidden · Show"
            shown = choose(_SHOW_HIDDEN, lambda key: st.toggle(label, standing_value(key, False), key=key))
    return view.choose(models, chosen, hidden=shown)


def _show_tags(tags: Sequence[str], key: str) -> list[str]:
    chosen = st.pills("Tags", tags, default=standing_value(key), selection_mode="multi", key=key)
    return [tag for tag in tags if tag in chosen]


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
        with st.popover("Tags", icon=":material/sell:"):
            shared = ", ".join(shared_tags(models))
            field = f"{_TAGS}_{crc32(repr((keys, shared)).encode())}"  # other models begin with their own tags
            st.text_input("Tags, separated by commas", shared, key=field)
            st.button("Save the tags", on_click=_tag, args=[models, field], type="primary")
        _offer_hiding(models)
        if all(model.can_drop_weights for model in models):
            with st.popover("Drop weights", icon=":material/inventory_2:"):
                st.markdown(f"Remove the weights of {names}? All results stay. Predict can no longer use them.")
                st.button("Drop the weights", on_click=_drop, args=[keys], type="primary")
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(f"Delete {names}? This cannot be undone. Ensembles that lose a member cannot be used.")
            st.button("Delete permanently", on_click=_delete, args=[keys], type="primary")


def _offer_hiding(models: Sequence[OwnModel]) -> None:
    if all(model.mark.hidden for model in models):
        st.button("Show everywhere", icon=":material/visibility:", on_click=_hide, args=[models, False])
    else:
        help_text = "Leave out everywhere but here"
        st.button("Hide", icon=":material/visibility_off:", on_click=_hide, args=[models, True], help=help_text)


def _tag(models: Sequence[OwnModel], key: str) -> None:
    attempt(lambda: tag_own(models, st.session_state[key]))


def _hide(models: Sequence[OwnModel], hidden: bool) -> None:
    def hide() -> None:
        hide_own(models, hidden=hidden)
        st.session_state[_DONE] = f"{plural(len(models), 'model')} {'hidden' if hidden else 'shown again'}."
        st.session_state[_CHOSEN] = []

    attempt(hide)


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
