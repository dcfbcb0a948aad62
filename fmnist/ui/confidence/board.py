"""The Confidence page's parts: runs with their calibration, what the slider asks for, and the tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.calibration import (
    CalibrationScores,
    ConfidentAnswers,
    Correction,
    answer_above,
    apply_temperature,
    correct_temperature,
    measure_coverage,
)
from fmnist.runs.records import Predictions
from fmnist.runs.run import CompleteRun
from fmnist.ui.guards import with_predictions
from fmnist.ui.predict.answers import short_names
from fmnist.ui.show import show_table
from fmnist.views.calibration import NamedCoverage, NamedReliability
from fmnist.views.calibration_sentences import calibration_sentence, coverage_sentence

KINDS = {"trained": "As trained", "scaled": "Temperature-scaled"}


@dataclass(frozen=True, eq=False)
class Confidences:
    """One run's test labels (n,) and probabilities (n, 10), as trained and scaled by the fitted temperature."""

    name: str
    model: str
    recipe: str
    labels: np.ndarray
    probs: dict[str, np.ndarray]
    correction: Correction

    def scores(self, kind: str) -> CalibrationScores:
        """Return the calibration scores of one of the two kinds of confidence."""
        return self.correction.before if kind == "trained" else self.correction.after


def read_confidences(runs: Sequence[CompleteRun]) -> list[Confidences]:
    """Return the runs with their calibration; one whose predictions are damaged is left out with a warning."""
    predictions = with_predictions(runs)
    readable = [run for run in runs if run.id in predictions]
    found = []
    for run, name in zip(readable, short_names(readable), strict=True):
        stored = predictions[run.id]
        scaled, correction = _correct(str(run.directory), run.stamp, stored)
        model, recipe = run.config.model, run.config.recipe
        probs = {"trained": stored.test_probs, "scaled": scaled}
        found.append(Confidences(name, model, recipe, stored.test_labels, probs, correction))
    return found


def describe_calibration(runs: Sequence[Confidences]) -> str:
    """Say how far the run that is furthest off departs from its accuracy."""
    return calibration_sentence([run.name for run in runs], [run.correction for run in runs])


def measure_reliabilities(runs: Sequence[Confidences], kind: str) -> list[NamedReliability]:
    """Return the runs' reliability diagrams, with the other kind of confidence beside them."""
    other = next(name for name in KINDS if name != kind)
    return [
        NamedReliability(run.name, run.model, run.recipe, run.scores(kind).reliability, run.scores(other).reliability)
        for run in runs
    ]


def answer_when_sure(runs: Sequence[Confidences], kind: str, threshold: float) -> list[ConfidentAnswers]:
    """Return what each run answers from a confidence (a fraction) on."""
    return [answer_above(run.labels, run.probs[kind], threshold) for run in runs]


def measure_coverages(
    runs: Sequence[Confidences], kind: str, answers: Sequence[ConfidentAnswers], label: int | None
) -> list[NamedCoverage]:
    """Return the runs' accuracy against coverage on all images, or on those of one true class."""
    found = []
    for run, answer in zip(runs, answers, strict=True):
        mask = slice(None) if label is None else run.labels == label
        curve = measure_coverage(run.labels[mask], run.probs[kind][mask])
        reached = (
            (answer.coverage, answer.accuracy)
            if label is None
            else (float(answer.class_coverage[label]), float(answer.class_accuracy[label]))
        )
        found.append(NamedCoverage(run.name, run.model, run.recipe, curve, *reached))
    return found


def describe_coverage(coverages: Sequence[NamedCoverage], threshold: float, label: int | None) -> str:
    """Say what each run answers at the threshold, and how often it is right."""
    what = "all test images" if label is None else f"the {CLASS_NAMES[label]} images"
    names, shares, rights = zip(*((run.name, run.coverage, run.accuracy) for run in coverages), strict=True)
    return coverage_sentence(names, shares, rights, threshold, what)


def show_scores(runs: Sequence[Confidences]) -> None:
    """Show every score before and after temperature scaling, as a table."""
    point, small = (st.column_config.NumberColumn(format=digits) for digits in ("%.2f", "%.4f"))
    frame = pd.DataFrame([_as_row(run, kind) for run in runs for kind in KINDS])
    formats = {name: point if name.endswith(("points)", "(%)")) else small for name in frame.columns[3:]}
    show_table(frame, "calibration", "calibration.csv", formats | {"Temperature": point})


def show_classes(runs: Sequence[Confidences], answers: Sequence[ConfidentAnswers]) -> None:
    """Show what is answered of each class, and how often rightly, as a table."""
    share = st.column_config.NumberColumn(format="%.1f")
    frames = [
        pd.DataFrame(
            {
                "Run": run.name,
                "Class": CLASS_NAMES,
                "Answered (%)": 100 * answer.class_coverage,
                "Right when answered (%)": 100 * answer.class_accuracy,
            }
        )
        for run, answer in zip(runs, answers, strict=True)
    ]
    formats = {"Answered (%)": share, "Right when answered (%)": share}
    show_table(pd.concat(frames, ignore_index=True), "sure_classes", "answers_by_class.csv", formats)


def show_bins(runs: Sequence[Confidences], kind: str) -> None:
    """Show the bins of the reliability diagrams that hold images, as a table."""
    frames = [_bins_frame(run.name, run.scores(kind)) for run in runs]
    share = st.column_config.NumberColumn(format="%.1f")
    formats = {name: share for name in frames[0].columns if name.endswith("(%)")}
    show_table(pd.concat(frames, ignore_index=True), "bins", "reliability.csv", formats)


def _as_row(run: Confidences, kind: str) -> dict[str, object]:
    scores = run.scores(kind)
    return {
        "Run": run.name,
        "Confidences": KINDS[kind],
        "Temperature": 1.0 if kind == "trained" else run.correction.temperature,
        "Accuracy (%)": 100 * scores.accuracy,
        "Overconfidence (points)": 100 * scores.overconfidence,
        "Calibration error (points)": 100 * scores.ece,
        "Negative log-likelihood (nats)": scores.nll,
        "Brier score": scores.brier,
    }


def _bins_frame(name: str, scores: CalibrationScores) -> pd.DataFrame:
    reliability = scores.reliability
    frame = pd.DataFrame(
        {
            "Run": name,
            "From (%)": 100 * reliability.edges[:-1],
            "To (%)": 100 * reliability.edges[1:],
            "Images": reliability.count,
            "Mean confidence (%)": 100 * reliability.confidence,
            "Accuracy (%)": 100 * reliability.accuracy,
        }
    )
    return frame[frame["Images"] > 0]


@st.cache_resource(max_entries=64, show_spinner=False)
def _correct(directory: str, stamp: tuple[int, ...], _stored: Predictions) -> tuple[np.ndarray, Correction]:  # noqa: ARG001
    correction = correct_temperature(_stored.val_labels, _stored.val_probs, _stored.test_labels, _stored.test_probs)
    return apply_temperature(_stored.test_probs, correction.temperature).astype(np.float32), correction
