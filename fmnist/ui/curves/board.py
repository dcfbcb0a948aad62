"""The curves of chosen runs: read, averaged over seeds where that is asked for, and summed up in a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.titles import run_title
from fmnist.evaluation.curves import CurveSummary, describe_altered, describe_curves, summarise_curve
from fmnist.runs.run import CompleteRun, ReadableRun, Run, RunError
from fmnist.ui import store
from fmnist.ui.choices import choose_options, default_runs, stop_without
from fmnist.ui.guards import show_broken
from fmnist.ui.show import show_table
from fmnist.views.curves import NamedCurve
from fmnist.views.trainings import average_network, list_altered, name_curve


def runs_with_history() -> list[ReadableRun]:
    """Return the runs with at least one finished epoch, those in training too; with none the page stops."""
    runs = store.runs()
    show_broken(runs)
    found = [run for run in runs if isinstance(run, ReadableRun) and _has_history(run)]
    if not found:
        st.info("No network has finished an epoch yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
        st.stop()
    return found


def choose_trainings(runs: Sequence[ReadableRun]) -> list[ReadableRun]:
    """Let the user choose any runs, and networks for all their seeds; without one the page says so and stops."""
    several = [group for group in group_seeds(runs) if len(group.runs) > 1]
    members: dict[str, tuple[ReadableRun, ...]] = {group.key: group.runs for group in several}
    members |= {run.id: (run,) for run in runs}
    titles = {group.key: f"{group.title}, all seeds" for group in several}
    titles |= {run.id: run_title(run) for run in runs}
    first = [run.id for run in default_runs(runs)]
    chosen = choose_options("Runs and networks", titles, "runs", first, what="run that exists here")
    stop_without(chosen)
    return list({run.id: run for name in chosen for run in members[name]}.values())


def read_curves(chosen: Sequence[ReadableRun]) -> list[NamedCurve]:
    """Return the curve of each run."""
    networks = {run.id: network.title for network in group_seeds(chosen) for run in network.runs}
    return [name_curve(run, store.history(run), networks.get(run.id, run_title(run))) for run in chosen]


def average_networks(chosen: Sequence[ReadableRun], runs: Sequence[ReadableRun]) -> list[NamedCurve]:
    """Return for the network of each chosen run the mean and the band of all its seeds.

    Trainings under way are left out unless they were chosen: they would cut the mean short.
    """
    ids = {run.id for run in chosen}
    networks = group_seeds(run for run in [*chosen, *runs] if isinstance(run, CompleteRun) or run.id in ids)
    chosen_networks = [network for network in networks if ids.intersection(run.id for run in network.runs)]
    return [average_network(network, [store.history(run) for run in network.runs]) for network in chosen_networks]


def describe_lines(averaged: bool, smoothing: float) -> str:
    """Say what the lines and marks of the figures are."""
    words = (
        "Colours are networks, dashes their recipes. Thin: on training images, averaged while the weights change. "
        "Thick: on validation images. Marker: the lowest validation loss. Bar: early stopping ended the training. "
        "First epochs that are far off lie outside a figure; double-click it to see them."
    )
    if averaged:
        words += " Shaded: from the lowest to the highest seed."
    if smoothing:
        words += (
            f" Smoothed by an exponential moving average in which the past weighs {smoothing}; faint: as measured, as "
            "are markers, labels and table."
        )
    return words


def describe_training(chosen: Sequence[ReadableRun]) -> str:
    """Say which of the runs were trained on altered images or labels, so that their training loss is another one."""
    return describe_altered(list_altered(group_seeds(chosen)))


def describe_all(curves: Sequence[NamedCurve]) -> str:
    """Say which curve is best and which one overfits most."""
    return describe_curves([named.name for named in curves], _summarise(curves))


def show_summaries(curves: Sequence[NamedCurve]) -> None:
    """Show where each curve was best and what came after, as a table."""
    number = st.column_config.NumberColumn
    rows = [_as_row(named.name, summary) for named, summary in zip(curves, _summarise(curves), strict=True)]
    show_table(
        pd.DataFrame(rows),
        key="curves_table",
        file_name="curves.csv",
        column_config={
            "Best epoch": number(help="That of the lowest validation loss"),
            "Epochs": number(help="How many were trained; of a mean, how many every seed reached"),
            "Validation loss": number(format="%.4f", help="At the best epoch, in nats"),
            "Validation accuracy (%)": number(format="%.2f", help="At the best epoch"),
            "Gap": number(
                format="%+.4f",
                help="Validation loss less training loss at the best epoch, in nats; of trainings on altered images or "
                "labels it says nothing about overfitting",
            ),
            "Rise after": number(format="%+.4f", help="How much the validation loss rose until the last epoch"),
            "Time (s)": number(format="localized"),
        },
    )


def _has_history(run: Run) -> bool:
    try:
        return bool(store.history(run))
    except RunError as error:
        st.warning(str(error), icon=":material/warning:")
        return False


def _summarise(curves: Sequence[NamedCurve]) -> list[CurveSummary]:
    return [summarise_curve(named.curve) for named in curves]


def _as_row(name: str, summary: CurveSummary) -> dict[str, object]:
    return {
        "Training": name,
        "Best epoch": summary.best_epoch,
        "Epochs": summary.epochs,
        "Validation loss": summary.best_val_loss,
        "Validation accuracy (%)": 100 * summary.best_val_accuracy,
        "Gap": summary.best_val_loss - summary.best_loss,
        "Rise after": summary.val_rise,
        "Time (s)": round(summary.seconds),
    }
