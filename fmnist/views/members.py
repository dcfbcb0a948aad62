"""What does each further member add to an ensemble? Its accuracy by the number of members, and the members alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist.contenders.contender import correct_answers
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.looks import Look
from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.averaging import AccuracyOfSize, accuracy_by_members
from fmnist.views.parts import Card, Column, Drawn, Finding, Table, file_stem
from fmnist.views.style import bare_layout
from fmnist.wording import percent, plural, points, signed_points, span

NOTE = "Dot: mean over ensembles of that size. Line: lowest to highest. Subsets share members, so the line is not a CI."
HONEST = "Choose members by validation accuracy. Test accuracy would flatter an ensemble that it chose."
_HEIGHT = 300
_COLUMNS = (
    Column("Members"),
    Column("Mean accuracy (%)", "%.2f"),
    Column("Lowest (%)", "%.2f"),
    Column("Highest (%)", "%.2f"),
    Column("Ensembles", "localized", "How many choices of members were measured, at most 50"),
)
_ALONE = (
    Column("key", machine=True),
    Column("Member"),
    Column("Test accuracy (%)", "%.2f"),
    Column("Validation accuracy (%)", "%.2f"),
)


@dataclass(frozen=True)
class Member:
    """One member alone, with the shares of test and validation images that it classifies correctly."""

    key: str
    title: str
    test_accuracy: float
    val_accuracy: float


@dataclass(frozen=True, eq=False)
class Members:
    """An ensemble by its members, and the test accuracy of averages of 1, 2, … of them.

    `accuracy` is that of the ensemble itself.
    """

    title: str
    look: Look
    accuracy: float
    alone: Sequence[Member]
    sizes: Sequence[AccuracyOfSize]

    @property
    def gain(self) -> float:
        """The accuracy of the ensemble minus the mean of its members, as a fraction."""
        return self.accuracy - float(np.mean([member.test_accuracy for member in self.alone]))


def compute(ensemble: Ensemble) -> Members:
    """Measure averages of some of the members on the test images; raises RunError."""
    probs = np.stack(ensemble.member_probabilities("test"))
    sizes = accuracy_by_members(ensemble.labels("test"), probs)
    accuracy = float(correct_answers(ensemble).mean())
    return Members(ensemble.title, ensemble.look, accuracy, list_members(ensemble), sizes)


def list_members(ensemble: Ensemble) -> list[Member]:
    """Return the members as they do alone; raises RunError."""
    return [_measure(SingleRun(run)) for run in ensemble.runs]


def finding(members: Members) -> Finding:
    """Say what the last member adds, and what all of them do."""
    count = len(members.alone)
    one, all_of_them = (percent(members.sizes[place].mean) for place in (0, -1))
    headline = f"From 1 to {plural(count, 'member')}, test accuracy goes from {one} to {all_of_them}."
    last = members.sizes[-1].mean - members.sizes[-2].mean
    return Finding(headline, f"The last member changes it by {points(last)} points on average. {NOTE}")


def figures(members: Members) -> dict[str, Drawn]:
    """Return the figure "members": test accuracy by the number of members, with its spread over subsets."""
    import plotly.graph_objects as go

    axes = {
        "xaxis": {"title": {"text": "Members"}, "tickformat": "d", "dtick": max(1, len(members.sizes) // 10)},
        "yaxis": {"title": {"text": "Test accuracy (%)"}, "zeroline": False, "tickformat": ".1f"},
    }
    figure = go.Figure(data=[_trace(members)], layout=bare_layout(_HEIGHT) | axes)
    first, last = members.sizes[0], members.sizes[-1]
    alt = (
        f"Test accuracy by number of members: {percent(first.mean)} with 1 member, "
        f"{percent(last.mean)} with {last.members}"
    )
    return {"members": Drawn(figure, alt, file_stem("accuracy_by_members", [members.title]))}


def table(members: Members) -> Table:
    """Return the accuracy by the number of members, in percent."""
    shares = ((size, (100 * value for value in (size.mean, size.lowest, size.highest))) for size in members.sizes)
    return Table(_COLUMNS, [[size.members, *values, size.subsets] for size, values in shares])


def gain_card(ensemble: Ensemble, alone: Sequence[Member]) -> Card:
    """Return what averaging adds to the mean test accuracy of the members."""
    gain = float(correct_answers(ensemble).mean()) - float(np.mean([one.test_accuracy for one in alone]))
    return Card("Gain", signed_points(gain), f"points over {plural(len(alone), 'member')}", "Compared with their mean")


def preview(ensemble: Ensemble) -> Finding:
    """Say what the average reaches on validation images, by which members are chosen; raises RunError."""
    share = float(np.mean(ensemble.classes("validation") == ensemble.labels("validation")))
    alone = [one.val_accuracy for one in list_members(ensemble)]
    members = percent(alone[0]) if min(alone) == max(alone) else f"{span(min(alone), max(alone))}%"
    return Finding(f"On validation images, the average reaches {percent(share)}; its members reach {members}.")


def members_table(alone: Sequence[Member]) -> Table:
    """Return the members as they do alone, in percent, with their keys for machines."""
    rows = [[one.key, one.title, 100 * one.test_accuracy, 100 * one.val_accuracy] for one in alone]
    return Table(_ALONE, rows)


def _measure(run: SingleRun) -> Member:
    validation = float(np.mean(run.classes("validation") == run.labels("validation")))
    return Member(run.key, run.title, float(correct_answers(run).mean()), validation)


def _trace(members: Members) -> dict[str, Any]:
    sizes = members.sizes
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [size.members for size in sizes],
        "y": [100 * size.mean for size in sizes],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (size.highest - size.mean) for size in sizes],
            "arrayminus": [100 * (size.mean - size.lowest) for size in sizes],
            "thickness": 1.5,
            "width": 5,
        },
        "line": {"color": members.look.color, "width": 2},
        "marker": {"color": members.look.color, "size": 8},
        "customdata": [[100 * size.lowest, 100 * size.highest, size.subsets] for size in sizes],
        "hovertemplate": "%{x} members: %{y:.2f}%<br>%{customdata[0]:.2f} to %{customdata[1]:.2f} "
        "over %{customdata[2]} ensembles<extra></extra>",
    }
