"""The Overview's parts, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.evaluation.factors import Factor
from fmnist.ui.remember import remember
from fmnist.views import effects, effects_figure, leaderboard, leaderboard_figure, verdicts
from fmnist.views.parts import Drawn, Table
from fmnist.views.verdicts import Pair, Questions


@dataclass(frozen=True, eq=False)
class Standings:
    """Who leads and what accuracy costs: keys by rank, two sentences, figures with what they show, and a table.

    `figures` has no "accuracy_cost" where no cost is known.
    """

    ranking: list[str]
    finding: str
    best_set: str
    captions: dict[str, str]
    figures: dict[str, Drawn]
    table: Table


@dataclass(frozen=True, eq=False)
class Comparisons:
    """What is said in words, by pair, and the effects of architecture and recipe: by factor, and as a table."""

    verdicts: dict[Pair, str]
    effects: dict[Factor, str]
    figures: dict[Factor, Drawn]
    corrections: dict[Factor, str]
    table: Table


def build_standings(contenders: Sequence[Contender], options: leaderboard.Options) -> Standings:
    """Build the leaderboard and its figures."""
    board = leaderboard.compute(contenders)
    return Standings(
        [row.key for row in board.rows],
        leaderboard.finding(board),
        leaderboard.best_set(board),
        leaderboard.captions(board, options),
        leaderboard_figure.figures(board, options),
        leaderboard.table(board),
    )


def build_comparisons(contenders: Sequence[Contender], questions: Questions) -> Comparisons:
    """Build what answers the questions, and the effects, which say the same as the answers where a pair is in both."""
    judged = verdicts.compute(contenders, questions.family)
    grid = effects.say_alike(remember(effects.compute, contenders), judged)
    said = effects.findings(grid)
    return Comparisons(
        {pair: verdicts.finding(judged, pair) for pair in questions.family},
        said,
        effects_figure.figures(grid),
        {factor: effects.correction_sentence(grid.of(factor)) for factor in said},
        effects.table(grid),
    )
