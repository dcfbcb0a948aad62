"""Run a shipped file on all test images, in its own runtime, and compare its answers with those of its run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from fmnist.evaluation.intervals import Interval
from fmnist.evaluation.significance import compare
from fmnist.export.formats import FORMATS
from fmnist.inference.latency import measure_latency
from fmnist.inference.serving import Classifier
from fmnist.model_files.inputs import Reading
from fmnist.model_files.onnx import OnnxRunner
from fmnist.wording import points, signed_points, span

Verdict = Literal["equivalent", "undecided", "unsuitable"]

_OURS = Reading("28x28x1", "0 to 1")
_BATCH = 500  # images, so that the activations of a large network fit into memory


@dataclass(frozen=True, eq=False)
class Answers:
    """What a file gave for the test images, probabilities (10000, 10), and the median milliseconds of one image."""

    probs: np.ndarray
    latency_ms: float


@dataclass(frozen=True)
class Row:
    """A shipped file with its evidence; accuracies and differences are fractions, `difference` is file − run.

    `max_difference` is the largest difference of a probability to the run's, and `flips` counts the test images whose
    predicted class changes. The interval of the difference has 95%, and `margin` is the one that `verdict` is about.
    """

    format: str
    file: str
    bytes: int
    test_accuracy: float
    max_difference: float
    flips: int
    latency_ms: float
    difference: float
    ci_low: float
    ci_high: float
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


def run_file(path: Path, images: np.ndarray) -> Answers:
    """Run a LiteRT or ONNX file on images, uint8 (n, 28, 28).

    Raises:
        ModelFileError: if LiteRT cannot run it.
        InputError: if ONNX Runtime cannot.
    """
    ask = _open_onnx(path) if path.suffix == ".onnx" else Classifier(path).probs
    probs = np.concatenate([ask(images[start : start + _BATCH]) for start in range(0, len(images), _BATCH)])
    return Answers(probs, measure_latency(lambda: ask(images[:1])).median)


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
        bytes=path.stat().st_size,
        test_accuracy=result.accuracy_a,
        max_difference=float(np.abs(answers.probs - stored).max()),
        flips=int((classes != before).sum()),
        latency_ms=answers.latency_ms,
        difference=result.difference,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        margin=margin,
        verdict=_decide(result.largest_difference, Interval(result.ci_low, result.ci_high), margin),
    )


def _decide(largest: float, interval: Interval, margin: float) -> Verdict:
    if largest < margin:
        return "equivalent"
    return "unsuitable" if interval.high < -margin else "undecided"


def _open_onnx(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    runner = OnnxRunner(path)

    def ask(images: np.ndarray) -> np.ndarray:
        return runner.run(_OURS.arrange(images))

    return ask
