"""The settings of a recipe that a user may change: the range of each, and a sentence on what it does."""

from typing import NamedTuple


class Numeric(NamedTuple):
    """A number from `low` to `high`, a whole one where they are; `step` is what a click adds."""

    low: float
    high: float
    step: float
    help: str


class Choice(NamedTuple):
    """One of some values, each with its title."""

    titles: dict[str, str]
    help: str


class Runs(NamedTuple):
    """Some runs that have weights, by key."""

    help: str


class OneRun(NamedTuple):
    """A run that has weights, by key, or none."""

    help: str


Field = Numeric | Choice | Runs | OneRun
Value = float | str | bool | tuple[str, ...]

NONE = "none"
"""What stands for no run in a text."""

FIELDS: dict[str, Field] = {
    "epochs": Numeric(1, 1000, 1, "Maximum number of passes over the training images."),
    "batch_size": Numeric(1, 4096, 1, "Images per step. Larger batches are faster and need more memory."),
    "learning_rate": Numeric(1e-6, 1.0, 1e-4, "Size of the steps. Too high diverges, too low learns slowly."),
    "schedule": Choice(
        {"constant": "Constant", "cosine": "Cosine decay"},
        "Whether the learning rate stays, or falls to zero along a cosine.",
    ),
    "warmup_epochs": Numeric(0, 999, 1, "Epochs in which the learning rate rises. Must be fewer than the epochs."),
    "patience": Numeric(0, 1000, 1, "Epochs without a lower validation loss that end the training. 0: never."),
    "keep": Choice(
        {"best": "Best epoch", "last": "Last epoch"},
        "Which weights are kept: those with the lowest validation loss, or the last ones.",
    ),
    "weight_decay": Numeric(0.0, 1.0, 0.01, "Shrinks weights at each step, against overfitting (AdamW). 0: Adam."),
    "label_smoothing": Numeric(0.0, 0.9, 0.05, "Share of each label that is spread over all classes."),
    "average": Numeric(
        0.0, 0.9999, 0.001, "Momentum of the weights' moving average. 0: none. Requires keeping the last epoch."
    ),
    "mirror": Choice({"true": "On", "false": "Off"}, "Mirrors half of the training images."),
    "shift": Numeric(0, 27, 1, "Shifts images by up to this many pixels."),
    "erase": Numeric(0.0, 1.0, 0.05, "Share of the images with an erased rectangle."),
    "drawn": Numeric(0.0, 1.0, 0.05, "Share of the images turned into drawings."),
    "photographed": Numeric(0.0, 1.0, 0.05, "Share of the images turned into photos."),
    "teachers": Runs("Runs whose mean answer to each image is learned. Requires a teachers' share above 0."),
    "distil": Numeric(0.0, 1.0, 0.05, "Share of each target that is the teachers' answer. The rest is the label."),
    "start_from": OneRun("Run of the same architecture whose weights the training starts from, to fine-tune them."),
    "precision": Choice(
        {"auto": "Automatic", "float32": "float32"},
        "Automatic: convolutions in bfloat16 where the processor has it, which is faster.",
    ),
}
"""By field of the configuration, in the order in which they are offered; 0 stands for no patience."""


KEEP_EPOCHS = "Keeps the validation probabilities of each epoch, 100 kB each, for “Epoch by epoch” on Curves."
"""What it means to keep each epoch, which is no setting: it changes nothing of the training."""


def read_setting(name: str, text: str) -> Value:
    """Return the value of a field from its text: a number, a choice, on or off, or runs with commas between them.

    Raises:
        ValueError: if it is no number, or none of the choices.
    """
    field = FIELDS[name]
    if isinstance(field, Runs):
        return () if text == NONE else tuple(text.split(","))
    if isinstance(field, OneRun):
        return "" if text == NONE else text
    if isinstance(field, Numeric):
        return _read_number(text, int if isinstance(field.low, int) else float)
    if text not in field.titles:
        raise ValueError(f"{text!r} is none of {', '.join(field.titles)}")
    return {"true": True, "false": False}.get(text, text)


def _read_number(text: str, kind: type[int] | type[float]) -> float:
    try:
        return kind(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no {'whole ' if kind is int else ''}number") from error


def write_setting(value: Value | None) -> str:
    """Return the text of a value that `read_setting` reads; no patience is 0."""
    if isinstance(value, tuple):
        return ",".join(value) or NONE
    if value == "":
        return NONE
    return "0" if value is None else str(value).lower()
