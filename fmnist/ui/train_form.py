"""The form of the Train page: which networks to train and how, with the recipe's values to start from."""

import streamlit as st

from fmnist.dataset import N_TRAIN
from fmnist.models.registry import ARCHITECTURES
from fmnist.training import queue
from fmnist.training.recipes import RECIPES, Recipe
from fmnist.ui.choices import choose_option
from fmnist.ui.train_runs import attempt, watch

FORM_WIDTH = 320
_SHARES = {percent: N_TRAIN * percent // 100 for percent in (1, 2, 5, 10, 20, 50, 100)}


def ask_trainings() -> None:
    """Let the user choose networks, recipe and settings, and queue a training of each network on request."""
    networks = st.multiselect(
        "Networks", list(ARCHITECTURES), ["basic_cnn"], format_func=lambda name: ARCHITECTURES[name].title
    )
    recipe = RECIPES[choose_option("Recipe", {name: known.title for name, known in RECIPES.items()}, key="recipe")]
    st.caption(f"{recipe.description}.")
    with st.form("training", border=False):
        _ask_settings(recipe)
        label = "Start training" if len(networks) < 2 else f"Start {len(networks)} trainings"
        st.form_submit_button(
            label,
            on_click=lambda: attempt(lambda: _start(recipe, networks)),
            type="primary",
            icon=":material/play_arrow:",
            disabled=not networks,
            width="stretch",
        )


def _ask_settings(recipe: Recipe) -> None:
    """Show a field for each setting; its value lies in the session under `_key`."""
    defaults = recipe.configure("any", seed=0)
    left, right = st.columns(2, wrap=False)
    early = f"Training ends earlier after {defaults.patience} epochs without a lower validation loss."
    left.number_input(
        "Epochs", 1, 1000, defaults.epochs, key=_key(recipe, "epochs"), help=early if defaults.patience else None
    )
    right.number_input("Batch size", 1, 4096, defaults.batch_size, key=_key(recipe, "batch_size"))
    left.number_input(
        "Learning rate", 1e-6, 1.0, defaults.learning_rate, 1e-4, format="%g", key=_key(recipe, "learning_rate")
    )
    right.number_input("Seed", 0, 2**31 - 1, 0, key=_key(recipe, "seed"))
    st.select_slider(
        "Share of the images",
        list(_SHARES),
        100,
        format_func=lambda percent: f"{percent} % ({_SHARES[percent]:,})",
        key=_key(recipe, "share"),
    )


def _start(recipe: Recipe, networks: list[str]) -> None:
    names = ("seed", "epochs", "batch_size", "learning_rate")
    settings = {name: st.session_state[_key(recipe, name)] for name in names}
    settings["train_limit"] = _SHARES[st.session_state[_key(recipe, "share")]]
    configs = [recipe.configure(network, **settings) for network in networks]
    runs = [queue.submit(config) for config in configs]
    watch(runs[0])


def _key(recipe: Recipe, name: str) -> str:
    return f"{recipe.name}_{name}"  # one for each recipe, so that another recipe starts from its own values
