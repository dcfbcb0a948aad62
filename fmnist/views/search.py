"""Which settings work best, and which of them matter? The trials of a study, ranked, with what each setting does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fmnist.dataset import N_VALIDATION
from fmnist.search.trials import Trial, Trials
from fmnist.views.parts import Badge, Card, Column, Finding, Table
from fmnist.views.search_axes import Axis, list_axes
from fmnist.views.search_words import name_measure, name_setting, write_measure, write_value
from fmnist.wording import brief_duration, join, percent

_FEW = 3

FEW_TRIALS = "Importance needs at least two trials that ran to their end and differ."


@dataclass(frozen=True)
class Search:
    """A study's trials, the axes of what varies, and how much each setting matters, in shares of 1."""

    trials: Trials
    axes: tuple[Axis, ...]
    importance: tuple[tuple[str, float], ...]

    @property
    def best(self) -> Trial | None:
        """The trial with the best measure; None where none has run its course."""
        return next(iter(self.trials.ranked), None)

    @property
    def so_far(self) -> list[tuple[int, float]]:
        """The best measure after each trial that ran its course, by the trial's number."""
        found: list[tuple[int, float]] = []
        choose = min if self.trials.record.minimize else max
        for trial in self.trials.trials:
            if trial.counts and trial.value is not None:
                found.append((trial.number, choose([trial.value, *(value for _, value in found[-1:])])))
        return found


def compute(trials: Trials, importance: Mapping[str, float] | None = None) -> Search:
    """Return what is known of a study's trials, and, where it was measured, how much each setting matters."""
    ordered = tuple(sorted((importance or {}).items(), key=lambda item: -item[1]))
    return Search(trials, tuple(list_axes(trials)), ordered)


def finding(search: Search) -> Finding:
    """Say which trial leads and by which settings."""
    trials, best = search.trials, search.best
    if best is None or best.value is None:
        words = "No trial has finished yet" if trials.trials else "No trials yet"
        return Finding(words, badges=_list_badges(trials), cards=_list_cards(search) if trials.trials else ())
    headline = f"Trial {best.number} leads: {name_measure(trials.record)} {write_measure(trials.record, best.value)}"
    details = (
        ""
        if trials.record.space is None
        else (
            f"Chosen on the {N_VALIDATION:,} validation images, so the winner looks better than it is. "
            "Confirm retrains the best trials with fresh seeds. No trial uses the test images."
        )
    )
    return Finding(headline, details, _list_badges(trials), _list_cards(search))


def describe_settings(trial: Trial) -> str:
    """Return a trial's settings in a line."""
    return " · ".join(f"{name_setting(name)} {write_value(name, value)}" for name, value in trial.settings)


def describe_importance(search: Search) -> str:
    """Say which settings matter most."""
    if not search.importance:
        return FEW_TRIALS
    most = [name_setting(name).lower() for name, share in search.importance if share >= 1 / len(search.importance)]
    return f"{join(most[:_FEW])} matter{'s' if len(most) == 1 else ''} most.".capitalize()


def table(search: Search) -> Table:
    """Return the trials, the best first, then those without a result."""
    trials, record = search.trials, search.trials.record
    ranked = trials.ranked
    others = [trial for trial in trials.trials if trial not in ranked]
    columns = (
        Column("Trial", "%d"),
        Column("State"),
        Column("Validation loss", "%.4f", "Of the kept epoch, in nats"),
        Column("Validation accuracy (%)", "%.2f", "Of the kept epoch"),
        Column("Epochs", "%d"),
        Column("Time (s)", "%.1f", "Training time"),
        *(Column(axis.title, key=axis.name) for axis in search.axes),
        Column("Reason", help="Why it failed or diverged"),
    )
    rows = [_list_values(trial, search.axes) for trial in [*ranked, *others]]
    kept = [
        place for place, column in enumerate(columns) if column.title != "Reason" or any(row[place] for row in rows)
    ]
    if record.space is None:
        columns = (*columns[:2], Column("Value", "%.4f"), *columns[3:])
        rows = [[*row[:2], trial.value, *row[3:]] for row, trial in zip(rows, [*ranked, *others], strict=True)]
    return Table([columns[place] for place in kept], [[row[place] for place in kept] for row in rows])


def _list_values(trial: Trial, axes: Sequence[Axis]) -> list[Any]:
    accuracy = None if trial.val_accuracy is None else 100 * trial.val_accuracy
    params = trial.params
    settings = [write_value(axis.name, params[axis.name]) if axis.name in params else None for axis in axes]
    measured = [trial.val_loss, accuracy, len(trial.curve) or None, trial.seconds]
    return [trial.number, trial.state, *measured, *settings, trial.reason]


def _list_badges(trials: Trials) -> tuple[Badge, ...]:
    counts = Counter(trial.state for trial in trials.trials)
    pruned = Badge(f"{counts['pruned']} pruned", "neutral", "Ended early: worse than the others at the same epoch.")
    failed = Badge(f"{counts['failed']} failed", "caution", "The table has the reasons.")
    return (pruned,) * bool(counts["pruned"]) + (failed,) * bool(counts["failed"])


def _list_cards(search: Search) -> tuple[Card, ...]:
    trials, best = search.trials, search.best
    ended = sum(trial.state != "running" for trial in trials.trials)
    note = f"{brief_duration(trials.seconds)} of training" if trials.seconds else "ended"
    cards = [Card("Trials", f"{ended:,} of {trials.record.planned:,}", note)]
    if best and best.val_accuracy is not None:
        cards.insert(0, Card("Best trial", percent(best.val_accuracy), "validation accuracy", describe_settings(best)))
    return tuple(cards)
