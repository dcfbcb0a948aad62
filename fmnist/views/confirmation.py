"""How much of a winner's lead was luck? Validation in the search, compared with validation on fresh seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING, Any

from fmnist.search.records import Confirmation, ConfirmedRun, StudyRecord
from fmnist.search.trials import Trial, Trials
from fmnist.views.parts import Column, Drawn, Finding, Table, file_stem
from fmnist.views.search import describe_settings
from fmnist.views.search_words import axis_title, name_measure, scale_measure
from fmnist.views.style import house_layout
from fmnist.wording import plural, points, true_minus

if TYPE_CHECKING:
    pass

_HEIGHT = 340
_BLUE, _RED = "#0072B2", "#D55E00"


@dataclass(frozen=True)
class Finalist:
    """A trial with its result in the search, and those of its fresh seeds that have ended; all in the measure."""

    trial: Trial
    searched: float
    fresh: tuple[float, ...]
    tested: tuple[float, ...]
    open: int

    @property
    def mean(self) -> float:
        """The mean over the fresh seeds."""
        return mean(self.fresh)


@dataclass(frozen=True)
class Comparison:
    """The finalists, the winner of the search first."""

    record: StudyRecord
    key: str
    finalists: tuple[Finalist, ...]

    @property
    def open(self) -> int:
        """How many retrainings have not ended."""
        return sum(each.open for each in self.finalists)

    @property
    def optimism(self) -> float:
        """By how much the winner looked better in the search than on fresh seeds; positive where it did."""
        winner = self.finalists[0]
        return _gain(self.record, winner.searched, winner.mean)

    @property
    def leads(self) -> tuple[float, float]:
        """The winner's lead over the mean of the other finalists: in the search, and on fresh seeds."""
        winner, *others = self.finalists
        searched = _gain(self.record, winner.searched, mean(each.searched for each in others))
        return searched, _gain(self.record, winner.mean, mean(each.mean for each in others))


def compute(trials: Trials, confirmation: Confirmation) -> Comparison:
    """Return each confirmed trial with what it has reached, in the order of the search."""
    by_trial: dict[int, list[ConfirmedRun]] = {}
    for run in confirmation.runs:
        by_trial.setdefault(run.trial, []).append(run)
    found = [trial for trial in trials.ranked if trial.number in by_trial]
    finalists = tuple(_collect(trials.record, trial, by_trial[trial.number]) for trial in found)
    return Comparison(trials.record, trials.key, finalists)


def finding(comparison: Comparison) -> Finding:
    """Say how much of the winner's lead is left on fresh seeds."""
    if comparison.open or len(comparison.finalists) < 2:
        total = sum(each.open + len(each.fresh) for each in comparison.finalists)
        return Finding(f"{total - comparison.open} of {plural(total, 'retraining')} have ended")
    before, after = comparison.leads
    winner = comparison.finalists[0].trial.number
    write = _writer(comparison.record)
    headline = (
        f"Trial {winner} led by {write(before)} in the search and by {write(after)} on fresh seeds: "
        f"{write(before - after)} of the lead was luck."
    )
    if after <= 0:
        headline = f"Trial {winner} led by {write(before)} in the search, but not on fresh seeds: the lead was luck."
    details = (
        f"The lead is over the mean of the other finalists, in {name_measure(comparison.record)}. "
        f"The winner itself looked {write(comparison.optimism)} better in the search than on fresh seeds."
    )
    return Finding(headline, details)


def table(comparison: Comparison) -> Table:
    """Return each finalist with its results in the search, on fresh seeds and on the test images."""
    by, accuracy = scale_measure(comparison.record), comparison.record.measure == "accuracy"
    digits = "%.2f" if accuracy else "%.4f"
    name = axis_title(comparison.record)
    columns = (
        Column("Trial", "%d"),
        Column(f"{name}, search", digits),
        Column(f"{name}, fresh seeds", digits, "Mean over the fresh seeds"),
        Column("Change", digits.replace("%", "%+"), "Fresh seeds − search"),
        Column("Test accuracy (%)", "%.2f", "Mean over the fresh seeds; it chose nothing"),
        Column("Settings"),
    )
    rows = [_list_values(each, by) for each in comparison.finalists]
    return Table(columns, rows)


def draw(comparison: Comparison) -> Drawn:
    """Draw each finalist's result in the search beside those of its fresh seeds."""
    import plotly.graph_objects as go

    by, names = scale_measure(comparison.record), [f"Trial {each.trial.number}" for each in comparison.finalists]
    fresh = [(name, by * value) for name, each in zip(names, comparison.finalists, strict=True) for value in each.fresh]
    means = [(name, by * each.mean) for name, each in zip(names, comparison.finalists, strict=True) if each.fresh]
    searched = [by * each.searched for each in comparison.finalists]
    traces = [
        _marks("In the search", names, searched, {"symbol": "star", "size": 15, "color": _RED}),
        _marks("Fresh seeds", [name for name, _ in fresh], [value for _, value in fresh], {"color": _BLUE, "size": 9}),
        _marks(
            "Mean of fresh seeds",
            [name for name, _ in means],
            [value for _, value in means],
            {"symbol": "line-ew", "size": 40, "line": {"color": _BLUE, "width": 3}},
        ),
    ]
    layout = house_layout(_HEIGHT) | {
        "xaxis": {"type": "category", "showgrid": False},
        "yaxis": {"title": {"text": axis_title(comparison.record)}, "zeroline": False},
    }
    alt = f"{axis_title(comparison.record)} of {len(names)} trials in the search and on fresh seeds"
    figure: go.Figure = go.Figure(data=traces, layout=layout)
    return Drawn(figure, alt, file_stem("confirmed", [comparison.key]))


def _marks(name: str, x: Sequence[str], y: Sequence[float], marker: dict[str, Any]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "name": name, "x": x, "y": y, "marker": marker}


def _collect(record: StudyRecord, trial: Trial, runs: Sequence[ConfirmedRun]) -> Finalist:
    ended = [run for run in runs if run.test_accuracy is not None]
    measured = [run.val_loss if record.measure == "loss" else run.val_accuracy for run in ended]
    return Finalist(
        trial,
        trial.value or 0.0,
        tuple(value for value in measured if value is not None),
        tuple(run.test_accuracy for run in ended if run.test_accuracy is not None),
        len(runs) - len(ended),
    )


def _list_values(finalist: Finalist, by: float) -> list[Any]:
    fresh = by * finalist.mean if finalist.fresh else None
    change = None if fresh is None else fresh - by * finalist.searched
    tested = 100 * mean(finalist.tested) if finalist.tested else None
    return [finalist.trial.number, by * finalist.searched, fresh, change, tested, describe_settings(finalist.trial)]


def _gain(record: StudyRecord, value: float, other: float) -> float:
    """Return by how much a value is better than another one."""
    return other - value if record.minimize else value - other


def _writer(record: StudyRecord) -> Any:  # noqa: ANN401
    if record.measure == "accuracy":
        return lambda value: f"{points(value)} points"
    return lambda value: true_minus(f"{value:.4f}")
