"""What does a designed network look like, and what does it cost? Shapes, costs and problems, layer by layer."""

from dataclasses import dataclass

from fmnist.architectures.layers import Layers
from fmnist.architectures.limits import (
    MOST_ACTIVATION_BYTES,
    MOST_LAYERS,
    MOST_MULTIPLY_ADDS,
    MOST_PARAMS,
    describe_excess,
)
from fmnist.architectures.network import Network, Row, describe_shape
from fmnist.architectures.shapes import trace
from fmnist.dataset import IMAGE_SHAPE
from fmnist.views.design_words import layer_title
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.wording import plural

LIMITS = (
    f"A design has at most {MOST_LAYERS} layers, {MOST_PARAMS / 1e6:.0f} million parameters, "
    f"{MOST_MULTIPLY_ADDS / 1e6:.0f} million multiply-adds and {MOST_ACTIVATION_BYTES / 1e6:.0f} MB of activations. "
    "That protects this machine."
)
NOTE = (
    "Multiply-adds count convolutions and dense layers, for one image. Activations are float32 outputs of all "
    "operations, for one image. The receptive field ignores squeeze-and-excitation and can exceed the image."
)
_COLUMNS = (
    Column("No."),
    Column("Layer"),
    Column("Output"),
    Column("Parameters", "localized"),
    Column("Multiply-adds", "localized", "For one image"),
    Column("Activations (kB)", "%.1f", "Memory of the outputs for one image, float32"),
    Column("Receptive field (px)", "localized", "Side of the square of the image that one output value depends on"),
)


@dataclass(frozen=True)
class Design:
    """Layers, and what follows from them as far as they fit."""

    layers: Layers
    network: Network

    @property
    def problem(self) -> str:
        """Why it cannot be trained, and what to do; "" where it can be."""
        if len(self.layers) > MOST_LAYERS:
            return f"{len(self.layers)} layers; at most {MOST_LAYERS} are allowed. Remove some."
        return self.network.problem or describe_excess(self.network)


def compute(layers: Layers) -> Design:
    """Follow an image through the layers."""
    return Design(layers, trace(layers))


def finding(design: Design) -> Finding:
    """Say how large the network is, or what is wrong with it and where."""
    network = design.network
    if design.problem:
        said, _, advice = design.problem.partition(". ")
        return Finding(f"{_place(design)}{said}.", advice)
    headline = f"{network.params:,} parameters, {short_count(network.multiply_adds)} multiply-adds"
    return Finding(headline, NOTE, cards=_list_cards(network))


def table(design: Design) -> Table:
    """Return the layers that fit, with shape and costs."""
    rows = [
        [
            place,
            layer_title(row.layer),
            describe_shape(row.shape),
            row.params,
            row.multiply_adds,
            row.activation_bytes / 1e3,
            row.receptive_field,
        ]
        for place, row in enumerate(design.network.rows, start=1)
    ]
    return Table(_COLUMNS, rows)


def describe_layers(design: Design) -> list[str]:
    """Say of each layer what it leaves and costs, or that it does not fit or cannot be reached."""
    rows = design.network.rows
    said = [_describe(row) for row in rows[: len(design.layers)]]
    if len(said) < len(design.layers):
        said.append(f":red[{design.network.problem}]")
    return said + [""] * (len(design.layers) - len(said))


def short_count(count: int) -> str:
    """Return a count in short, as in "34.3 million" or "109,184"."""
    return f"{count / 1e6:,.1f} million" if count >= 1e6 else f"{count:,}"


def _describe(row: Row) -> str:
    costs = [plural(row.params, "parameter")] if row.params else []
    costs += [f"{short_count(row.multiply_adds)} multiply-adds"] if row.multiply_adds else []
    return " · ".join([describe_shape(row.shape), *costs])


def _place(design: Design) -> str:
    """Say at which layer the problem is, where it is that of one layer."""
    place = len(design.network.rows)
    if not design.network.problem or place == len(design.layers):
        return ""
    return f"Layer {place + 1}: "


def _list_cards(network: Network) -> tuple[Card, ...]:
    last_map = next((row for row in reversed(network.rows) if len(row.shape) == 3), None)
    side = IMAGE_SHAPE[0]
    field = last_map.receptive_field if last_map else side
    names = [layer_title(row.layer) for row in sorted(network.rows, key=lambda row: -row.params)]
    return (
        Card(
            "Receptive field",
            f"{field} px",
            "the whole image" if field >= side else f"of {side} px",
            "Side of the square that one value of the last map depends on",
        ),
        Card(
            "Activations",
            f"{network.activation_bytes / 1e3:,.0f} kB",
            "per image",
            "Memory of all outputs in training, times the batch size",
        ),
        Card("Most parameters", f"{max(row.params for row in network.rows) / network.params:.0%}", names[0]),
    )
