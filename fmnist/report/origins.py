"""The sections of a report on where its results come from: the models' settings, and where each run was trained."""

from collections.abc import Mapping, Sequence

from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.titles import run_title
from fmnist.report.document import Document
from fmnist.runs.run import ReadableRun
from fmnist.views import settings
from fmnist.views.parts import Column, Table

_REVISION = 12  # characters, with which git finds it
_BESIDE = 8  # models in one table, which then fits on paper
_TITLES = {
    "python": "Python",
    "libraries": "Libraries",
    "git_revision": "Git revision",
    "data_sha256": "SHA-256 of the data",
    "machine": "Machine",
    "devices": "Devices",
    "convolutions": "Convolutions computed in",
}


def add_settings(document: Document, contenders: Sequence[OfRuns]) -> None:
    """Add the settings that all models share, and a table of the others."""
    document.add_section("Settings")
    compared = settings.compute(contenders)
    if compared.shared:
        document.add_text("All models share these settings:")
        document.add_facts(compared.shared)
    for first in range(0, len(contenders), _BESIDE):
        document.add_table("Seeds and other settings", settings.table(compared, first, first + _BESIDE))


def add_environment(document: Document, runs: Sequence[ReadableRun]) -> None:
    """Add what is the same about every run's training once, and the rest as a table."""
    document.add_section("Environment")
    names = list(dict.fromkeys(name for run in runs for name in run.environment))
    values = {name: [_write(name, run.environment.get(name)) for run in runs] for name in names}
    shared = {name: column[0] for name, column in values.items() if len(set(column)) == 1}
    if shared:
        document.add_text("All runs share these:")
        document.add_facts({_TITLES.get(name, name): value for name, value in shared.items()})
    different = {_TITLES.get(name, name): column for name, column in values.items() if name not in shared}
    columns = [Column(title) for title in ("Run", "Key", *different)]
    rows = list(zip(map(run_title, runs), (run.id for run in runs), *different.values(), strict=True))
    document.add_table("Runs", Table(columns, rows))


def _write(name: str, value: object) -> str:
    return _words(value)[:_REVISION] if name == "git_revision" else _words(value)


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_words(part) for part in value)
    return "–" if value is None else str(value)
