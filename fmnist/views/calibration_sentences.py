"""How far confidences can be trusted, in plain words."""

import math
from collections.abc import Sequence

from fmnist.evaluation.calibration import CalibrationScores, Correction

_NAMED = 3  # more runs than these would make a sentence a list


def calibration_sentence(names: Sequence[str], corrections: Sequence[Correction]) -> str:
    """Return how far the confidence of the run that is furthest off departs from its accuracy, and what is left of it.

    One whose interval holds zero is not called over- or underconfident.
    """
    beyond_chance = [i for i, correction in enumerate(corrections) if not _holds_zero(correction.before)]
    worst = max(beyond_chance or range(len(names)), key=lambda i: abs(corrections[i].before.overconfidence))
    before, after = corrections[worst].before, corrections[worst].after
    sure = f"{_percent(before.accuracy + before.overconfidence)} % sure on average and right on"
    sure = f"{sure} {_percent(before.accuracy)} % of the images"
    if not beyond_chance:
        who = names[0] if len(names) == 1 else f"Each of the {len(names)} runs"
        furthest = "" if len(names) == 1 else f" (furthest off: {names[worst]})"
        return f"{who} is as sure as it is right, within chance: {sure}{furthest}."
    low, high = before.overconfidence_interval
    kind, ends = ("over", (low, high)) if low > 0 else ("under", (-high, -low))
    lead = names[worst] if len(names) == 1 else f"Of {len(names)} runs {names[worst]} is furthest off: it"
    return (
        f"{lead} is {kind}confident by {_percent(abs(before.overconfidence))} points "
        f"[{', '.join(_percent(end) for end in ends)}], {sure}; a temperature of {corrections[worst].temperature:.2f} "
        f"takes the expected calibration error from {_percent(before.ece)} to {_percent(after.ece)} points."
    )


def coverage_sentence(
    names: Sequence[str], coverages: Sequence[float], accuracies: Sequence[float], threshold: float, what: str
) -> str:
    """Return what each run answers, and how often it is right, when confidences under `threshold` go unanswered.

    Of many runs it names the one that answers most and the one that is right most often. `what` names the images; an
    accuracy is NaN where nothing is answered.
    """
    answers = [
        f"{name} answers none"
        if math.isnan(accuracy)
        else f"{name} answers {_percent(coverage)} % and is right on {_percent(accuracy)} % of those"
        for name, coverage, accuracy in zip(names, coverages, accuracies, strict=True)
    ]
    lead = f"Answering only when at least {100 * threshold:.0f} % sure, of {what}"
    answering = [i for i in range(len(names)) if not math.isnan(accuracies[i])]
    if len(names) <= _NAMED or not answering:
        return f"{lead} {'; '.join(answers)}."
    most = max(answering, key=lambda i: coverages[i])
    surest = max(answering, key=lambda i: accuracies[i])
    if most == surest:
        return f"{lead} {answers[most]}, both the most of {len(names)} runs."
    return f"{lead} {answers[most]}, the most answers of {len(names)} runs; {answers[surest]}, the most often right."


def _holds_zero(scores: CalibrationScores) -> bool:
    low, high = scores.overconfidence_interval
    return low <= 0 <= high


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}".replace("-", "−")
