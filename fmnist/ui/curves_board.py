"""The curves of chosen runs: read, averaged over seeds where that is asked for, and summed up in a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist.evaluation.curves import CurveSummary, average_curves, build_curve, describe_curves, summarise_curve
from fmnist.figures.curves import NamedCurve
from fmnist.networks import Network, group_networks, run_name
from fmnist.runs import Run, RunError
from fmnist.ui import store
from fmnist.ui.guards import show_broken
from fmnist.ui.show import show_table


def runs_with_history() -> list[Run]:
    """Return the runs with at least one finished epoch, those in training too; with none the page stops."""
    runs = store.runs()
    show_broken(runs)
    found = [run for run in runs if not run.problem and _has_history(run)]
    if not found:
        st.info("No network has finished an epoch yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
        st.stop()
    return found


def read_curves(chosen: Sequence[Run]) -> list[NamedCurve]:
    """Return the curve of each run."""
    networks = {run.id: network.name for network in group_networks(chosen) for run in network.runs}
    return [_named(run, networks.get(run.id, run_name(run))) for run in chosen]


def average_networks(chosen: Sequence[Run], runs: Sequence[Run]) -> list[NamedCurve]:
    """Return for the network of each chosen run the mean and the band of all its seeds.

    Trainings under way are left out unless they were chosen: they would cut the mean short.
    """
    ids = {run.id for run in chosen}
    networks = group_networks(run for run in [*chosen, *runs] if run.complete or run.id in ids)
    return [_average(network) for network in networks if ids.intersection(run.id for run in network.runs)]


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
            "Gap": number(format="%+.4f", help="Validation loss less training loss at the best epoch, in nats"),
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


def _named(run: Run, network: str) -> NamedCurve:
    model = run.config.model if run.config else ""
    return NamedCurve(run_name(run), network, model, build_curve(store.history(run)))


def _average(network: Network) -> NamedCurve:
    band = average_curves([build_curve(store.history(run)) for run in network.runs])
    seeds = "1 seed" if band.seeds == 1 else f"mean of {band.seeds} seeds"
    return NamedCurve(f"{network.name}, {seeds}", network.name, network.model, band.mean, band)


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
