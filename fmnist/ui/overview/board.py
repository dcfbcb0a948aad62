"""The Overview's parts, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fmnist.contenders.contender import Contender
from fmnist.contenders.of_runs import OfRuns
from fmnist.evaluation.factors import Factor
from fmnist.ui.remember import remember
from fmnist.views import (
    effects,
    effects_figure,
    effects_words,
    leaderboard,
    leaderboard_figure,
    leaderboard_words,
    settings,
    verdicts,
)
from fmnist.views.leaderboard import Leaderboard, Options
from fmnist.views.parts import Drawn, Finding, Table
from fmnist.views.questions import Pair
from fmnist.views.verdicts import Verdicts


@dataclass(frozen=True, eq=False)
class Standings:
    """Who leads, and which models can be the best: keys by rank, a finding and a sentence.

    `has_effects` says whether the models are cells of a grid of architectures and recipes.
    """

    ranking: list[str]
    finding: Finding
    best_set: str
    has_effects: bool


@dataclass(frozen=True, eq=False)
class Rows:
    """The table of some models, and figures with what they show.

    `figures` has no "accuracy_cost" where no cost is known.
    """

    table: Table
    captions: dict[str, str]
    figures: dict[str, Drawn]


@dataclass(frozen=True, eq=False)
class EffectParts:
    """What architecture and recipe change: by factor, and as a table."""

    findings: dict[Factor, Finding]
    figures: dict[Factor, Drawn]
    corrections: dict[Factor, str]
    table: Table


def build_standings(models: Sequence[Contender]) -> Standings:
    """Build what is said of all models first."""
    board, judged = remember(rank_all, models), remember(judge_all, models)
    found, lead = leaderboard_words.finding(board), verdicts.lead_badge(judged)
    badges = (*([lead] if lead else []), *effects_words.recipe_badges(effects.compute(models, judged)), *found.badges)
    ranking, best = [row.key for row in board.rows], leaderboard_words.best_set(board)
    return Standings(ranking, replace(found, badges=badges), best, bool(judged.questions.steps))


def build_rows(models: Sequence[Contender], listed: tuple[str, ...], options: Options) -> Rows:
    """Build table and figures of those of the models that are listed; ranks are those among all."""
    board = remember(rank_all, models).only(listed)
    drawn = leaderboard_figure.figures(board, options)
    return Rows(leaderboard.table(board), leaderboard_words.captions(board, options), drawn)


def judge_all(models: Sequence[Contender]) -> Verdicts:
    """Answer what everybody asks of the models, as one family of comparisons."""
    return verdicts.compute(models)


def build_headlines(models: Sequence[Contender]) -> dict[Pair, Finding]:
    """Return the verdicts that everybody wants to know, by pair."""
    judged = remember(judge_all, models)
    return {pair: verdicts.finding(judged.answers[pair]) for pair in judged.questions.headline}


def build_effects(models: Sequence[Contender]) -> EffectParts:
    """Build what architecture and recipe change."""
    grid = effects.compute(models, remember(judge_all, models))
    said = effects_words.findings(grid)
    corrections = {factor: effects_words.describe_correction(grid.of(factor)) for factor in said}
    return EffectParts(said, effects_figure.figures(grid), corrections, effects.table(grid))


def build_verdict(pair: Sequence[Contender], judged: Verdicts) -> Finding:
    """Return the verdict on two contenders; raises InputError where they are the same or one is a run of the other."""
    a, b = pair
    return verdicts.finding(verdicts.judge(judged, a, b))


def build_settings(pair: Sequence[OfRuns]) -> Table:
    """Return the settings in which two models differ."""
    return settings.table(settings.compute(pair))


def rank_all(models: Sequence[Contender]) -> Leaderboard:
    """Rank all models by their accuracy."""
    return leaderboard.compute(models)
