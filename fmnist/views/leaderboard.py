"""How accurate each contender is, and what its accuracy costs: numbers and table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import Contender, Costs, correct_answers
from fmnist.contenders.looks import Look
from fmnist.contenders.seed_group import SeedGroup
from fmnist.contenders.titles import mark_single
from fmnist.evaluation.frontier import find_frontier
from fmnist.evaluation.intervals import AccuracySummary, summarise_runs
from fmnist.evaluation.ranks import Ranks, rank_models
from fmnist.evaluation.significance import compare
from fmnist.views.parts import Column, Table

LISTED = 30  # more rows than these and the figure of accuracies outgrows the page

_TIMES_ARE_ROUGH = "Measured on a shared machine; use only as a rough guide."
LATENCIES_ARE_ROUGH = "Each run is timed where it was trained; machines differ about twofold."
_INTERVAL = (
    "Reflects variation between images and, where available, between seeds. Not reflected: other training images and, "
    "with one run, other seeds"
)
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Runs", "localized", "Runs with different seeds"),
    Column("Accuracy (%)", "%.2f", "Test accuracy, the mean over the runs"),
    Column("95% CI", help=_INTERVAL, people=True),
    Column("low", machine=True),
    Column("high", machine=True),
    Column("Rank", help="The ranks that the true accuracy can have, for all models together with 95% confidence"),
    Column("Verdict", help="Whether the model can be the best (95% confidence); tied: within 0.3 points of the leader"),
    Column("SD (points)", "%.2f", "Standard deviation over the runs"),
    Column("Parameters", "localized"),
    Column("Training (s)", "localized", f"Median over the runs. {_TIMES_ARE_ROUGH}"),
    Column("File (MB)", "%.2f", "The Keras file"),
    Column("Latency (ms)", "%.3f", f"One image, served from LiteRT, median. {LATENCIES_ARE_ROUGH}"),
)


@dataclass(frozen=True)
class Row:
    """Where a contender stands; accuracies are fractions, `accuracies` those of its single runs.

    `ranks` are the lowest and highest that its true accuracy can have, all contenders together with 95% confidence.
    `tied` says that it and the leader differ by less than 0.3 points, with 95% confidence. `name` is the title, with a
    mark where a single run stands for a model.
    """

    key: str
    title: str
    architecture: str
    look: Look
    accuracy: AccuracySummary
    accuracies: tuple[float, ...]
    costs: Costs
    ranks: tuple[int, int] = (1, 1)
    can_be_best: bool = True
    tied: bool = False
    name: str = ""


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
    "latency": Cost("Latency", "Latency of one image (ms)", "latency_ms", ".3g", LATENCIES_ARE_ROUGH),
    "time": Cost("Training time", "Training time (s)", "train_seconds", ",.0f", _TIMES_ARE_ROUGH),
}


@dataclass(frozen=True)
class Options:
    """The cost with which accuracy is compared, a key of `COSTS`, and the accuracy at which the axes begin.

    Models below that `floor` are marked at the edge, so that they do not squeeze all others into a corner.
    """

    cost: str = "params"
    floor: float = 0.0


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """The contenders, the one with the highest mean test accuracy first.

    `better`, bool (k, k) by row, says which one is significantly better than which other one, for all pairs together.
    """

    rows: tuple[Row, ...]
    better: np.ndarray

    def only(self, keys: Sequence[str]) -> "Leaderboard":
        """Return some of the rows; ranks and verdicts stay those among all."""
        places = [place for place, row in enumerate(self.rows) if row.key in set(keys)]
        return Leaderboard(tuple(self.rows[place] for place in places), self.better[np.ix_(places, places)])

    def with_cost(self, cost: Cost) -> list[Row]:
        """Return the rows that fit on a log scale: a training stopped in its first epoch has taken no time."""
        return [row for row in self.rows if cost.of(row) > 0]

    def frontier(self, cost: Cost) -> list[Row]:
        """Return the cheapest row and each that is significantly better than the one before it, cheapest first."""
        places = [place for place, row in enumerate(self.rows) if cost.of(row) > 0]
        rows = [self.rows[place] for place in places]
        costs, accuracies = [cost.of(row) for row in rows], [row.accuracy.mean for row in rows]
        return [rows[i] for i in find_frontier(costs, accuracies, self.better[np.ix_(places, places)])]


def compute(contenders: Sequence[Contender]) -> Leaderboard:
    """Rank contenders by their mean test accuracy.

    Raises:
        ValueError: if a contender has no predictions on its test set.
        RunError: if they cannot be read.
    """
    correct = [correct_answers(contender) for contender in contenders]
    order = sorted(range(len(contenders)), key=lambda place: -correct[place].mean())
    correct = [correct[place] for place in order]
    ranks = rank_models(correct)
    rows = [
        _place(contenders[place], answers, ranks, rank, rank > 0 and _is_tied(correct[0], answers, ranks, rank))
        for rank, (place, answers) in enumerate(zip(order, correct, strict=True))
    ]
    return Leaderboard(tuple(rows), ranks.better)


def table(board: Leaderboard) -> Table:
    """Return the leaderboard as a table, with the contenders' keys for machines."""
    return Table(_COLUMNS, [_list_values(row) for row in board.rows])


def _place(contender: Contender, correct: np.ndarray, ranks: Ranks, rank: int, tied: bool) -> Row:
    single = len(correct) == 1 and contender.kind == SeedGroup.kind
    return Row(
        key=contender.key,
        title=contender.title,
        architecture=contender.architecture,
        look=contender.look,
        accuracy=summarise_runs(correct),
        accuracies=tuple(float(share) for share in correct.mean(axis=1)),
        costs=contender.costs(),
        ranks=(int(ranks.lowest[rank]), int(ranks.highest[rank])),
        can_be_best=bool(ranks.can_be_best[rank]),
        tied=tied,
        name=mark_single(contender.title) if single else contender.title,
    )


def _is_tied(leader: np.ndarray, correct: np.ndarray, ranks: Ranks, rank: int) -> bool:
    """Return whether a model is tied with the leader; only those that can be the best are worth the test."""
    return bool(ranks.can_be_best[rank]) and compare(leader, correct).is_tie()


def _list_values(row: Row) -> list[str | float | None]:
    """Return the values of a row in the order of the columns, in their units."""
    accuracy, costs = row.accuracy, row.costs
    low, high = (100 * end for end in accuracy.interval)
    return [
        row.key,
        row.title,
        accuracy.runs,
        100 * accuracy.mean,
        f"{low:.2f} – {high:.2f}" + (", images only" if accuracy.runs == 1 else ""),
        low,
        high,
        _write_ranks(*row.ranks),
        _write_verdict(row),
        None if accuracy.std is None else 100 * accuracy.std,
        costs.params,
        None if costs.train_seconds is None else round(costs.train_seconds),
        None if costs.file_bytes is None else costs.file_bytes / 1e6,
        costs.latency_ms,
    ]


def _write_ranks(lowest: int, highest: int) -> str:
    return f"{lowest}" if lowest == highest else f"{lowest} – {highest}"


def _write_verdict(row: Row) -> str | None:
    if row.tied:
        return "tied"
    return "can be the best" if row.can_be_best else None
