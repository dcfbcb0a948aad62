"""Single images under stress: which answers flip, what every run says at each severity, and all verdicts on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.robustness import adjust_gains, compare_conditions
from fmnist.evaluation.significance import compare_many
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, UNCHANGED, Condition
from fmnist.views.parts import Column, Finding, Table
from fmnist.views.stress import MEAN, Line, Stress, kind_title
from fmnist.wording import percent, plural

_VERDICTS = (
    Column("key", machine=True),
    Column("Compared with"),
    Column("Difference (points)", "%+.2f"),
    Column("95% CI from", "%+.2f"),
    Column("95% CI to", "%+.2f"),
    Column("p (adjusted)", "%.3f"),
)


@dataclass(frozen=True, eq=False)
class Flips:
    """Images that a run classifies correctly unless they are corrupted, the most confident wrong answers first.

    `positions` (n,) lie in the test set, `predicted` (n,) are the wrong classes, and `confidences` (n,) fractions.
    """

    name: str
    kind: str
    severity: int
    images: int
    positions: np.ndarray
    predicted: np.ndarray
    confidences: np.ndarray


def find_flips(line: Line, kind: str, severity: int) -> Flips:
    """Return the images whose answer flips from right to wrong under a corruption."""
    right, wrong = line.correct(kind, 0)[0], ~line.correct(kind, severity)[0]
    place = line.results.conditions.index(Condition(kind, severity).key)
    classes, confidences = line.results.classes[place], line.results.confidences[place]
    found = np.flatnonzero(right & wrong)
    found = found[np.argsort(-confidences[found].astype(int), kind="stable")]
    return Flips(
        line.name,
        kind,
        severity,
        int(right.sum()),
        line.results.positions[found],
        classes[found],
        confidences[found] / 100,
    )


def describe_flips(flips: Flips) -> str:
    """Say how many of the right answers flip."""
    count = len(flips.positions)
    share = percent(count / max(flips.images, 1), 1)
    where = f"{CORRUPTIONS[flips.kind].title} at severity {flips.severity}"
    return f"{where} turns {plural(count, 'right answer')} of {flips.name} wrong, of {flips.images:,} ({share})."


def answers_table(stress: Stress, kind: str, position: int) -> Table:
    """Return what every run answers to one image at each severity, with its confidence."""
    titles = ["Unchanged", *(f"Severity {severity}" for severity in SEVERITIES)]
    columns = [Column("key", machine=True), Column("Model"), *map(Column, titles)]
    return Table(columns, [[line.key, line.name, *_answers(line, kind, position)] for line in stress.lines])


def _answers(line: Line, kind: str, position: int) -> list[str]:
    (image,) = np.flatnonzero(line.results.positions == position)
    keys = [UNCHANGED.key, *(Condition(kind, severity).key for severity in SEVERITIES)]
    places = [line.results.conditions.index(key) for key in keys]
    told = zip(line.results.classes[places, image], line.results.confidences[places, image], strict=True)
    return [f"{CLASS_NAMES[label]}, {confidence}%" for label, confidence in told]


def compare_with_best(stress: Stress, kind: str, severity: int | None) -> tuple[Finding, Table]:
    """Compare the best run with each other one, on one kind of corruption or all, at one severity or all (None)."""
    correct = {line: _chosen(line, kind, severity) for line in stress.lines}
    best = max(stress.lines, key=lambda line: correct[line].mean())
    others = [line for line in stress.lines if line is not best]
    if kind != MEAN and severity is not None:
        tests = compare_many([(correct[best], correct[line]) for line in others])
        numbers = [(test.difference, test.ci_low, test.ci_high, test.p_value) for test in tests]
        test = "McNemar's exact test; intervals by Bonferroni, p-values by Holm"
    else:
        gains = adjust_gains([compare_conditions(correct[best], correct[line]) for line in others])
        numbers = [(gain.difference, *gain.interval, gain.p_value) for gain in gains]
        test = "Paired t-test over the images, each with its mean; p-values by Holm, intervals of each comparison alone"
    beaten = sum(number[3] <= 0.05 for number in numbers)
    at = "at all severities" if severity is None else f"at severity {severity}"
    headline = (
        f"{best.name} is most accurate ({kind_title(kind)}, {at}), significantly better than {beaten} of {len(others)}."
    )
    details = f"{test}. On the same {stress.images:,} images for all. Single runs: other seeds may differ."
    return Finding(headline, details), Table(
        _VERDICTS, [_row(line, one) for line, one in zip(others, numbers, strict=True)]
    )


def _chosen(line: Line, kind: str, severity: int | None) -> np.ndarray:
    return line.all_correct(kind) if severity is None else line.correct(kind, severity)


def _row(line: Line, numbers: Sequence[float]) -> list[object]:
    difference, low, high, p_value = numbers
    return [line.key, line.name, 100 * difference, 100 * low, 100 * high, p_value]
