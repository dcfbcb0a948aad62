"""What happens inside a network: layers, the maps of a layer for an image, and what their values rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.architectures.network import Row, describe_shape
from fmnist.architectures.operations import (
    AddTo,
    AverageAll,
    Connect,
    Convolve,
    Pool,
    Weigh,
)
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.inside.network import Activations, OpenNetwork, Values
from fmnist.inference.inside.stages import Stage
from fmnist.jobs.telling import Progress
from fmnist.views.design import short_count
from fmnist.views.design_words import layer_title
from fmnist.views.parts import Badge, Finding
from fmnist.wording import be, plural, shorten, true_minus

ACTIVATIONS = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "leaky_relu": "leaky ReLU", "linear": ""}
NOTE = (
    "Values are read from the served model. Batch normalisation is part of the weights there, so the maps are those "
    "after normalisation and activation. Shares of the time are estimated from multiply-adds; pooling and depthwise "
    "convolutions take longer than that."
)

UNTRAINED = (
    "The weights before training are drawn anew from the run’s seed. "
    "Another version of Keras than the run’s may draw other numbers."
)
NOT_KEPT = "The weights before training are not here yet. TensorFlow draws them from the seed in about 15 seconds:"


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer of the strip: its place, counted from 1, what it costs, and whether it has values of its own."""

    place: int
    row: Row
    stages: tuple[Stage, ...]
    share: float

    @property
    def title(self) -> str:
        """What it is."""
        return layer_title(self.row.layer)

    @property
    def lines(self) -> list[str]:
        """Its shape and costs in words."""
        costs = [plural(self.row.params, "parameter")] if self.row.params else []
        if self.row.multiply_adds:
            costs += [f"{short_count(self.row.multiply_adds)} multiply-adds", f"{100 * self.share:.0f}% of the time"]
        field = [f"sees {min(self.row.receptive_field, 28)} px"] if len(self.row.shape) == 3 else []
        return [describe_shape(self.row.shape), *costs, *field]


@dataclass(frozen=True, eq=False)
class Channels:
    """The values of a stage for an image, (h, w, channels) or (1, 1, units), and its channels by their strength.

    The strength of a channel is the mean of its absolute values; `order` has the strongest first.
    """

    stage: Stage
    values: Values
    strengths: Values
    order: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many channels there are."""
        return len(self.order)

    @property
    def limit(self) -> float:
        """The largest absolute value, which has the strongest colour."""
        return float(np.abs(self.values).max())

    @property
    def signed(self) -> bool:
        """Whether values may lie below zero."""
        return bool((self.values < 0).any())

    @property
    def silent(self) -> int:
        """How many channels are zero everywhere."""
        return int((np.abs(self.values).max(axis=(0, 1)) == 0).sum())

    @property
    def are_maps(self) -> bool:
        """Whether each channel has several positions."""
        return self.values.shape[0] * self.values.shape[1] > 1


def list_layers(opened: OpenNetwork) -> list[Layer]:
    """Return the layers of a network, the output last."""
    total = opened.network.multiply_adds or 1
    return [
        Layer(place, row, stages, row.multiply_adds / total)
        for place, (row, stages) in enumerate(zip(opened.network.rows, opened.stages, strict=True), start=1)
    ]


def rank_channels(activations: Activations, stage: Stage) -> Channels:
    """Return the values of a stage and its channels, the strongest first."""
    values = activations.of(stage)
    values = values.reshape((1, 1, *values.shape)[-3:])
    strengths = np.abs(values).mean(axis=(0, 1))
    return Channels(stage, values, strengths, np.argsort(-strengths, kind="stable"))


def stage_title(stage: Stage) -> str:
    """Say what a stage computes, with its activation."""
    activation = ACTIVATIONS.get(stage.activation, stage.activation)
    return ", ".join([_name(stage), *([activation] if activation else [])])


def finding(title: str, probs: NDArray[np.float32], label: int | None) -> Finding:
    """Say what the network makes of the image; `label` is the true class, where it is known."""
    predicted = int(probs.argmax())
    badges: tuple[Badge, ...] = ()
    if label is not None:
        badges = (Badge(f"True class: {CLASS_NAMES[label]}", "good" if label == predicted else "bad"),)
    return Finding(f"{title}: {CLASS_NAMES[predicted]}", NOTE, badges)


def describe_channels(channels: Channels) -> str:
    """Say how many channels respond to the image, and which one most."""
    noun = "map" if channels.are_maps else "unit"
    strongest = f"{noun} {channels.order[0] + 1}"
    if channels.stage.activation == "relu" and channels.silent:
        return (
            f"{channels.silent} of {plural(channels.count, noun)} stay at zero for this image. Strongest: {strongest}."
        )
    return f"{plural(channels.count, noun)}, the strongest first: {strongest}."


def describe_dead(channels: Channels, active: NDArray[np.int64], images: int) -> str:
    """Say how many channels no image excites; "" where the activation has no zero to stay at."""
    if channels.stage.activation != "relu":
        return ""
    noun, dead = ("map" if channels.are_maps else "unit"), int((active == 0).sum())
    if not dead:
        return f"No {noun} is dead: each is above zero for at least one of {images:,} test images."
    return f"{dead} of {plural(channels.count, noun)} {be(dead)} dead: zero for all {images:,} test images."


def describe_channel(channels: Channels, channel: int) -> str:
    """Return the mean absolute value of a map, or the value of a unit, in words."""
    mean = float(channels.strengths[channel]) if channels.are_maps else float(channels.values[0, 0, channel])
    return number(mean) if mean else "zero"


def number(value: float) -> str:
    """Write a value with three digits and a true minus sign."""
    return true_minus(f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}")


def describe_making(keys: Sequence[str], progress: Progress) -> str:
    """Say how far the making of untrained networks is."""
    of_several = f": {progress.done + 1} of {len(keys)}" if len(keys) > 1 and progress.total else ""
    return f"Drawing the weights before training of {shorten(keys)}{of_several}"


def explain_colors(channels: Channels) -> str:
    """Say what the colours of maps mean."""
    top = f"{channels.limit:.2g}"
    scale = f"Blue is below zero, red above, up to {top}." if channels.signed else f"Black is 0, white {top}."
    return f"{scale} The numbers are the means of absolute values."


def _name(stage: Stage) -> str:
    match stage.operation:
        case Convolve(width=None, kernel=kernel):
            return f"Depthwise convolution {kernel}×{kernel}"
        case Convolve(kernel=kernel):
            return f"Convolution {kernel}×{kernel}"
        case Pool(kind, size):
            return f"{'Max' if kind == 'max' else 'Average'}-pooling {size}×{size}"
        case AverageAll():
            return "Global average"
        case Connect(units):
            return f"Dense, {units}"
        case AddTo():
            return "Sum with the shortcut"
        case Weigh():
            return "Weighted channels"
        case _:
            return ""


def describe_position(channels: Channels, channel: int, row: int, column: int) -> str:
    """Say which value of a map is looked at."""
    value = number(float(channels.values[row, column, channel]))
    return f"Row {row + 1}, column {column + 1} of map {channel + 1}: {value}."
