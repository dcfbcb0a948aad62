"""The overview's leaderboard: where every network stands, as entries and as a table."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from fmnist.evaluation.leaderboard import summarise_standing
from fmnist.figures.leaderboard import Entry
from fmnist.networks import Network
from fmnist.runs import Run, RunError
from fmnist.ui import store
from fmnist.ui.show import show_table

if TYPE_CHECKING:
    import pandas as pd

Results = Mapping[str, np.ndarray]  # by a run's id which test images it got right, bool (10000,)


def read_results(runs: Sequence[Run]) -> Results:
    """Return what each run got right, and tell of runs whose predictions cannot be read; with none the page stops."""
    results = {}
    for run in runs:
        try:
            results[run.id] = store.correct(run)
        except RunError as error:
            st.warning(str(error), icon=":material/warning:")
    if not results:
        st.stop()
    return results


def stack_results(runs: Sequence[Run], results: Results) -> np.ndarray:
    """Return which test images each of the runs got right, bool (runs, 10000)."""
    return np.stack([results[run.id] for run in runs])


def rank_networks(networks: Sequence[Network], results: Results) -> list[Entry]:
    """Return the leaderboard, the highest mean test accuracy first."""
    entries = [
        Entry(
            network.name, network.model, summarise_standing(network.evaluations, stack_results(network.runs, results))
        )
        for network in networks
    ]
    return sorted(entries, key=lambda entry: -entry.standing.accuracy.mean)


def describe_lead(entries: Sequence[Entry]) -> str:
    """Say which network has the highest accuracy, with its interval."""
    accuracy = entries[0].standing.accuracy
    low, high = (100 * end for end in accuracy.interval)
    where = "" if len(entries) == 1 else f", the highest of {len(entries)} networks"
    return f"{entries[0].name} reaches {100 * accuracy.mean:.2f} % [{low:.2f}, {high:.2f}] on the test images{where}."


def show_leaderboard(entries: Sequence[Entry]) -> None:
    """Show the leaderboard as a table; accuracies in percent, sizes in MB, times with their units in the heads."""
    number = st.column_config.NumberColumn
    show_table(
        _as_frame(entries),
        key="leaderboard",
        file_name="leaderboard.csv",
        column_config={
            "Runs": number(help="Trainings with different seeds"),
            "Accuracy (%)": number(format="%.2f", help="Test accuracy, the mean over the runs"),
            "95 % interval": st.column_config.TextColumn(help="Counts the images, and the seeds where there are more"),
            "SD (points)": number(format="%.2f", help="Standard deviation over the runs"),
            "Loss": number(format="%.4f", help="Test cross-entropy in nats, the mean over the runs"),
            "Parameters": number(format="localized"),
            "Training (s)": number(format="localized", help="Median over the runs, each on its own machine"),
            "File (MB)": number(format="%.2f", help="The Keras file"),
            "Latency (ms)": number(format="%.3f", help="One image, served from LiteRT, median"),
        },
    )


def _as_frame(entries: Sequence[Entry]) -> "pd.DataFrame":
    import pandas as pd  # a quarter of a second, which the figures need not wait for

    return pd.DataFrame([_as_row(entry) for entry in entries])


def _as_row(entry: Entry) -> dict[str, object]:
    standing, accuracy = entry.standing, entry.standing.accuracy
    low, high = (100 * end for end in accuracy.interval)
    return {
        "Network": entry.name,
        "Runs": accuracy.runs,
        "Accuracy (%)": 100 * accuracy.mean,
        "95 % interval": f"{low:.2f} – {high:.2f}",
        "SD (points)": None if accuracy.std is None else 100 * accuracy.std,
        "Loss": standing.loss,
        "Parameters": standing.params,
        "Training (s)": round(standing.train_seconds),
        "File (MB)": standing.size_bytes / 1e6,
        "Latency (ms)": standing.latency_ms,
    }
