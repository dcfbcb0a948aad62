"""Verdicts in plain words, which never say more than the data."""

import math
from collections.abc import Mapping, Sequence

from fmnist.evaluation.factors import Effect
from fmnist.evaluation.significance import Comparison


def verdict_sentence(name_a: str, name_b: str, comparison: Comparison) -> str:
    """Return what a comparison of two networks, given by name, says; differences are in percentage points.

    With several runs each it speaks of the networks, otherwise only of the runs at hand, and it says so.
    """
    a = _subject(name_a, comparison.runs_a, comparison.scope)
    b = _subject(name_b, comparison.runs_b, comparison.scope)
    if comparison.verdict == "undecided":
        finding = _undecided(a, b, comparison)
    elif comparison.verdict == "a":
        finding = _decided(a, b, (comparison.ci_low, comparison.ci_high), comparison)
    else:
        finding = _decided(b, a, (-comparison.ci_high, -comparison.ci_low), comparison)
    return finding[0].upper() + finding[1:] + _scope(comparison)


def network_sentence(effects: Sequence[Effect], titles: Mapping[str, str]) -> str:
    """Say which network buys most over the one that all are held against, by each recipe; `titles` names both."""
    by_recipe = _group_by_recipe(effects)
    findings = [
        f"with the {titles[recipe].lower()} recipe {_most(group, titles)}" for recipe, group in by_recipe.items()
    ]
    return f"Over {titles[effects[0].step.base.model]}, {'; '.join(findings)}."


def recipe_sentence(effects: Sequence[Effect], titles: Mapping[str, str]) -> str:
    """Say what each recipe buys over the one that all are held against, on which networks; `titles` names both."""
    base = titles[effects[0].step.base.recipe].lower()
    by_recipe = _group_by_recipe(effects)
    findings = [f"{titles[recipe]} instead of {base} {_range(group, titles)}." for recipe, group in by_recipe.items()]
    return " ".join(findings)


def effect_words(effect: Effect) -> str:
    """Return what a step buys, in percentage points with its interval."""
    sign = "+" if effect.result.difference > 0 else ""
    return f"{sign}{_points(effect.result.difference)} {_bracket(effect.result.ci_low, effect.result.ci_high)}"


def correction_sentence(effects: Sequence[Effect]) -> str:
    """Say for how many comparisons the steps of one figure are corrected."""
    one = "The only comparison of this figure, so without a correction."
    rows = one if len(effects) == 1 else f"Holm's correction for the {len(effects)} comparisons of this figure."
    said = {effect.result.comparisons for effect in effects if effect.said}
    if not said:
        return rows
    count = max(said)
    words = (
        f"Holm's correction for {count} comparisons" if count > 1 else "the only comparison, so without a correction"
    )
    apart = f"What the sentences above compare has their own: {words}."
    return apart if all(effect.said for effect in effects) else f"{rows} {apart}"


def _most(effects: Sequence[Effect], titles: Mapping[str, str]) -> str:
    better = [effect for effect in effects if effect.result.verdict == "a"]
    if not better:
        return "no network is better beyond chance"
    most = max(better, key=lambda effect: effect.result.difference)
    return f"{_network(most, titles)} buys most, {_gain(most)}"


def _range(effects: Sequence[Effect], titles: Mapping[str, str]) -> str:
    if len(effects) == 1:
        chance = {"a": "beyond chance", "b": "a loss beyond chance", "undecided": "not beyond chance"}
        return f"buys {_gain(effects[0])} on {_network(effects[0], titles)}, {chance[effects[0].result.verdict]}"
    ranked = sorted(effects, key=lambda effect: effect.result.difference)
    least, most = (f"{_points(e.result.difference)} points on {_network(e, titles)}" for e in (ranked[0], ranked[-1]))
    gains, losses = (sum(effect.result.verdict == side for effect in effects) for side in ("a", "b"))
    lost = f", and loses beyond chance on {losses}" if losses else ""
    return f"buys from {least} to {most}, beyond chance on {gains} of {len(effects)} networks{lost}"


def _group_by_recipe(effects: Sequence[Effect]) -> dict[str, list[Effect]]:
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        groups.setdefault(effect.step.cell.recipe, []).append(effect)
    return groups


def _network(effect: Effect, titles: Mapping[str, str]) -> str:
    """Return the network's title, with a note where single runs were compared, which speak of themselves alone."""
    single = " (single runs)" if effect.result.scope == "runs" else ""
    return titles[effect.step.cell.model] + single


def _gain(effect: Effect) -> str:
    return f"{_points(effect.result.difference)} points {_bracket(effect.result.ci_low, effect.result.ci_high)}"


def _decided(better: str, other: str, interval: tuple[float, float], comparison: Comparison) -> str:
    return (
        f"{better} is better than {other} by {_points(abs(comparison.difference))} points {_bracket(*interval)} "
        f"on {_evidence(comparison)}; if the two were equally good, a difference this large would come up "
        f"{_chance(comparison.p_value)}{_correction(comparison)}."
    )


def _undecided(a: str, b: str, comparison: Comparison) -> str:
    measured = f"{_points(comparison.difference)} points {_bracket(comparison.ci_low, comparison.ci_high)}"
    return (
        f"{a} and {b} cannot be told apart on {_evidence(comparison)}{_correction(comparison)}: a difference under "
        f"{_points(comparison.detectable_difference)} points might not show (measured: {measured})."
    )


def _subject(name: str, runs: int, scope: str) -> str:
    if scope == "networks":
        return name
    return f"this run of {name}" if runs == 1 else f"the mean of {runs} runs of {name}"


def _evidence(comparison: Comparison) -> str:
    images = f"{comparison.images:,} images"
    if comparison.scope == "runs":
        return images
    if comparison.runs_a == comparison.runs_b:
        return f"{images} and {comparison.runs_a} runs each"
    return f"{images}, {comparison.runs_a} and {comparison.runs_b} runs"


def _scope(comparison: Comparison) -> str:
    if comparison.scope == "networks":
        return ""
    runs = "two runs" if comparison.runs_a == comparison.runs_b else "runs"
    return f" This speaks of these {runs} only: other seeds may decide otherwise."


def _correction(comparison: Comparison) -> str:
    if comparison.comparisons == 1:
        return ""
    level = f"{100 * comparison.confidence:.1f} %"
    return f" (Holm's correction for {comparison.comparisons} comparisons, interval at {level})"


def _chance(p_value: float) -> str:
    if p_value < 0.001:
        return "less than once in 1,000 times"
    return f"about once in {math.floor(1 / p_value):,} times"


def _bracket(low: float, high: float) -> str:
    return f"[{_points(low)}, {_points(high)}]"


def _points(fraction: float) -> str:
    rounded = round(100 * fraction, 2) + 0.0  # the sum turns minus zero into zero
    return f"{rounded:.2f}".replace("-", "−")
