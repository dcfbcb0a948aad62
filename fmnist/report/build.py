"""One HTML file on selected contenders: what each view shows of them, and how they were made."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fmnist.contenders.contender import Contender
from fmnist.contenders.of_runs import OfRuns
from fmnist.report import sections
from fmnist.report.document import Document
from fmnist.runs.writing import write_named_file
from fmnist.views import leaderboard
from fmnist.views.parts import Column, Table
from fmnist.wording import plural


def save_report(contenders: Sequence[Contender], path: Path) -> int:
    """Write the report to where the user says and return its size in bytes; raises RunError and OSError."""
    data = build_report(contenders).encode()
    write_named_file(path, data)
    return len(data)


def build_report(contenders: Sequence[Contender]) -> str:
    """Return the report on contenders as one HTML document.

    Raises:
        RunError: if predictions are damaged.
        InputError: if a contender has no predictions.
    """
    board = leaderboard.compute(contenders)
    by_key = {contender.key: contender for contender in contenders}
    ranked = [by_key[row.key] for row in board.rows]
    runs = [run for contender in ranked if isinstance(contender, OfRuns) for run in contender.runs]
    document = Document("Fashion-MNIST: classifiers compared", _introduce(len(ranked), len(runs)))
    sections.add_leaderboard(document, board)
    for add in (
        sections.add_verdicts,
        sections.add_effects,
        sections.add_curves,
        sections.add_confusions,
        sections.add_calibration,
    ):
        add(document, ranked)
    if runs:
        document.add_section("Configurations")
        _add_settings(document, "Settings of each run", {run.id: asdict(run.config) for run in runs})
        document.add_section("Environment")
        _add_settings(document, "Where each run was trained", {run.id: run.environment for run in runs})
    return document.to_html()


def _introduce(networks: int, runs: int) -> str:
    trained = plural(runs, "run")
    what = trained if runs == networks else f"{plural(networks, 'network')} with {trained}"
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
