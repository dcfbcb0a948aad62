"""The form of the Train page: which networks to train and how, with the recipe's values to start from."""

import streamlit as st

from fmnist.dataset import N_TRAIN
from fmnist.models.registry import ARCHITECTURES
from fmnist.records import RunConfig
from fmnist.runs import RunError
from fmnist.training import queue
from fmnist.training.recipes import RECIPES, Recipe
from fmnist.ui.choices import choose_option
from fmnist.ui.train_runs import watch

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
        seed, settings = _ask_settings(recipe)
        label = "Start training" if len(networks) < 2 else f"Start {len(networks)} trainings"
        started = st.form_submit_button(
            label, type="primary", icon=":material/play_arrow:", disabled=not networks, width="stretch"
        )
    if started:
        _start(recipe, networks, seed, settings)


def _ask_settings(recipe: Recipe) -> tuple[int, dict[str, int | float]]:
    defaults = recipe.configure("any", seed=0)
    left, right = st.columns(2, wrap=False)

    def key(name: str) -> str:
        return f"{recipe.name}_{name}"

    early = f"Training ends earlier after {defaults.patience} epochs without a lower validation loss."
    epochs = left.number_input(
        "Epochs", 1, 1000, defaults.epochs, key=key("epochs"), help=early if defaults.patience else None
    )
    batch_size = right.number_input("Batch size", 1, 4096, defaults.batch_size, key=key("batch_size"))
    learning_rate = left.number_input(
        "Learning rate", 1e-6, 1.0, defaults.learning_rate, 1e-4, format="%g", key=key("learning_rate")
    )
    seed = right.number_input("Seed", 0, 2**31 - 1, 0, key=key("seed"))
    share = st.select_slider(
        "Share of the images",
        list(_SHARES),
        100,
        format_func=lambda percent: f"{percent} % ({_SHARES[percent]:,})",
        key=key("share"),
    )
    settings = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    return seed, settings | {"train_limit": _SHARES[share]}


def _start(recipe: Recipe, networks: list[str], seed: int, settings: dict[str, int | float]) -> None:
    try:
        configs: list[RunConfig] = [recipe.configure(network, seed, **settings) for network in networks]
        runs = [queue.submit(config) for config in configs]
    except (ValueError, RunError) as error:
        st.error(str(error), icon=":material/error:")
    else:
        watch(runs[0])
