"""The Confidence page's parts, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender
from fmnist.views import calibration, calibration_figure, coverage, coverage_figure
from fmnist.views.parts import Drawn, Table


@dataclass(frozen=True, eq=False)
class CalibrationParts:
    """How far confidences agree with accuracy: in words, as a diagram, and as tables."""

    finding: str
    reliability: Drawn
    bins: Table
    scores: Table
    unscaled: str


@dataclass(frozen=True, eq=False)
class CoverageParts:
    """What is answered from a confidence on: in words, as figures, and as a table by class."""

    finding: str
    curves: Drawn
    by_class: Drawn
    classes: Table


def build_calibration(contenders: Sequence[Contender], options: calibration.Options) -> CalibrationParts:
    """Build what does not depend on the threshold."""
    found = calibration.compute(contenders)
    return CalibrationParts(
        finding=calibration.finding(found),
        reliability=calibration_figure.figures(found, options)["reliability"],
        bins=calibration.bins_table(found, options),
        scores=calibration.scores_table(found),
        unscaled=calibration.explain_unscaled(found),
    )


def build_coverage(contenders: Sequence[Contender], options: coverage.Options) -> CoverageParts:
    """Build what depends on the threshold."""
    found = coverage.compute(contenders, options)
    drawn = coverage_figure.figures(found)
    return CoverageParts(coverage.finding(found), drawn["coverage"], drawn["sure_by_class"], coverage.table(found))
