"""Run a shipped file on all test images, in its own runtime, and compare its answers with those of its run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from fmnist.evaluation.intervals import Interval
from fmnist.evaluation.significance import compare
from fmnist.export.formats import FORMATS
from fmnist.export.measuring import Measured
from fmnist.export.processes import follow_module
from fmnist.wording import points, signed_points, span

Verdict = Literal["equivalent", "undecided", "unsuitable"]

MEASURE = "fmnist.export.measuring"


@dataclass(frozen=True, eq=False)
class Answers:
    """What a file gave for the test images, probabilities (10000, 10), and what it takes."""

    probs: np.ndarray
    measured: Measured


@dataclass(frozen=True)
class Row:
    """A shipped file with its evidence; accuracies and differences are fractions, `difference` is file − run.

    `max_difference` is the largest difference of a probability to the run's, and `flips` counts the test images whose
    predicted class changes. Times and memory are those of `Measured`. The interval of the difference has 95%,
    `largest_difference` bounds its size with 95% confidence, and `margin` is the one that `verdict` is about.
    """

    format: str
    file: str
    bytes: int
    test_accuracy: float
    max_difference: float
    flips: int
    latency_ms: float
    latency_p99_ms: float
    batch_ms: float
    batch_p99_ms: float
    peak_bytes: int | None
    load_ms: float
    difference: float
    ci_low: float
    ci_high: float
    largest_difference: float
    margin: float
    verdict: Verdict

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        within = f"within {points(self.margin)} points"
        if self.verdict == "equivalent":
            return f"Equivalent to its run {within}."
        interval = f"95% CI {span(self.ci_low, self.ci_high)}"
        if self.verdict == "unsuitable":
            return f"Unsuitable: it loses {points(-self.difference)} points ({interval}). Ship another format."
        return f"Not shown to be equivalent {within}: {signed_points(self.difference)} points ({interval})."

    def within(self, margin: float) -> "Row":
        """Return the same row with the verdict for another margin, a fraction."""
        verdict = _decide(self.largest_difference, Interval(self.ci_low, self.ci_high), margin)
        return replace(self, margin=margin, verdict=verdict)


def run_file(key: str, path: Path, images: Path, tell: Callable[[int], None]) -> Answers:
    """Run the file of a format on the images in an `.npy` file, in a process of its own.

    `tell` hears how many images are done.

    Raises:
        RunError: if the file cannot be run.
    """
    out, said = path.with_name(f"{path.name}.probs.npy"), {}
    for said in follow_module(MEASURE, key, str(path), str(images), str(out)):
        if "done" in said:
            tell(int(said["done"]))
    return Answers(np.load(out), Measured(**said))


def judge(key: str, path: Path, answers: Answers, labels: np.ndarray, stored: np.ndarray, margin: float) -> Row:
    """Compare a file's answers with the run's stored probabilities (n, 10), on the same images.

    Two one-sided tests decide on equivalence. A file is unsuitable if even the better end of the interval of its
    difference lies below the margin.
    """
    classes, before = answers.probs.argmax(axis=1), stored.argmax(axis=1)
    result = compare(classes == labels, before == labels)
    return Row(
        format=key,
        file=FORMATS[key].file,
        bytes=count_bytes(path),
        test_accuracy=result.accuracy_a,
        max_difference=float(np.abs(answers.probs - stored).max()),
        flips=int((classes != before).sum()),
        **asdict(answers.measured),
        difference=result.difference,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        largest_difference=result.largest_difference,
        margin=margin,
        verdict=_decide(result.largest_difference, Interval(result.ci_low, result.ci_high), margin),
    )


def _decide(largest: float, interval: Interval, margin: float) -> Verdict:
    if largest < margin:
        return "equivalent"
    return "unsuitable" if interval.high < -margin else "undecided"


def count_bytes(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    return sum(part.stat().st_size for part in [path, *path.rglob("*")] if part.is_file())
