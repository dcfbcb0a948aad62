"""What is the user's own? Runs, imported models and ensembles with their accuracy, and what they take on disk."""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.own import OwnModel
from fmnist.views.parts import Column, Finding, Table
from fmnist.wording import percent, plural

_KINDS = {"run": "Run", "ensemble": "Ensemble", "mirrored": "Mirrored", "imported": "Imported"}
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Kind"),
    Column("Test accuracy (%)", "%.2f"),
    Column("On disk", people=True),
    Column("bytes", machine=True),
    Column("Weights"),
    Column("State"),
    Column("Tags"),
    Column("Hidden", machine=True),
)


@dataclass(frozen=True)
class Described:
    """A model of the user's in words; what is not known or does not apply is empty."""

    title: str
    kind: str
    accuracy: str
    size: str
    weights: str
    state: str
    tags: tuple[str, ...]


def describe(model: OwnModel) -> Described:
    """Return a model in words."""
    weights = "with weights" if model.has_weights else "no weights" if model.kind == "run" else ""
    accuracy = "" if model.accuracy is None else percent(model.accuracy)
    state = "hidden" if model.mark.hidden else "" if model.state == "ready" else model.state
    kind, size = _KINDS[model.kind], disk_size(model.disk_bytes)
    return Described(model.title, kind, accuracy, size, weights, state, model.mark.tags)


def finding(models: Sequence[OwnModel]) -> Finding:
    """Say how many there are and what they take."""
    if not models:
        return Finding("You have no models of your own yet.")
    taken = disk_size(sum(model.disk_bytes for model in models))
    return Finding(f"You have {plural(len(models), 'model')} of your own: {taken} on disk.")


def list_tags(models: Sequence[OwnModel]) -> list[str]:
    """Return the tags of models, in the order of the alphabet."""
    return sorted({tag for model in models for tag in model.mark.tags})


def choose(models: Sequence[OwnModel], tags: Sequence[str], *, hidden: bool) -> list[OwnModel]:
    """Return the models that have all of some tags; those that are hidden only where they are asked for."""
    return [one for one in models if set(tags) <= set(one.mark.tags) and (hidden or not one.mark.hidden)]


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
    known = [model.key, model.title, _KINDS[model.kind], accuracy, disk_size(size), size, weights, model.state]
    return [*known, ", ".join(model.mark.tags) or None, "yes" if model.mark.hidden else "no"]
