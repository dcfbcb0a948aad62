"""One HTML file from selected networks: leaderboard, verdicts, curves, confusions, calibration, how they were made."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fmnist.contenders.of_runs import OfRuns
from fmnist.report.document import Document
from fmnist.report.sections import add_calibration, add_confusions, add_curves, add_leaderboard
from fmnist.report.verdicts import Subject, add_factors, add_verdicts
from fmnist.runs.reading import load_predictions
from fmnist.runs.writing import write_file
from fmnist.views.parts import Column, Table


def save_report(networks: Sequence[OfRuns], path: Path) -> int:
    """Write the report, whole or not at all, and return its size in bytes; raises RunError and OSError."""
    data = build_report(networks).encode()
    try:
        write_file(path, data)
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror}.") from error
    return len(data)


def build_report(networks: Sequence[OfRuns]) -> str:
    """Return the report on networks, each with the runs that are to stand for it, as one HTML document.

    Raises:
        RunError: if a run is not finished, or its predictions are damaged.
    """
    subjects = [_read(network) for network in networks]
    subjects.sort(key=lambda subject: -subject.entry.standing.accuracy.mean)
    runs = [run for subject in subjects for run in subject.network.runs]
    document = Document("Fashion-MNIST: classifiers compared", _introduce(len(subjects), len(runs)))
    add_leaderboard(document, [subject.entry for subject in subjects])
    if len(subjects) > 1:
        add_verdicts(document, subjects)
    add_factors(document, subjects)
    add_curves(document, [subject.network for subject in subjects])
    add_confusions(document, subjects)
    add_calibration(document, subjects)
    document.add_section("Configurations")
    _add_settings(document, "Settings of each run", {run.id: asdict(run.config) for run in runs})
    document.add_section("Environment")
    _add_settings(document, "Where each run was trained", {run.id: run.environment for run in runs})
    return document.to_html()


def _read(network: OfRuns) -> Subject:
    return Subject(network, [load_predictions(run) for run in network.runs])


def _introduce(networks: int, runs: int) -> str:
    trained = f"{runs} run{'s' * (runs > 1)}"
    what = trained if runs == networks else f"{networks} network{'s' * (networks > 1)} with {trained}"
    used = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "plotly"))
    written = f"Written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC with FMNIST Lab, Python {platform.python_version()}"
    return f"Results of {what} on the 10,000 test images. {written}, {used}."


def _add_settings(document: Document, caption: str, settings: Mapping[str, Mapping[str, object]]) -> None:
    """Add what is the same for all runs once, and the rest as a table."""
    names = list(dict.fromkeys(name for one in settings.values() for name in one))
    values = {name: [_words(one.get(name)) for one in settings.values()] for name in names}
    shared = {name: column[0] for name, column in values.items() if len(set(column)) == 1}
    different = [name for name in names if name not in shared]
    document.add_text("The same for all:" if different else "All runs alike:")
    document.add_facts(shared)
    if different:
        rows = [[run, *cells] for run, *cells in zip(settings, *(values[name] for name in different), strict=True)]
        document.add_table(caption, Table([Column(name) for name in ("Run", *different)], rows))


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_words(part) for part in value)
    return "–" if value is None else str(value)
