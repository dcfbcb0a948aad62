"""What is the user's own? Runs, imported models and ensembles with their accuracy, and what they take on disk."""

from collections.abc import Sequence

from fmnist.contenders.own import OwnModel
from fmnist.views.parts import Column, Finding, Table
from fmnist.wording import plural

_KINDS = {"run": "Run", "ensemble": "Ensemble", "imported": "Imported"}
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Kind"),
    Column("Test accuracy (%)", "%.2f"),
    Column("On disk", people=True),
    Column("bytes", machine=True),
    Column("Weights"),
    Column("State"),
)


def finding(models: Sequence[OwnModel]) -> Finding:
    """Say how many there are and what they take."""
    if not models:
        return Finding("You have no models of your own yet.")
    taken = disk_size(sum(model.disk_bytes for model in models))
    return Finding(f"You have {plural(len(models), 'model')} of your own: {taken} on disk.")


def table(models: Sequence[OwnModel]) -> Table:
    """Return one row for each, with its key and bytes for machines."""
    return Table(_COLUMNS, [_list_values(model) for model in models])


def disk_size(size: int) -> str:
    """Return bytes as in "340 KB" or "5.1 MB"."""
    return f"{max(1, round(size / 1e3)):,} KB" if size < 1e6 else f"{size / 1e6:,.1f} MB"


def _list_values(model: OwnModel) -> list[str | float | None]:
    weights = "kept" if model.has_weights else "none" if model.kind == "run" else None
    accuracy = None if model.accuracy is None else 100 * model.accuracy
    size = model.disk_bytes
    return [model.key, model.title, _KINDS[model.kind], accuracy, disk_size(size), size, weights, model.state]
