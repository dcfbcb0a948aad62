"""Verdicts in plain words, which never say more than the data."""

import math

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
