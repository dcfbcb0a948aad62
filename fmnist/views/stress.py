"""When does a model break? Accuracy on corrupted test images, by kind and severity, and what a recipe gained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from fmnist.contenders.arrays import stress_of
from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import distinct_titles
from fmnist.evaluation.robustness import Accuracy, corruption_errors, summarise_conditions
from fmnist.jobs.telling import Progress
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, ReadableRun, RunError
from fmnist.runs.stress import StressResults
from fmnist.stress.catalogue import (
    CORRUPTIONS,
    DEFINITION,
    SEVERITIES,
    SWEEPS,
    Condition,
    Sweep,
    list_corrupted,
    list_swept,
)
from fmnist.stress.limits import IMAGES
from fmnist.wording import shorten

BASELINE = "basic_cnn", "textbook"  # architecture and recipe that the mean corruption error is relative to
MEAN = "mean"  # stands for all kinds of corruption together

_PICTURES_SECONDS = 60.0  # in which the pictures are made


@dataclass(frozen=True)
class Options:
    """What the heat map shows: accuracy, or errors relative to the baseline; at one severity, or their mean (None)."""

    unit: Literal["accuracy", "error"] = "accuracy"
    severity: int | None = None

    @property
    def when(self) -> str:
        """The severities in words."""
        return "mean over all severities" if self.severity is None else f"at severity {self.severity}"


@dataclass(frozen=True, eq=False)
class Line:
    """One run's answers to the first `images` of its changed test images, with its key, name and look.

    `mirrored` says whether it was trained on mirrored images, too.
    """

    key: str
    name: str
    look: Look
    results: StressResults
    images: int
    architecture: str
    recipe: str
    mirrored: bool

    def correct(self, kind: str, severity: int) -> np.ndarray:
        """Return which images are classified correctly, bool (kinds, n): one row, or all kinds; severity 0 is clean."""
        answers = self.results.classes[self._places(kind, severity), : self.images]
        return np.asarray(answers == self.results.labels[: self.images])

    def all_correct(self, kind: str = MEAN) -> np.ndarray:
        """Return the same at every severity, bool (kinds × severities, n)."""
        return np.concatenate([self.correct(kind, severity) for severity in SEVERITIES])

    def accuracy(self, kind: str, severity: int) -> Accuracy:
        """Return the accuracy on one kind of corruption, or its mean over all."""
        return summarise_conditions(self.correct(kind, severity))

    def accuracy_of_all(self) -> Accuracy:
        """Return the mean accuracy over all corruptions and severities."""
        return summarise_conditions(self.all_correct())

    def confidence(self, kind: str, severity: int) -> float:
        """Return the mean confidence, a fraction, on one kind of corruption or on all."""
        return float(self.results.confidences[self._places(kind, severity), : self.images].mean()) / 100

    def unfamiliar(self, kind: str, severity: int) -> float | None:
        """Return the share of images that are unlike the training images; None where that is not known."""
        known = self.results.unfamiliar
        if not known.shape[1]:
            return None
        return float(known[self._places(kind, severity), : self.images].mean())

    def swept(self, sweep: Sweep) -> list[Accuracy]:
        """Return the accuracy at each value of a sweep, on as many of the images as it has."""
        return [
            summarise_conditions(self.results.correct(Condition(sweep.key, value).key)[: self.images])
            for value in sweep.values
        ]

    @property
    def mirror_loss(self) -> float:
        """By how much the accuracy falls where the images are mirrored left to right."""
        unchanged, mirrored = self.swept(SWEEPS["mirror"])[:2]
        return unchanged.mean - mirrored.mean

    @property
    def clean(self) -> float:
        """The accuracy on the unchanged images."""
        return float(self.correct(MEAN, 0).mean())

    @property
    def accuracies(self) -> np.ndarray:
        """The accuracy by kind and severity, (kinds, severities)."""
        return np.array([[self.correct(kind, severity).mean() for severity in SEVERITIES] for kind in CORRUPTIONS])

    def _places(self, kind: str, severity: int) -> list[int]:
        """Return the rows of one kind of corruption, or of all, at a severity; severity 0 is the unchanged images."""
        if severity == 0:
            return [0]
        kinds = CORRUPTIONS if kind == MEAN else [kind]
        return [self.results.conditions.index(Condition(one, severity).key) for one in kinds]


@dataclass(frozen=True, eq=False)
class Stress:
    """Several runs on the same changed images, and the run that the mean corruption error is relative to, if any."""

    lines: Sequence[Line]
    baseline: Line | None

    @property
    def images(self) -> int:
        """How many test images were changed."""
        return self.lines[0].images

    def mean_corruption_error(self, line: Line) -> float | None:
        """Return a run's errors relative to the baseline's, 1 for equally many; None without a baseline."""
        if self.baseline is None:
            return None
        return float(corruption_errors(line.accuracies, self.baseline.accuracies).mean())


def kind_title(kind: str) -> str:
    """Return what one kind of corruption is called, or all of them together."""
    return "all corruptions" if kind == MEAN else CORRUPTIONS[kind].title


def measured_results(contender: Contender) -> StressResults | None:
    """Return a contender's answers under stress; None where there are none that can be used."""
    if not isinstance(contender, SingleRun):
        return None
    return results_of(contender.run)


def results_of(run: ReadableRun) -> StressResults | None:
    """Return a run's answers under stress; None where there are none that can be used."""
    try:
        results = stress_of(run)
    except RunError:
        return None
    return results if results is not None and results.definition == DEFINITION else None


def compute(contenders: Sequence[Contender]) -> Stress:
    """Collect what contenders answered under stress, on the images that all of them have answered to.

    Raises:
        ValueError: unless all are runs that have been measured.
    """
    found = [(one, measured_results(one)) for one in contenders]
    measured = [(one, results) for one, results in found if isinstance(one, SingleRun) and results is not None]
    if not measured or len(measured) < len(found):
        raise ValueError("All must be runs that have been measured under stress.")
    baseline = find_baseline()
    known = [*measured, (baseline, measured_results(baseline))] if baseline else measured
    images = min(len(results.positions) for _, results in known if results is not None)
    names = distinct_titles(contenders), distinct_looks(contenders)
    lines = [
        _line(one, name, look, results, images) for (one, results), name, look in zip(measured, *names, strict=True)
    ]
    first = None if baseline is None else _baseline_line(baseline, images)
    return Stress(lines, first)


def find_baseline() -> SingleRun | None:
    """Return the run that the mean corruption error is relative to: the first measured one of Basic CNN (textbook)."""
    runs = [run for run in list_runs() if isinstance(run, CompleteRun)]
    candidates = (run for run in runs if (run.config.model, run.config.recipe) == BASELINE)
    return next((SingleRun(run) for run in candidates if results_of(run) is not None), None)


def list_rows(results: StressResults) -> list[dict[str, Any]]:
    """Return one row for each corruption and severity, for programs."""
    rows = []
    for kind in CORRUPTIONS:
        for severity in SEVERITIES:
            correct = results.correct(Condition(kind, severity).key)
            found = summarise_conditions(correct)
            row = {"corruption": kind, "severity": severity, "accuracy": found.mean, "interval": list(found.interval)}
            rows.append({**row, "n": len(correct)})
    return rows


def _baseline_line(run: SingleRun, images: int) -> Line:
    results = measured_results(run)
    if results is None:
        raise ValueError(f"{run.title} has not been measured.")
    return _line(run, run.title, run.look, results, images)


def _line(one: SingleRun, name: str, look: Look, results: StressResults, images: int) -> Line:
    config = one.run.config
    return Line(one.key, name, look, results, images, one.architecture, one.recipe, config.mirror)


def estimate_seconds(runs: Sequence[ReadableRun]) -> float:
    """Return about how long a measurement takes on one core, from the runs' latencies when they were trained."""
    latency = sum(run.evaluation.latency_ms for run in runs if isinstance(run, CompleteRun))
    pictures = IMAGES * len(list_corrupted()) + len(list_swept()) * IMAGES / 2
    return _PICTURES_SECONDS + 2 * pictures * latency / 1000  # a machine that also serves pages is slower


def describe_measuring(keys: Sequence[str], progress: Progress) -> str:
    """Say how far a measurement is."""
    if not progress.total:
        return f"{shorten(keys)}: preparing"
    return f"{shorten(keys)}: {progress.done} of {progress.total} ways to change the images"
