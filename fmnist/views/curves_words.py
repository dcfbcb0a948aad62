"""What training curves say, in words: the best accuracy, overfitting, and how to read the figures."""

from collections.abc import Iterator, Sequence

from fmnist.views.curves import Curves, Line, Measure, Options
from fmnist.views.parts import Badge, Finding
from fmnist.wording import percent, shorten

_MOST_BADGES = 3


def finding(curves: Curves) -> Finding:
    """Say which curve reached the highest validation accuracy, and which ones overfit.

    Accuracies are compared and losses are not: smoothed labels raise the loss of a model that is no worse.
    """
    peaks = [float(line.curve.val_accuracy.max()) for line in curves.lines]
    best = peaks.index(max(peaks))
    curve = curves.lines[best].curve
    at = f"{percent(peaks[best], 1)} at epoch {curve.epoch[curve.val_accuracy.argmax()]:.0f}."
    alone = len(peaks) == 1
    lead = "Validation accuracy peaks at" if alone else f"Highest validation accuracy: {curves.labels[best]},"
    overfitted = _list_overfitted(curves)
    return Finding(f"{lead} {at}", _describe_worst(overfitted), tuple(_list_badges(alone, overfitted)))


def describe_best(curves: Curves, measure: Measure) -> str:
    """Say where each curve reaches its highest validation accuracy, or its lowest validation loss."""
    return f"{'Highest' if measure == 'accuracy' else 'Lowest'}: {'; '.join(_list_best(curves, measure))}."


def _list_best(curves: Curves, measure: Measure) -> Iterator[str]:
    for label, line in zip(curves.labels, curves.lines, strict=True):
        curve = line.curve
        place = int(curve.val_accuracy.argmax()) if measure == "accuracy" else curve.best
        value = percent(curve.val_accuracy[place]) if measure == "accuracy" else f"{curve.val_loss[place]:.3f}"
        yield f"{label} {value} at epoch {curve.epoch[place]:.0f}"


def explain_lines(curves: Curves, options: Options) -> str:
    """Say what the lines and marks of the figures are."""
    words = ["Colour shows the architecture, dash the recipe."]
    if options.training:
        words.append("Thick lines are validation, thin lines training, averaged while the weights change.")
    words.append("Filled markers show the kept epoch, open markers the lowest validation loss.")
    words.append("A bar shows where early stopping ended a run.")
    if curves.averaged:
        words.append("Shading shows the range across seeds.")
    if options.smoothing:
        words.append(f"Lines are smoothed (EMA {options.smoothing}); faint lines and the table show raw values.")
    words.append("Early outliers are cropped; double-click the chart to show them.")
    return " ".join(words)


def explain_altered(curves: Curves) -> str:
    """Say which models train on images or labels unlike those of validation; "" where none does."""
    groups = {line.group: line for line in curves.lines if line.altered}
    if not groups:
        return ""
    alike: dict[str, list[str]] = {}
    for line in groups.values():
        alike.setdefault(" and ".join(line.altered), []).append(line.group_title)
    trained = "; ".join(f"{shorten(names)} on {what}" for what, names in alike.items())
    return (
        f"Trained on altered data: {trained}. "
        "Their training curves can't be compared with validation. Look for a rising validation loss instead."
    )


def _list_overfitted(curves: Curves) -> list[tuple[str, Line]]:
    """Return the lines that overfit, with their labels, the strongest first."""
    named = zip(curves.labels, curves.lines, strict=True)
    return sorted((one for one in named if one[1].summary.overfits), key=lambda one: -one[1].summary.val_rise)


def _describe_worst(overfitted: Sequence[tuple[str, Line]]) -> str:
    if not overfitted:
        return ""
    label, worst = overfitted[0]
    after = worst.summary
    return (
        f"{label} overfits from epoch {after.best_epoch}: its validation loss rises by {after.val_rise:.3f} "
        f"while its training loss falls by {after.loss_fall:.3f}."
    )


def _list_badges(alone: bool, overfitted: Sequence[tuple[str, Line]]) -> list[Badge]:
    if not overfitted:
        return [Badge("No noticeable overfitting", "good")]
    if alone:
        return [Badge(f"Overfits from epoch {overfitted[0][1].summary.best_epoch}", "caution")]
    badges = [
        Badge(f"{label} overfits from epoch {line.summary.best_epoch}", "caution")
        for label, line in overfitted[:_MOST_BADGES]
    ]
    more = len(overfitted) - _MOST_BADGES
    return [*badges, Badge(f"{more} more overfit", "caution")] if more > 0 else badges
