"""What stress shows, in sentences: who withstands it, who breaks first, and what recipes and mirroring gained."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from fmnist.contenders.titles import architecture_title
from fmnist.evaluation.robustness import Gain, adjust_gains, compare_conditions
from fmnist.stress.catalogue import CORRUPTIONS
from fmnist.views.parts import Card, Finding
from fmnist.views.stress import MEAN, Line, Stress
from fmnist.views.verdict_words import write_p_value
from fmnist.wording import percent, points, signed_points, span

_RECIPES = ("textbook", "tuned", "robust")  # each does more than the one before
_TEST = "Paired t-test over the images, each with its mean over all corruptions and severities."
_SINGLE = "This compares single runs; other seeds may give a different result."


def finding(stress: Stress) -> Finding:
    """Say which run withstands corruption best; the details have the interval and what it reflects."""
    best = max(stress.lines, key=_mean)
    accuracy = best.accuracy_of_all()
    claim = "withstands corruption best, with" if len(stress.lines) > 1 else "under corruption:"
    details = (
        f"Mean over {len(CORRUPTIONS)} corruptions at five severities of {stress.images:,} test images: "
        f"{percent(accuracy.mean)}, 95% CI {span(*accuracy.interval)}. The interval reflects the images only."
    )
    return Finding(f"{best.name} {claim} {percent(accuracy.mean, 1)} accuracy.", details, cards=_cards(stress, best))


def claims(stress: Stress) -> list[Finding]:
    """Say what else the chosen runs show: what recipes gained, who breaks first, and what mirroring does."""
    return [*_describe_recipes(stress), *_describe_first(stress), *_describe_mirroring(stress)]


def _cards(stress: Stress, best: Line) -> tuple[Card, ...]:
    hardest = min(CORRUPTIONS, key=lambda kind: _mean_of(stress.lines, kind))
    cards = [
        Card("Under corruption", percent(_mean(best), 1), f"{percent(best.clean, 1)} without", best.name),
        Card(
            "Hardest corruption",
            CORRUPTIONS[hardest].title,
            f"{percent(_mean_of(stress.lines, hardest), 1)} correct",
            "Mean over the chosen models and all severities",
        ),
    ]
    error = stress.mean_corruption_error(best)
    if stress.baseline is not None and error is not None:
        help_text = f"mCE: errors divided by those of {stress.baseline.name}, mean over corruptions"
        cards.append(Card("Corruption error", f"{error:.2f}", best.name, help_text))
    return tuple(cards)


def _describe_recipes(stress: Stress) -> list[Finding]:
    """Compare the recipes of each architecture, each with the next one that is there."""
    ordered = sorted((line for line in stress.lines if line.recipe in _RECIPES), key=_place)
    pairs = [
        (worse, better)
        for worse, better in combinations(ordered, 2)
        if worse.architecture == better.architecture and worse.recipe != better.recipe
    ]
    gains = adjust_gains([compare_conditions(b.all_correct(), a.all_correct()) for a, b in pairs])
    return [_describe_gain(worse, better, gain) for (worse, better), gain in zip(pairs, gains, strict=True)]


def _describe_gain(worse: Line, better: Line, gain: Gain) -> Finding:
    where = architecture_title(better.architecture)
    p_value = write_p_value(gain.p_value)
    tested = f"95% CI {span(*gain.interval)}, adjusted p {'' if p_value.startswith('<') else '= '}{p_value}"
    details = f"{tested}. {_TEST} {_SINGLE}"
    if not gain.is_significant:
        return Finding(
            f"{better.recipe.capitalize()} and {worse.recipe} do not differ significantly on {where}.", details
        )
    sign = 1 if gain.difference > 0 else -1
    leads = sign * (better.accuracies - worse.accuracies).mean(axis=1)
    most = CORRUPTIONS[list(CORRUPTIONS)[int(leads.argmax())]].title
    by, largest = points(abs(gain.difference), 1), signed_points(sign * float(leads.max()), 1)
    change = f"gains {by} points over" if sign > 0 else f"loses {by} points compared with"
    return Finding(
        f"{better.recipe.capitalize()} {change} {worse.recipe} on {where}, most on {most} ({largest}).", details
    )


def _describe_first(stress: Stress) -> list[Finding]:
    """Say which run loses most at the lowest severity."""
    if len(stress.lines) < 2:
        return []
    losses = {line: line.clean - line.accuracy(MEAN, 1).mean for line in stress.lines}
    first = max(stress.lines, key=losses.__getitem__)
    lost = f"{points(losses[first], 1)} points at severity 1"
    return [Finding(f"{first.name} breaks first: it loses {lost}.", "Mean over all corruptions.")]


def _describe_mirroring(stress: Stress) -> list[Finding]:
    """Say what mirroring the images costs runs that were trained on mirrored images, and the others."""
    trained = [line.mirror_loss for line in stress.lines if line.mirrored]
    others = [line.mirror_loss for line in stress.lines if not line.mirrored]
    if not trained or not others:
        return []
    with_it, without = points(float(np.mean(trained)), 1), points(float(np.mean(others)), 1)
    headline = f"Mirrored images cost {without} points without mirroring in training, and {with_it} with it."
    return [Finding(headline, "Test images mirrored left to right; means over the chosen models.")]


def _place(line: Line) -> tuple[str, int]:
    return line.architecture, _RECIPES.index(line.recipe)


def _mean(line: Line) -> float:
    return float(line.accuracies.mean())


def _mean_of(lines: Sequence[Line], kind: str) -> float:
    place = list(CORRUPTIONS).index(kind)
    return float(np.mean([line.accuracies[place].mean() for line in lines]))
