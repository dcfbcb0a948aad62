"""What the settings that a search varies are called, and how their values and its measure are written."""

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.recipes.titles import SETTINGS
from fmnist.search.records import StudyRecord
from fmnist.search.space import ARCHITECTURE, Value
from fmnist.views.design_words import FIELDS
from fmnist.wording import percent, sentence, true_minus

_SHARED = {
    ARCHITECTURE: "Architecture",
    "dropout": "Dropout",
    "width": "Width factor",
    "kernel": "Kernel",
    "activation": "Activation",
    "normalised": "Batch normalisation",
}


def name_setting(name: str) -> str:
    """Return what a setting is called, as in "Learning rate" or "Layer 8 rate"."""
    if name in SETTINGS:
        return SETTINGS[name].title
    place, _, field = name.partition(".")
    if place.isdecimal() and field in FIELDS:
        return f"Layer {place}: {FIELDS[field][0].lower()}"
    return _SHARED.get(name, name)


def write_value(name: str, value: Value) -> str:
    """Return a value as people read it: at most three digits of a number."""
    if name == ARCHITECTURE and value in ARCHITECTURES:
        return ARCHITECTURES[str(value)].title
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return true_minus(f"{value:.3g}") if isinstance(value, float) else value


def name_measure(record: StudyRecord) -> str:
    """Return what a study is chosen by."""
    if record.space is None:
        return "objective value"
    return "validation loss" if record.measure == "loss" else "validation accuracy"


def write_measure(record: StudyRecord, value: float) -> str:
    """Return a value of the measure: a loss with four digits, an accuracy in percent."""
    return true_minus(f"{value:.4f}") if scale_measure(record) == 1 else percent(value)


def axis_title(record: StudyRecord) -> str:
    """Return the title of an axis of the measure."""
    return f"{sentence(name_measure(record))}{'' if scale_measure(record) == 1 else ' (%)'}"


def scale_measure(record: StudyRecord) -> float:
    """Return by what values of the measure are multiplied where they are drawn."""
    return 1.0 if record.measure == "loss" or record.space is None else 100.0
