"""Is a lead real? Which questions are asked, their comparisons with Holm's correction, and verdicts in plain words.

Holm's correction is made within a family of comparisons, and one call of `compute` is one family. A page has one for
everything that it says in words (`ask` lists it) and one for each figure of effects (`fmnist.views.effects`); where a
pair is in both, the words count. The report has one for all pairs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import check_test_set
from fmnist.contenders.keys import Condition
from fmnist.evaluation.significance import Comparison, compare_many
from fmnist.recipes.catalogue import RECIPES
from fmnist.views.parts import Column, Table
from fmnist.wording import bracket, points, sentence, signed_points

Pair = tuple[str, str]  # the keys of the two contenders of a comparison
Family = tuple[Pair, ...]  # the comparisons that are corrected together

_CAVEAT = "Other seeds may give another result."
_COLUMNS = (
    Column("a", machine=True),
    Column("b", machine=True),
    Column("Pair"),
    Column("Difference (points)", "%+.2f"),
    Column("Interval"),
    Column("Level (%)", "%.2f"),
    Column("p (Holm)"),
    Column("Better one"),
)


@dataclass(frozen=True)
class Questions:
    """What is said in words: the questions that everybody has, the reader's own, and all pairs as one family."""

    headline: Family
    chosen: Pair
    family: Family


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The comparisons of one family by the keys of their pairs, and the contenders' titles by key."""

    titles: Mapping[str, str]
    comparisons: Mapping[Pair, Comparison]


def all_pairs(contenders: Sequence[Contender]) -> Family:
    """Return each pair of contenders, as listed."""
    return tuple(combinations([contender.key for contender in contenders], 2))


def default_pair(contenders: Sequence[Contender]) -> Pair:
    """Return the pair to compare at first: the leader and the third, as the second is in the headline.

    At least two contenders are given, the best first.
    """
    leader, second, *others = contenders
    known = {*leader.members, *second.members}
    third = next((other for other in others if known.isdisjoint(other.members)), second)
    return leader.key, third.key


def ask(contenders: Sequence[Contender], figures: Sequence[Sequence[Pair]], chosen: Pair) -> Questions:
    """Return what is compared in words, each pair once and in the order in which the figures have it.

    Everybody wants to know whether the lead is real, and whether the deeper CNN beats the basic one under each recipe.

    Args:
        contenders: at least two, the best first.
        figures: the comparisons of each figure. A figure's only comparison joins the family of the words.
        chosen: the pair that the reader asks for; of a contender with itself nothing is compared.
    """
    shown = [pair for rows in figures for pair in rows]
    headline = tuple(dict.fromkeys(_as_listed(pair, shown) for pair in _headline(contenders)))
    chosen = _as_listed(chosen, [*headline, *shown])
    alone = [pair for rows in figures if len(rows) == 1 for pair in rows]
    family = dict.fromkeys(pair for pair in [*headline, *alone, chosen] if pair[0] != pair[1])
    return Questions(headline, chosen, tuple(family))


def compute(contenders: Sequence[Contender], family: Family) -> Verdicts:
    """Compare the pairs of one family, with Holm's correction for their number.

    Raises:
        ValueError: if contenders have no predictions, or were tested on different images.
        RunError: if their predictions cannot be read.
    """
    needed = {key for pair in family for key in pair}
    compared = {contender.key: contender for contender in contenders if contender.key in needed}
    check_test_set(list(compared.values()))
    correct = {key: correct_answers(contender) for key, contender in compared.items()}
    results = compare_many([(correct[a], correct[b]) for a, b in family])
    titles = {key: contender.title for key, contender in compared.items()}
    return Verdicts(titles, dict(zip(family, results, strict=True)))


def finding(verdicts: Verdicts, pair: Pair) -> str:
    """Say whether the lead of a pair of the family is real."""
    a, b = pair
    return verdict_sentence(verdicts.titles[a], verdicts.titles[b], verdicts.comparisons[pair])


def table(verdicts: Verdicts) -> Table:
    """Return all comparisons as a table, with the contenders' keys for machines."""
    return Table(_COLUMNS, [_list_values(verdicts, pair) for pair in verdicts.comparisons])


def verdict_sentence(title_a: str, title_b: str, comparison: Comparison) -> str:
    """Return what a comparison says about two contenders, given by title; differences are in percentage points.

    With several runs each it holds for the models, otherwise only for the runs at hand, which it says first.
    """
    a = _subject(title_a, comparison.runs_a, comparison.scope)
    b = _subject(title_b, comparison.runs_b, comparison.scope)
    if comparison.verdict == "undecided":
        words = _undecided(a, b, comparison)
    elif comparison.verdict == "a":
        words = _decided(a, b, (comparison.ci_low, comparison.ci_high), comparison)
    else:
        words = _decided(b, a, (-comparison.ci_high, -comparison.ci_low), comparison)
    return sentence(words) if comparison.scope == "networks" else f"{_scope(comparison)}{words} {_CAVEAT}"


def _headline(contenders: Sequence[Contender]) -> list[Pair]:
    keys = {contender.key for contender in contenders}
    pairs = [(Condition("deeper_cnn", recipe).key, Condition("basic_cnn", recipe).key) for recipe in RECIPES]
    known = [(a, b) for a, b in pairs if a in keys and b in keys]
    return [_as_listed((contenders[0].key, contenders[1].key), known), *known]


def _as_listed(pair: Pair, listed: Sequence[Pair]) -> Pair:
    """Return a pair as it stands among others, where it may be the other way round: one question is asked once."""
    a, b = pair
    return (b, a) if (b, a) in listed else pair


def _list_values(verdicts: Verdicts, pair: Pair) -> list[str | float]:
    """Return the values of a row in the order of the columns."""
    result = verdicts.comparisons[pair]
    a, b = (verdicts.titles[key] for key in pair)
    return [
        *pair,
        f"{a} less {b}",
        100 * result.difference,
        f"{signed_points(result.ci_low)} to {signed_points(result.ci_high)}",
        100 * result.confidence,
        "< 0.001" if result.p_value < 0.001 else f"{result.p_value:.3f}",
        {"a": "first", "b": "second", "undecided": "undecided"}[result.verdict],
    ]


def _decided(better: str, other: str, interval: tuple[float, float], comparison: Comparison) -> str:
    gain = f"{points(abs(comparison.difference))} points {bracket(*interval)}"
    return f"{better} is better than {other} by {gain} on {_evidence(comparison)} ({_significance(comparison)})."


def _undecided(a: str, b: str, comparison: Comparison) -> str:
    measured = f"{points(comparison.difference)} points {bracket(comparison.ci_low, comparison.ci_high)}"
    return (
        f"{a} and {b} do not differ significantly on {_evidence(comparison)} ({_significance(comparison)}): any "
        f"difference is under {points(comparison.largest_difference)} points (95%; measured: {measured})."
    )


def _subject(title: str, runs: int, scope: str) -> str:
    if scope == "networks":
        return title
    return f"this run of {title}" if runs == 1 else f"the mean of {runs} runs of {title}"


def _evidence(comparison: Comparison) -> str:
    images = f"{comparison.images:,} images"
    if comparison.scope == "runs":
        return images
    if comparison.runs_a == comparison.runs_b:
        return f"{images} and {comparison.runs_a} runs each"
    return f"{images}, {comparison.runs_a} and {comparison.runs_b} runs"


def _scope(comparison: Comparison) -> str:
    """Return what a sentence begins with that holds for the runs at hand alone."""
    return "Of these two runs, " if comparison.runs_a == comparison.runs_b == 1 else "Of these runs, "


def _significance(comparison: Comparison) -> str:
    p_value = "p < 0.001" if comparison.p_value < 0.001 else f"p = {comparison.p_value:.3f}"
    if comparison.comparisons == 1:
        return p_value
    level = f"{100 * comparison.confidence:.1f}%"
    return f"{p_value}, Holm-adjusted for {comparison.comparisons} comparisons, interval at {level}"
