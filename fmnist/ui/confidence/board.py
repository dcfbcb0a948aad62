"""The Confidence page's parts, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.evaluation.calibration import BINS
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_table
from fmnist.views import calibration, calibration_figure, coverage, coverage_figure
from fmnist.views.parts import Card, Drawn, Finding, Table, file_stem


@dataclass(frozen=True, eq=False)
class CalibrationParts:
    """How far confidences agree with accuracy: in words, in numbers by model, and as a table.

    `worst` is the key of the model that the finding names.
    """

    finding: Finding
    worst: str
    names: dict[str, str]
    cards: dict[str, tuple[Card, ...]]
    scores: Table
    loss: str
    unscaled: str


@dataclass(frozen=True, eq=False)
class CoverageParts:
    """What is answered from a confidence on, in words and as a figure."""

    finding: str
    curves: Drawn


def build_calibration(contenders: Sequence[Contender]) -> CalibrationParts:
    """Build what is said of all models."""
    found = calibration.compute(contenders)
    return CalibrationParts(
        finding=calibration.finding(found),
        worst=calibration.furthest_off(found).key,
        names={line.key: line.name for line in found.lines},
        cards={line.key: calibration.cards(line) for line in found.lines},
        scores=calibration.scores_table(found),
        loss=calibration.describe_loss(found),
        unscaled=calibration.explain_unscaled(found),
    )


def build_reliability(contenders: Sequence[Contender], options: calibration.Options) -> Drawn:
    """Draw the reliability diagram."""
    return calibration_figure.figures(calibration.compute(contenders), options)["reliability"]


def build_coverage(contenders: Sequence[Contender], options: coverage.Options) -> CoverageParts:
    """Build what depends on the threshold."""
    found = coverage.compute(contenders, options)
    return CoverageParts(coverage.finding(found), coverage_figure.figures(found)["coverage"])


def show_scores(parts: CalibrationParts) -> None:
    """Show every score before and after temperature scaling, and which model then has the lowest loss."""
    if parts.loss:
        st.markdown(parts.loss)
    show_table(parts.scores, "calibration", "calibration.csv")
    st.caption(f"On the test images. Expected calibration error over {BINS} bins; Brier score from 0 to 2.")
    if parts.unscaled:
        st.caption(parts.unscaled)


def show_bins(contenders: Sequence[Contender], options: calibration.Options) -> None:
    """Show the bins of the reliability diagrams."""
    file = f"{file_stem('reliability', [one.key for one in contenders])}.csv"
    show_table(remember(_list_bins, contenders, options), "bins", file)
    st.caption(f"{BINS} equal-width bins with 95% CIs. The diagram hides bins with fewer than 10 images.")


def show_classes(contenders: Sequence[Contender], options: coverage.Options) -> None:
    """Show what is answered of each class, and how often correctly."""
    drawn, table = remember(_build_classes, contenders, options)
    show_drawn(drawn, key="sure_by_class")
    file = f"{file_stem('answered_by_class', [one.key for one in contenders])}.csv"
    show_table(table, "sure_classes", file)


def _list_bins(contenders: Sequence[Contender], options: calibration.Options) -> Table:
    return calibration.bins_table(calibration.compute(contenders), options)


def _build_classes(contenders: Sequence[Contender], options: coverage.Options) -> tuple[Drawn, Table]:
    found = coverage.compute(contenders, options)
    return coverage_figure.class_figures(found)["sure_by_class"], coverage.table(found)
