"""The overview's leaderboard: where every network stands, as entries and as a table."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist.contenders.seed_group import SeedGroup
from fmnist.evaluation.leaderboard import DIGITS, list_results, summarise_standing
from fmnist.runs.run import CompleteRun, ReadableRun, RunError
from fmnist.ui import store
from fmnist.ui.show import show_table
from fmnist.views.leaderboard import TIMES_ARE_ROUGH, Entry

Results = Mapping[str, np.ndarray]  # by a run's id which test images it got right, bool (10000,)

_TIPS = {
    "Runs": "Trainings with different seeds",
    "Accuracy (%)": "Test accuracy, the mean over the runs",
    "SD (points)": "Standard deviation over the runs",
    "Loss (nats)": "Test cross-entropy, the mean over the runs",
    "Parameters": None,
    "Training (s)": f"Median over the runs. {TIMES_ARE_ROUGH}",
    "File (MB)": "The Keras file",
    "Latency (ms)": "One image, served from LiteRT, median",
}


def read_results(runs: Sequence[CompleteRun]) -> Results:
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


def stack_results(runs: Sequence[ReadableRun], results: Results) -> np.ndarray:
    """Return which test images each of the runs got right, bool (runs, 10000)."""
    return np.stack([results[run.id] for run in runs])


def rank_networks(networks: Sequence[SeedGroup], results: Results) -> list[Entry]:
    """Return the leaderboard, the highest mean test accuracy first."""
    entries = [
        Entry(
            network.key,
            network.title,
            network.architecture,
            summarise_standing(network.evaluations, stack_results(network.runs, results)),
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
    """Show the leaderboard as a table, of which a tip at each head says what it counts."""
    import pandas as pd  # a quarter of a second, which the figures need not wait for

    number = st.column_config.NumberColumn
    columns = {name: number(format=_number_format(name), help=tip) for name, tip in _TIPS.items()}
    columns["95 % interval"] = st.column_config.TextColumn(help="Counts the images, and the seeds where there are more")
    frame = pd.DataFrame([{"Network": entry.name, **list_results(entry.standing)} for entry in entries])
    show_table(frame, "leaderboard", "leaderboard.csv", columns)


def _number_format(column: str) -> str:
    return f"%.{DIGITS[column]}f" if column in DIGITS else "localized"
