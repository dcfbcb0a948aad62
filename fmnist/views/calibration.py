"""Calibration: how far a contender's confidence agrees with its accuracy, before and after temperature scaling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.titles import distinct_titles
from fmnist.evaluation.calibration import BINS, CalibrationScores, Correction
from fmnist.views.confidences import KINDS, calibrate
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.wording import points, shorten, signed_points, span

_DIGITS = 1
_ECE = f"Expected calibration error on the test images ({BINS} bins)."
_TEMPERATURE = "The temperature is fitted on validation images. Predicted classes stay the same."
_LOSS = (
    "The test loss (cross-entropy). Compare models by their temperature-scaled values: "
    "smoothed labels raise the loss of a model as trained, although it is no worse."
)

_SCORES = (
    Column("key", machine=True),
    Column("Model"),
    Column("Confidences"),
    Column("Temperature", "%.2f"),
    Column("Accuracy (%)", "%.2f"),
    Column("Overconfidence (points)", "%+.2f", "Mean confidence − accuracy"),
    Column("Calibration error (points)", "%.2f"),
    Column("Negative log-likelihood (nats)", "%.4f", _LOSS),
    Column("Brier score", "%.4f"),
)
_BINS = (
    Column("key", machine=True),
    Column("Model"),
    Column("From (%)", "%.1f"),
    Column("To (%)", "%.1f"),
    Column("Images"),
    Column("Mean confidence (%)", "%.1f"),
    Column("Accuracy (%)", "%.1f"),
)


@dataclass(frozen=True)
class Options:
    """Which confidences are drawn in front: one of KINDS."""

    kind: str = "trained"


@dataclass(frozen=True, eq=False)
class Line:
    """One contender's calibration, with its key, name and look."""

    key: str
    name: str
    look: Look
    correction: Correction

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of confidence that it has: only "trained" without a temperature."""
        return [kind for kind in KINDS if kind == "trained" or self.correction.temperature is not None]

    def scores(self, kind: str) -> CalibrationScores:
        """Return the calibration scores of one kind of confidence."""
        return {"trained": self.correction.before, "scaled": self.correction.after}[kind]


@dataclass(frozen=True, eq=False)
class Calibration:
    """The calibration of several contenders."""

    lines: Sequence[Line]


def compute(contenders: Sequence[Contender]) -> Calibration:
    """Compute the calibration of contenders that have one row of probabilities each; raises as `calibrate` does."""
    named = zip(contenders, distinct_titles(contenders), distinct_looks(contenders), strict=True)
    return Calibration([Line(one.key, name, look, calibrate(one).correction) for one, name, look in named])


def finding(calibration: Calibration) -> Finding:
    """Say which contender's confidence departs most from its accuracy; the details have the gap and what scaling does.

    One whose interval contains zero is not called over- or underconfident.
    """
    lines, worst = calibration.lines, furthest_off(calibration)
    details = " ".join(filter(None, [_describe_gap(worst), _describe_scaling(worst.correction)]))
    if _contains_zero(worst.correction.before):
        subject = worst.name if len(lines) == 1 else "No model"
        verb = "is not" if len(lines) == 1 else "is"
        return Finding(f"{subject} {verb} significantly over- or underconfident.", details)
    what = _departure(worst.correction.before) if len(lines) == 1 else "the most miscalibrated"
    return Finding(f"{worst.name} is {what}: {_sureness(worst)}.", details)


def furthest_off(calibration: Calibration) -> Line:
    """Return the contender whose confidence departs most from its accuracy, significantly where any does."""
    lines = calibration.lines
    beyond_chance = [line for line in lines if not _contains_zero(line.correction.before)]
    return max(beyond_chance or lines, key=lambda line: abs(line.correction.before.overconfidence))


def cards(line: Line) -> tuple[Card, ...]:
    """Return what a reader looks for first: accuracy, mean confidence, and the calibration error before and after."""
    before, after = line.correction.before, line.correction.after
    shown = [
        Card("Accuracy", f"{points(before.accuracy, _DIGITS)}%"),
        Card("Mean confidence", f"{points(before.accuracy + before.overconfidence, _DIGITS)}%"),
        Card("Calibration error", f"{points(before.ece, _DIGITS)} points", "as trained", _ECE),
    ]
    if line.correction.temperature is not None:
        note = f"temperature {line.correction.temperature:.2f}"
        shown.append(Card("After scaling", f"{points(after.ece, _DIGITS)} points", note, _TEMPERATURE))
    return tuple(shown)


def describe_loss(calibration: Calibration) -> str:
    """Say which contender has the lowest loss once all are scaled; "" unless two or more have a temperature."""
    scaled = [line for line in calibration.lines if line.correction.temperature is not None]
    if len(scaled) < 2:
        return ""
    best = min(scaled, key=lambda line: line.correction.after.nll)
    before, after = (f"{scores.nll:.3f}" for scores in (best.correction.before, best.correction.after))
    return f"After scaling, {best.name} has the lowest test loss: {after} nats ({before} as trained)."


def explain_unscaled(calibration: Calibration) -> str:
    """Say which contenders have no temperature, and why; "" where all have one."""
    names = [line.name for line in calibration.lines if line.correction.temperature is None]
    if not names:
        return ""
    return f"No temperature for {shorten(names)}: there are no probabilities for images held out from training."


def scores_table(calibration: Calibration) -> Table:
    """Return every score before and after temperature scaling."""
    return Table(_SCORES, [_scores_row(line, kind) for line in calibration.lines for kind in line.kinds])


def bins_table(calibration: Calibration, options: Options) -> Table:
    """Return the bins of the reliability diagrams that contain images."""
    return Table(_BINS, [row for line in calibration.lines for row in _bin_rows(line, options.kind)])


def _contains_zero(scores: CalibrationScores) -> bool:
    low, high = scores.overconfidence_interval
    return low <= 0 <= high


def _departure(scores: CalibrationScores) -> str:
    return "overconfident" if scores.overconfidence > 0 else "underconfident"


def _sureness(line: Line) -> str:
    scores = line.correction.before
    sure = points(scores.accuracy + scores.overconfidence, _DIGITS)
    return f"{sure}% confident, {points(scores.accuracy, _DIGITS)}% correct"


def _describe_gap(line: Line) -> str:
    scores = line.correction.before
    gap = f"{signed_points(scores.overconfidence, _DIGITS)} points"
    return f"{line.name}: mean confidence − accuracy is {gap}, 95% CI {span(*scores.overconfidence_interval, _DIGITS)}."


def _describe_scaling(correction: Correction) -> str:
    if correction.temperature is None:
        return ""
    before, after = (points(scores.ece, _DIGITS) for scores in (correction.before, correction.after))
    if before == after:
        return f"Temperature scaling leaves the calibration error at {before} points."
    verb = "cuts" if correction.after.ece < correction.before.ece else "raises"
    return f"Temperature scaling {verb} the calibration error from {before} to {after} points."


def _scores_row(line: Line, kind: str) -> list[object]:
    scores = line.scores(kind)
    return [
        line.key,
        line.name,
        KINDS[kind],
        1.0 if kind == "trained" else line.correction.temperature,
        100 * scores.accuracy,
        100 * scores.overconfidence,
        100 * scores.ece,
        scores.nll,
        scores.brier,
    ]


def _bin_rows(line: Line, kind: str) -> Iterable[list[object]]:
    bins = line.scores(kind).reliability
    columns = (100 * bins.edges[:-1], 100 * bins.edges[1:], bins.count, 100 * bins.confidence, 100 * bins.accuracy)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return ([line.key, line.name, *row] for row, count in zip(rows, bins.count, strict=True) if count)
