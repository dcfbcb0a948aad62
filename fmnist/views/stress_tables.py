"""All numbers of stress as tables: accuracy by corruption and severity, and confidence by severity."""

from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES
from fmnist.views.parts import Column, Table
from fmnist.views.stress import MEAN, Stress

_NUMBERS = (
    Column("key", machine=True),
    Column("corruption", machine=True),
    Column("Model"),
    Column("Corruption"),
    Column("Group"),
    *(Column(f"Severity {severity} (%)", "%.2f") for severity in SEVERITIES),
    Column("Mean (%)", "%.2f"),
)
_CONFIDENCES = (
    Column("key", machine=True),
    Column("Model"),
    Column("Severity", help="0: unchanged images"),
    Column("Accuracy (%)", "%.2f"),
    Column("Mean confidence (%)", "%.2f"),
    Column("Overconfidence (points)", "%+.2f"),
    Column("Unfamiliar (%)", "%.1f"),
)


def numbers_table(stress: Stress) -> Table:
    """Return the accuracy of every run on every corruption at every severity."""
    rows = [
        [line.key, kind, line.name, CORRUPTIONS[kind].title, CORRUPTIONS[kind].group, *(100 * row), 100 * row.mean()]
        for line in stress.lines
        for kind, row in zip(CORRUPTIONS, line.accuracies, strict=True)
    ]
    return Table(_NUMBERS, rows)


def confidences_table(stress: Stress, kind: str = MEAN) -> Table:
    """Return how sure every run is at each severity of one kind of corruption, or of all, and how often it is right."""
    rows: list[list[object]] = []
    for line in stress.lines:
        for severity in (0, *SEVERITIES):
            accuracy, confidence = line.accuracy(kind, severity).mean, line.confidence(kind, severity)
            unfamiliar = line.unfamiliar(kind, severity)
            known = None if unfamiliar is None else 100 * unfamiliar
            shares = (100 * accuracy, 100 * confidence, 100 * (confidence - accuracy))
            rows.append([line.key, line.name, severity, *shares, known])
    return Table(_CONFIDENCES, rows)
