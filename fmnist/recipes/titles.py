"""The settings of a configuration for people: what each is called, and how its value is written."""

from collections.abc import Callable
from typing import Any, NamedTuple

_KEPT = {"best": "best epoch", "last": "last epoch"}


class Setting(NamedTuple):
    """The title of a setting, as in "Weight decay", and how its value is written."""

    title: str
    write: Callable[[Any], str]


def _count(value: int | None) -> str:
    return "none" if value is None else f"{value:,}"


def _number(value: float) -> str:
    return f"{value:g}"


def _share(value: float) -> str:
    return f"{100 * value:g}%"


def _names(value: tuple[str, ...]) -> str:
    return ", ".join(value) or "none"


def _whether(value: bool) -> str:
    return "yes" if value else "no"


SETTINGS: dict[str, Setting] = {
    "epochs": Setting("Most epochs", _count),
    "batch_size": Setting("Batch size", _count),
    "learning_rate": Setting("Learning rate", _number),
    "schedule": Setting("Schedule", str),
    "warmup_epochs": Setting("Warm-up epochs", _count),
    "patience": Setting("Patience", _count),
    "keep": Setting("Weights kept", lambda value: _KEPT[value]),
    "train_limit": Setting("Training images", _count),
    "weight_decay": Setting("Weight decay", _number),
    "label_smoothing": Setting("Label smoothing", _number),
    "average": Setting("Weight averaging", _number),
    "mirror": Setting("Mirroring", _whether),
    "shift": Setting("Shift (px)", _count),
    "erase": Setting("Erasing", _share),
    "drawn": Setting("Drawings", _share),
    "photographed": Setting("Photos", _share),
    "teachers": Setting("Teachers", _names),
    "distil": Setting("Teachers' share", _share),
    "precision": Setting("Precision", str),
    "start_from": Setting("Start from", lambda value: value or "random weights"),
}
"""By field of the configuration; its architecture, recipe and seed have titles of their own."""
