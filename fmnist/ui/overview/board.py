"""The Overview's parts, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.evaluation.factors import Factor
from fmnist.views import (
    effects,
    effects_figure,
    effects_words,
    leaderboard,
    leaderboard_figure,
    leaderboard_words,
    verdicts,
)
from fmnist.views.parts import Badge, Drawn, Finding, Table
from fmnist.views.questions import Pair
from fmnist.views.verdicts import Verdicts


@dataclass(frozen=True, eq=False)
class Standings:
    """Who leads and what accuracy costs: keys by rank, a finding, a sentence, captioned figures, and a table.

    `figures` has no "accuracy_cost" where no cost is known.
    """

    ranking: list[str]
    finding: Finding
    best_set: str
    captions: dict[str, str]
    figures: dict[str, Drawn]
    table: Table


@dataclass(frozen=True, eq=False)
class Comparisons:
    """What everybody asks, answered as one family: verdicts, and the effects of architecture and recipe.

    `headline` has the findings to show first, with their pairs; `badges` say the same in a few words.
    """

    verdicts: Verdicts
    headline: dict[Pair, Finding]
    badges: tuple[Badge, ...]
    effects: dict[Factor, Finding]
    figures: dict[Factor, Drawn]
    corrections: dict[Factor, str]
    table: Table


def build_standings(contenders: Sequence[Contender], options: leaderboard.Options) -> Standings:
    """Build the leaderboard and its figures."""
    board = leaderboard.compute(contenders)
    return Standings(
        [row.key for row in board.rows],
        leaderboard_words.finding(board),
        leaderboard_words.best_set(board),
        leaderboard_words.captions(board, options),
        leaderboard_figure.figures(board, options),
        leaderboard.table(board),
    )


def build_comparisons(models: Sequence[Contender]) -> Comparisons:
    """Build the comparisons of all models."""
    judged = verdicts.compute(models)
    grid = effects.compute(models, judged)
    said, lead = effects_words.findings(grid), verdicts.lead_badge(judged)
    return Comparisons(
        judged,
        {pair: verdicts.finding(judged.answers[pair]) for pair in judged.questions.headline},
        (*([lead] if lead else []), *effects_words.recipe_badges(grid)),
        said,
        effects_figure.figures(grid),
        {factor: effects_words.describe_correction(grid.of(factor)) for factor in said},
        effects.table(grid),
    )


def build_verdict(pair: Sequence[Contender], judged: Verdicts) -> Finding:
    """Return the verdict on two contenders; raises InputError where they are the same or one is a run of the other."""
    a, b = pair
    return verdicts.finding(verdicts.judge(judged, a, b))
