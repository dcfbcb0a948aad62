"""How accurate each contender is, and what its accuracy costs: numbers, sentences and table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender, Costs, correct_answers
from fmnist.contenders.looks import Look
from fmnist.contenders.titles import architecture_title
from fmnist.evaluation.frontier import find_frontier
from fmnist.evaluation.intervals import AccuracySummary, summarise_runs
from fmnist.evaluation.ranks import rank_models
from fmnist.views.parts import Column, Table
from fmnist.wording import bracket, join, percent

LISTED = 30  # more rows than these and the figure of accuracies outgrows the page

_TIMES_ARE_ROUGH = "As long as it took on its machine, beside whatever else ran there: no close comparison."
_COLUMNS = (
    Column("key", machine=True),
    Column("Network"),
    Column("Runs", "localized", "Trainings with different seeds"),
    Column("Accuracy (%)", "%.2f", "Test accuracy, the mean over the runs"),
    Column("95% interval", help="Counts the images, and the seeds where there are more"),
    Column("Rank", help="The ranks that the true accuracy can have, of all models together with 95% confidence"),
    Column("SD (points)", "%.2f", "Standard deviation over the runs"),
    Column("Loss (nats)", "%.4f", "Test cross-entropy, the mean over the runs"),
    Column("Parameters", "localized"),
    Column("Training (s)", "localized", f"Median over the runs. {_TIMES_ARE_ROUGH}"),
    Column("File (MB)", "%.2f", "The Keras file"),
    Column("Latency (ms)", "%.3f", "One image, served from LiteRT, median"),
)


@dataclass(frozen=True)
class Row:
    """Where a contender stands; accuracies are fractions, `accuracies` those of its single runs, `loss` is in nats.

    `ranks` are the lowest and highest that its true accuracy can have, all contenders together with 95% confidence.
    """

    key: str
    title: str
    architecture: str
    look: Look
    accuracy: AccuracySummary
    accuracies: tuple[float, ...]
    loss: float | None
    costs: Costs
    ranks: tuple[int, int] = (1, 1)
    can_be_best: bool = True


@dataclass(frozen=True)
class Cost:
    """Something that accuracy costs: its name, its axis title, how it is written, and a note; `of` reads it."""

    name: str
    title: str
    attribute: str
    spec: str
    note: str = ""

    def of(self, row: Row) -> float:
        """Return what a contender costs, 0 where that is not known."""
        return float(getattr(row.costs, self.attribute) or 0)


COSTS = {
    "params": Cost("Parameters", "Parameters", "params", ",.0f"),
    "latency": Cost("Latency", "Latency of one image (ms)", "latency_ms", ".3g"),
    "time": Cost("Training time", "Training time (s)", "train_seconds", ",.0f", _TIMES_ARE_ROUGH),
}


@dataclass(frozen=True)
class Options:
    """The cost with which accuracy is compared: a key of `COSTS`."""

    cost: str = "params"


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """The contenders, the one with the highest mean test accuracy first."""

    rows: tuple[Row, ...]

    def with_cost(self, cost: Cost) -> list[Row]:
        """Return the rows that fit on a log scale: a training stopped in its first epoch has taken no time."""
        return [row for row in self.rows if cost.of(row) > 0]


def compute(contenders: Sequence[Contender]) -> Leaderboard:
    """Rank contenders by their mean test accuracy.

    Raises:
        ValueError: if a contender has no predictions on its test set.
        RunError: if they cannot be read.
    """
    correct = [correct_answers(contender) for contender in contenders]
    ranks = rank_models(correct)
    rows = [
        _place(contender, answers, (int(low), int(high)), bool(best))
        for contender, answers, low, high, best in zip(
            contenders, correct, ranks.lowest, ranks.highest, ranks.can_be_best, strict=True
        )
    ]
    return Leaderboard(tuple(sorted(rows, key=lambda row: -row.accuracy.mean)))


def finding(board: Leaderboard) -> str:
    """Say which contender has the highest accuracy, with its interval."""
    leader, count = board.rows[0], len(board.rows)
    where = "" if count == 1 else f", the highest of {count} networks"
    reached = f"{percent(leader.accuracy.mean)} {bracket(*leader.accuracy.interval)}"
    return f"{leader.title} reaches {reached} on the test images{where}."


def best_set(board: Leaderboard) -> str:
    """Say which contenders can be the best one; with one contender there is nothing to say."""
    best = [row.title for row in board.rows if row.can_be_best]
    if len(board.rows) == 1:
        return ""
    if len(best) == 1:
        return f"{best[0]} is the best of them (95% confidence)."
    return f"The best of them is one of {len(best)} (95% confidence): {join(best)}."


def captions(board: Leaderboard, options: Options) -> dict[str, str]:
    """Say what each of the figures shows, by its name."""
    cost = COSTS[options.cost]
    said = {"accuracies": _describe_accuracies(len(board.rows))}
    if priced := board.with_cost(cost):
        said["accuracy_cost"] = _describe_frontier(priced, cost)
    return said


def table(board: Leaderboard) -> Table:
    """Return the leaderboard as a table, with the contenders' keys for machines."""
    return Table(_COLUMNS, [_list_values(row) for row in board.rows])


def frontier(rows: Sequence[Row], cost: Cost) -> list[Row]:
    """Return the rows that nothing as cheap beats, cheapest first."""
    return [rows[i] for i in find_frontier([cost.of(row) for row in rows], [row.accuracy.mean for row in rows])]


def short_titles(rows: Sequence[Row]) -> dict[str, str]:
    """Return a short title for each row, by key: the architecture's, where that tells it apart from the others."""
    counts = Counter(row.architecture for row in rows)
    return {
        row.key: architecture_title(row.architecture)
        if row.architecture and counts[row.architecture] == 1
        else row.title
        for row in rows
    }


def _place(contender: Contender, correct: np.ndarray, ranks: tuple[int, int], can_be_best: bool) -> Row:
    return Row(
        key=contender.key,
        title=contender.title,
        architecture=contender.architecture,
        look=contender.look,
        accuracy=summarise_runs(correct),
        accuracies=tuple(float(share) for share in correct.mean(axis=1)),
        loss=contender.test_loss,
        costs=contender.costs(),
        ranks=ranks,
        can_be_best=can_be_best,
    )


def _describe_accuracies(count: int) -> str:
    which = f", the first {LISTED} of {count} networks" if count > LISTED else ""
    return f"Test accuracy with 95% intervals{which}; each tick is one run"


def _describe_frontier(rows: Sequence[Row], cost: Cost) -> str:
    """Say which contenders are worth a cost: those that nothing as cheap beats."""
    labels = short_titles(rows)
    worth = [labels[row.key] for row in frontier(rows, cost)]
    what = cost.name.lower()
    if len(worth) == 1:
        return f"Highest mean accuracy, and cheapest in {what}: {worth[0]}"
    return f"Highest mean accuracy for their {what}: {', '.join(worth)}"


def _list_values(row: Row) -> list[str | float | None]:
    """Return the values of a row in the order of the columns, in their units."""
    accuracy, costs = row.accuracy, row.costs
    low, high = (100 * end for end in accuracy.interval)
    return [
        row.key,
        row.title,
        accuracy.runs,
        100 * accuracy.mean,
        f"{low:.2f} – {high:.2f}",
        _write_ranks(*row.ranks),
        None if accuracy.std is None else 100 * accuracy.std,
        row.loss,
        costs.params,
        None if costs.train_seconds is None else round(costs.train_seconds),
        None if costs.file_bytes is None else costs.file_bytes / 1e6,
        costs.latency_ms,
    ]


def _write_ranks(lowest: int, highest: int) -> str:
    return f"{lowest}" if lowest == highest else f"{lowest} – {highest}"
