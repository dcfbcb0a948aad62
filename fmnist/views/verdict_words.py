"""A comparison in words: who beats whom by how much, and how that was tested."""

from fmnist.evaluation.significance import Comparison
from fmnist.wording import points, sentence, span

SINGLE_RUNS = "This compares single runs; other seeds may give a different result."
_SINGLE_MODELS = "This compares models as they are; training them again may give a different result."
LEFT_OUT = "Other training images are not reflected."


def describe_verdict(names: tuple[str, str], comparison: Comparison, of_runs: bool = True) -> tuple[str, str]:
    """Return what a comparison says about two contenders in one sentence, and the details of the test.

    With several runs each it holds for the models, otherwise only for the runs at hand, which it says first. Ensembles
    and imported models are not `of_runs`.
    """
    a, b = names
    if comparison.verdict == "undecided":
        said = _undecided(a, b, comparison)
    elif comparison.verdict == "a":
        said = f"{a} beats {b} by {_gain(comparison)}."
    else:
        said = f"{b} beats {a} by {_gain(comparison.mirror())}."
    headline = sentence(said) if comparison.scope == "networks" else f"{_scope(comparison, of_runs)} {said}"
    return headline, " ".join(_details(comparison, of_runs))


def write_p_value(p_value: float) -> str:
    """Return a p-value as in "0.008" or "< 0.001"."""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def describe_interval(comparison: Comparison) -> str:
    """Return interval and p-value of a − b, as in "adjusted 95% CI 0.78 to 1.81, p < 0.001"."""
    kind = "95% CI" if comparison.comparisons == 1 else "adjusted 95% CI"
    p_value = write_p_value(comparison.p_value)
    equals = "" if p_value.startswith("<") else "= "
    return f"{kind} {span(comparison.ci_low, comparison.ci_high)}, p {equals}{p_value}"


def _gain(comparison: Comparison) -> str:
    return f"{points(comparison.difference)} points ({describe_interval(comparison)})"


def _undecided(a: str, b: str, comparison: Comparison) -> str:
    bound = f"any difference is under {points(comparison.largest_difference)} points (95%)"
    if comparison.scope == "networks":
        return f"no significant difference between {a} and {b}: {bound}."
    return f"{a} and {b} do not differ significantly: {bound}."


def _details(comparison: Comparison, of_runs: bool) -> list[str]:
    said = [SINGLE_RUNS if of_runs else _SINGLE_MODELS] if comparison.scope == "runs" else []
    if comparison.verdict == "undecided":
        said.append(f"Measured: {points(comparison.difference)} points ({describe_interval(comparison)}).")
    return [*said, f"{_evidence(comparison)}.", _describe_correction(comparison), LEFT_OUT]


def _evidence(comparison: Comparison) -> str:
    """Name the test, and on how many images and runs it was made."""
    images = f"{comparison.images:,} test images"
    if comparison.runs_a == comparison.runs_b == 1:
        return f"McNemar's exact test on {images}"
    runs = (
        f"{comparison.runs_a} runs each"
        if comparison.runs_a == comparison.runs_b
        else f"{comparison.runs_a} and {comparison.runs_b} runs"
    )
    if comparison.scope == "runs":
        return f"Paired test on {images}, {runs}"
    return f"Random-effects test on {images} and {runs}"


def _describe_correction(comparison: Comparison) -> str:
    if comparison.comparisons == 1:
        return "Not adjusted: a single comparison."
    return f"Adjusted for {comparison.comparisons} comparisons (p-values by Holm, intervals by Bonferroni)."


def _scope(comparison: Comparison, of_runs: bool) -> str:
    """Return what a sentence begins with that holds for the runs or models at hand alone."""
    if not of_runs:
        return "Of these two models,"
    return "Of these two runs," if comparison.runs_a == comparison.runs_b == 1 else "Of these runs,"
