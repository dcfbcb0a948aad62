"""Calibration: how far a contender's confidence agrees with its accuracy, before and after temperature scaling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.titles import distinct_titles
from fmnist.evaluation.calibration import CalibrationScores, Correction
from fmnist.views.confidences import KINDS, calibrate
from fmnist.views.parts import Column, Table
from fmnist.wording import bracket, points, shorten

_DIGITS = 1

_SCORES = (
    Column("key", machine=True),
    Column("Run"),
    Column("Confidences"),
    Column("Temperature", "%.2f"),
    Column("Accuracy (%)", "%.2f"),
    Column("Overconfidence (points)", "%.2f"),
    Column("Calibration error (points)", "%.2f"),
    Column("Negative log-likelihood (nats)", "%.4f"),
    Column("Brier score", "%.4f"),
)
_BINS = (
    Column("key", machine=True),
    Column("Run"),
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


def finding(calibration: Calibration) -> str:
    """Say how far the contender that is furthest off departs from its accuracy, and what scaling leaves of it.

    One whose interval contains zero is not called over- or underconfident.
    """
    lines = calibration.lines
    beyond_chance = [line for line in lines if not _contains_zero(line.correction.before)]
    worst = max(beyond_chance or lines, key=lambda line: abs(line.correction.before.overconfidence))
    if not beyond_chance:
        who = worst.name if len(lines) == 1 else f"Each of the {len(lines)} runs"
        furthest = "" if len(lines) == 1 else f" (furthest off: {worst.name})"
        return f"{who} is as sure as it is right, within chance: {_sureness(worst)}{furthest}."
    lead = worst.name if len(lines) == 1 else f"Of {len(lines)} runs {worst.name} is furthest off: it"
    scaled = _scaling(worst.correction)
    return f"{lead} is {_departure(worst.correction.before)}, {_sureness(worst)}{f'; {scaled}' if scaled else ''}."


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
    low, high = scores.overconfidence_interval
    kind, ends = ("over", (low, high)) if low > 0 else ("under", (-high, -low))
    return f"{kind}confident by {points(abs(scores.overconfidence), _DIGITS)} points {bracket(*ends, _DIGITS)}"


def _sureness(line: Line) -> str:
    scores = line.correction.before
    sure = points(scores.accuracy + scores.overconfidence, _DIGITS)
    return f"{sure}% sure on average and right on {points(scores.accuracy, _DIGITS)}% of the images"


def _scaling(correction: Correction) -> str:
    if correction.temperature is None:
        return ""
    before, after = (points(scores.ece, _DIGITS) for scores in (correction.before, correction.after))
    takes = f"a temperature of {correction.temperature:.2f} takes the expected calibration error"
    return f"{takes} from {before} to {after} points"


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
