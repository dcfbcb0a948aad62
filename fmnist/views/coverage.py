"""Answering only when sure: how many images are answered from a confidence on, and how many of them correctly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.calibration import ConfidentAnswers, CoverageCurve, answer_above
from fmnist.views.confidences import calibrate, coverage_of
from fmnist.views.parts import Column, Table
from fmnist.wording import points

_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Class"),
    Column("Answered (%)", "%.1f"),
    Column("Correct when answered (%)", "%.1f"),
)


@dataclass(frozen=True)
class Options:
    """From which confidence on an answer is given, a fraction of one of KINDS; for one true class, or None for all."""

    kind: str = "trained"
    threshold: float = 0.9
    label: int | None = None


@dataclass(frozen=True, eq=False)
class Line:
    """One contender's accuracy against coverage, and what it answers from the threshold on; with key, name and look."""

    key: str
    name: str
    look: Look
    curve: CoverageCurve
    answers: ConfidentAnswers

    def coverage(self, label: int | None) -> float:
        """Return the share of a class's images, or of all, that are answered."""
        return self.answers.coverage if label is None else float(self.answers.class_coverage[label])

    def accuracy(self, label: int | None) -> float:
        """Return the share of these answers that are correct; NaN where nothing is answered."""
        return self.answers.accuracy if label is None else float(self.answers.class_accuracy[label])


@dataclass(frozen=True, eq=False)
class Coverage:
    """What several contenders answer, on the images of `options`."""

    lines: Sequence[Line]
    options: Options


def compute(contenders: Sequence[Contender], options: Options) -> Coverage:
    """Compute what contenders with one row of probabilities each answer; raises as `calibrate` does."""
    named = zip(contenders, distinct_titles(contenders), distinct_looks(contenders), strict=True)
    return Coverage([_measure(one, name, look, options) for one, name, look in named], options)


def finding(coverage: Coverage) -> str:
    """Say which contender answers most often from the threshold on, and which one is right most often."""
    lines, options = coverage.lines, coverage.options
    label = options.label
    of = "" if label is None else f", {CLASS_NAMES[label]} images"
    lead = f"At {100 * options.threshold:.0f}% confidence{of}:"
    answering = [line for line in lines if not math.isnan(line.accuracy(label))]
    if not answering:
        return f"{lead} no answers."
    most = max(answering, key=lambda line: line.coverage(label))
    surest = max(answering, key=lambda line: line.accuracy(label))
    if len(lines) == 1:
        return f"{lead} {_describe(most, label)}."
    if most is surest:
        return f"{lead} {most.name} answers most often and most accurately ({_describe(most, label)})."
    most_often = f"{most.name} answers most often ({_describe(most, label)})"
    return f"{lead} {most_often}, {surest.name} is most accurate ({_describe(surest, label)})."


def describe_hardest(coverage: Coverage) -> str:
    """Say of which class each contender answers the smallest share."""
    hardest = [(line, int(line.answers.class_coverage.argmin())) for line in coverage.lines]
    fewest = (
        f"{line.name} answers {CLASS_NAMES[label]} least often ({points(line.answers.class_coverage[label], 1)}%)"
        for line, label in hardest
    )
    return f"{'; '.join(fewest)}."


def table(coverage: Coverage) -> Table:
    """Return what is answered of each class, and how often correctly."""
    return Table(_COLUMNS, [row for line in coverage.lines for row in _rows(line)])


def _measure(contender: Contender, name: str, look: Look, options: Options) -> Line:
    calibrated = calibrate(contender)
    confidence = calibrated.confidence[options.kind]
    answers = answer_above(calibrated.labels, confidence, calibrated.correct, options.threshold)
    return Line(contender.key, name, look, coverage_of(contender, options.kind, options.label), answers)


def _describe(line: Line, label: int | None) -> str:
    return f"{points(line.coverage(label), 1)}% answered, {points(line.accuracy(label), 1)}% correct"


def _rows(line: Line) -> list[list[object]]:
    shares = 100 * line.answers.class_coverage, 100 * line.answers.class_accuracy
    return [
        [line.key, line.name, title, answered, right]
        for title, answered, right in zip(CLASS_NAMES, *(share.tolist() for share in shares), strict=True)
    ]
