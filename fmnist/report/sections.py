"""The sections of a report: what the pages show of some networks, put into a document."""

from collections.abc import Sequence

from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.calibration import BINS
from fmnist.evaluation.leaderboard import DIGITS, list_results
from fmnist.evaluation.metrics import frequent_confusions
from fmnist.report.document import INK, Document
from fmnist.report.verdicts import Subject
from fmnist.views import calibration, calibration_figure, curves, curves_figure
from fmnist.views.confusion import Look, confusion_figures
from fmnist.views.leaderboard import (
    COSTS,
    Entry,
    accuracy_figure,
    cost_figure,
    describe_accuracies,
    describe_frontier,
)
from fmnist.views.mistake_sentences import cell_name, confusions_sentence
from fmnist.views.parts import Column, Table

_FREQUENT = 5
_MATRIX_SIDE = 460


def add_leaderboard(document: Document, entries: Sequence[Entry]) -> None:
    """Add what the networks reach and cost."""
    document.add_section("Leaderboard")
    rows = [{"Network": entry.name, **list_results(entry.standing)} for entry in entries]
    cells = [[_write(value, DIGITS.get(name, 0)) for name, value in row.items()] for row in rows]
    caption = "Test accuracy and cost; means over runs, of time and latency the median"
    document.add_table(caption, Table([Column(name, "%s") for name in rows[0]], cells))
    cost = COSTS["params"]
    document.add_figures(
        [
            (accuracy_figure(entries), describe_accuracies(entries), "accuracies"),
            (cost_figure(entries, cost), describe_frontier(entries, cost), "accuracy_cost"),
        ]
    )


def _write(value: float | str | None, digits: int) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.{digits}f}"


def add_curves(document: Document, networks: Sequence[OfRuns]) -> None:
    """Add the networks' training curves, the mean where there are several seeds."""
    document.add_section("Training")
    readable = [network for network in networks if curves.has_curve(network)]
    if len(readable) < len(networks):
        missing = [network.title for network in networks if network not in readable]
        document.add_text(f"Without a readable history: {', '.join(missing)}.")
    if not readable:
        return
    traced, options = curves.compute(readable), curves.Options()
    notes = [curves.finding(traced), curves.explain_lines(traced, options), curves.explain_altered(traced)]
    for words in filter(None, notes):
        document.add_text(words)
    drawn = curves_figure.figures(traced, options)
    document.add_drawn((drawn[name], drawn[name].alt) for name in ("loss", "accuracy"))
    document.add_table("The best epoch of each training, by validation loss", curves.table(traced))


def add_confusions(document: Document, subjects: Sequence[Subject]) -> None:
    """Add which classes are mixed up, in words and as matrices."""
    document.add_section("Confusions")
    document.add_text("Counted over all runs of a network together.")
    document.add_list(confusions_sentence([subject.name], [subject.counts]) for subject in subjects)
    named = {subject.name: subject.counts for subject in subjects}
    figures = confusion_figures(named, "row", Look(_MATRIX_SIDE, INK))
    document.add_figures(
        (figure, f"{name}: percent of each true class (recall)", f"confusion_{number}")
        for number, (name, figure) in enumerate(zip(named, figures, strict=True), start=1)
    )
    rows = [
        [subject.name, cell_name(one.true, one.predicted), f"{one.count:,} of {one.support:,}"]
        for subject in subjects
        for one in frequent_confusions(subject.counts, _FREQUENT)
    ]
    head = ["Network", "Confusion", "Images, all runs together"]
    document.add_table(
        f"The {_FREQUENT} most frequent confusions of each", Table([Column(name) for name in head], rows)
    )


def add_calibration(document: Document, subjects: Sequence[Subject]) -> None:
    """Add how far confidences can be trusted, before and after temperature scaling."""
    document.add_section("Calibration")
    runs = [SingleRun(run) for subject in subjects for run in subject.network.runs]
    first = {subject.network.runs[0].id for subject in subjects}
    calibrations = calibration.compute(runs)
    document.add_text(calibration.finding(calibrations))
    drawn = calibration_figure.figures(calibrations.select(first), calibration.Options())
    caption = "Accuracy by confidence, the first run of each network; faint: temperature-scaled"
    document.add_drawn([(drawn["reliability"], caption)])
    caption = f"Temperatures are fitted on validation; expected calibration error over {BINS} bins of equal width"
    document.add_table(caption, calibration.scores_table(calibrations))
