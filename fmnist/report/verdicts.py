"""The report's verdicts: is a lead real, what does the network buy, and what the recipe?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.titles import TITLES, model_title
from fmnist.evaluation.factors import Cell, Effect, Step, list_steps
from fmnist.evaluation.leaderboard import summarise_standing
from fmnist.evaluation.metrics import correct_predictions, count_confusions
from fmnist.evaluation.significance import Comparison, compare_many
from fmnist.report.document import Document
from fmnist.runs.records import Predictions
from fmnist.views.effects import REFERENCE, effects_figure, list_cells
from fmnist.views.leaderboard import Entry
from fmnist.views.parts import Column, Table
from fmnist.views.sentences import correction_sentence, network_sentence, recipe_sentence, verdict_sentence

_NOTE = (
    "Each network is held against one network by the same recipe, each recipe against one on the same network: fewer "
    "comparisons than all pairs, so that the correction is milder. Open marker: a single run on one side at least, so "
    "that it speaks of these runs only."
)


@dataclass(frozen=True, eq=False)
class Subject:
    """A network with what its runs predicted; of several runs, confusions are counted together."""

    network: OfRuns
    predictions: list[Predictions]

    @property
    def name(self) -> str:
        """The network's name."""
        return self.network.title

    @cached_property
    def correct(self) -> np.ndarray:
        """Which test images each run got right, bool (runs, 10000)."""
        return np.stack([correct_predictions(stored.test_labels, stored.test_probs) for stored in self.predictions])

    @cached_property
    def entry(self) -> Entry:
        """Its row of the leaderboard."""
        return Entry(
            self.network.key,
            self.name,
            self.network.architecture,
            summarise_standing(self.network.evaluations, self.correct),
        )

    @cached_property
    def counts(self) -> np.ndarray:
        """The confusion matrix, int (10, 10), all runs together."""
        counts = [count_confusions(one.test_labels, one.test_probs.argmax(axis=1)) for one in self.predictions]
        return np.sum(counts, axis=0)


def add_verdicts(document: Document, subjects: Sequence[Subject]) -> None:
    """Add the leader's lead over each other in words, and all pairs as a table, corrected for the number of pairs."""
    document.add_section("Is a lead real?")
    pairs = list(combinations(subjects, 2))
    results = compare_many([(a.correct, b.correct) for a, b in pairs])
    judged = list(zip(pairs, results, strict=True))
    leading = judged[: len(subjects) - 1]
    document.add_list(verdict_sentence(a.name, b.name, result) for (a, b), result in leading)
    if len(pairs) > 1:
        caption = f"All {len(pairs)} pairs, with Holm's correction and intervals at its levels"
        head = ["Pair", "Difference (points)", "Interval", "Level (%)", "p (Holm)", "Better one"]
        rows = [_verdict_row(a.name, b.name, result) for (a, b), result in judged]
        document.add_table(caption, Table([Column(name, "%s") for name in head], rows))


def _verdict_row(name_a: str, name_b: str, result: Comparison) -> list[str]:
    return [
        f"{name_a} less {name_b}",
        signed(result.difference),
        f"{signed(result.ci_low)} to {signed(result.ci_high)}",
        f"{100 * result.confidence:.2f}",
        "< 0.001" if result.p_value < 0.001 else f"{result.p_value:.3f}",
        {"a": "first", "b": "second", "undecided": "undecided"}[result.verdict],
    ]


def add_factors(document: Document, subjects: Sequence[Subject]) -> None:
    """Add what the network buys by one recipe and the recipe on one network, where the selection has such steps."""
    known = list_cells()
    cells = {known[subject.name]: subject for subject in subjects if subject.name in known}
    steps = list_steps(list(cells), REFERENCE)
    if not steps:
        return
    document.add_section("What the network and the recipe buy")
    for factor, describe in (("network", network_sentence), ("recipe", recipe_sentence)):
        effects = _measure([step for step in steps if step.factor == factor], cells)
        if effects:
            rows = {model_title(*effect.step.cell): effect for effect in effects}
            document.add_text(describe(effects, TITLES))
            caption = f"Differences in accuracy with their intervals. {correction_sentence(effects)}"
            document.add_figures([(effects_figure(rows), caption, f"{factor}_effects")])
    document.add_text(_NOTE)


def _measure(steps: Sequence[Step], cells: Mapping[Cell, Subject]) -> list[Effect]:
    results = compare_many([(cells[step.cell].correct, cells[step.base].correct) for step in steps])
    return [Effect(step, result) for step, result in zip(steps, results, strict=True)]


def signed(fraction: float) -> str:
    """Return a difference in percentage points with its sign."""
    return f"{100 * fraction:+.2f}".replace("-", "−")
