"""What each layer computes, step by step: shapes, the Keras network and generated code all follow this one list."""

from dataclasses import dataclass
from typing import assert_never

from fmnist.architectures.layers import (
    Average,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    InvertedResidual,
    Layer,
    Padding,
    Pooling,
    Residual,
    SeparableConvolution,
)
from fmnist.dataset import N_CLASSES


@dataclass(frozen=True)
class Convolve:
    """A convolution; without a width, each channel by itself (depthwise)."""

    width: int | None
    kernel: int
    stride: int = 1
    padding: Padding = "same"
    bias: bool = False
    activation: str = "linear"


@dataclass(frozen=True)
class Normalise:
    """Batch normalisation of each channel."""


@dataclass(frozen=True)
class Activate:
    """An activation by its name in Keras."""

    activation: str


@dataclass(frozen=True)
class Pool:
    """The maximum or average of each window."""

    kind: Average
    size: int
    stride: int


@dataclass(frozen=True)
class AverageAll:
    """The average of each channel; `keep` leaves it a map of 1×1."""

    keep: bool = False


@dataclass(frozen=True)
class Unroll:
    """The values of a map in one row."""


@dataclass(frozen=True)
class Drop:
    """Dropout."""

    rate: float


@dataclass(frozen=True)
class Connect:
    """A dense layer."""

    units: int
    bias: bool
    activation: str = "linear"


@dataclass(frozen=True)
class AddTo:
    """The sum of two branches of the same input; a branch without operations is the input itself."""

    branch: "tuple[Operation, ...]"
    shortcut: "tuple[Operation, ...]" = ()


@dataclass(frozen=True)
class Weigh:
    """The input times what the operations make of it, one factor a channel."""

    factors: "tuple[Operation, ...]"


Operation = Convolve | Normalise | Activate | Pool | AverageAll | Unroll | Drop | Connect | AddTo | Weigh
Operations = tuple[Operation, ...]

OUTPUT: Operations = (Connect(N_CLASSES, bias=True, activation="softmax"),)
"""The last layer of every network."""


def list_operations(layer: Layer, width: int) -> Operations:
    """Return what a layer computes on an input of so many channels."""
    match layer:
        case Convolution():
            return _convolution(layer)
        case SeparableConvolution(kernel=kernel, stride=stride):
            depthwise = _unit(None, kernel, stride, layer.normalised, layer.activation)
            return depthwise + _unit(layer.width, 1, 1, layer.normalised, layer.activation)
        case Pooling(kind, size, stride):
            return (Pool(kind, size, stride),)
        case Residual():
            return _residual(layer, width)
        case InvertedResidual():
            return _inverted_residual(layer, width)
        case Dropout(rate):
            return (Drop(rate),)
        case Flatten():
            return (Unroll(),)
        case GlobalAverage():
            return (AverageAll(),)
        case Dense(units, normalised, activation):
            if not normalised:
                return (Connect(units, bias=True, activation=activation),)
            return (Connect(units, bias=False), Normalise(), *_activate(activation))
        case _:
            assert_never(layer)


def _convolution(layer: Convolution) -> Operations:
    kernel, stride, padding = layer.kernel, layer.stride, layer.padding
    if not layer.pool and not layer.normalised:
        return (Convolve(layer.width, kernel, stride, padding, bias=True, activation=layer.activation),)
    pool = (Pool("max", layer.pool, layer.pool),) if layer.pool else ()
    normalise = (Normalise(),) if layer.normalised else ()
    bias = not layer.normalised
    return (Convolve(layer.width, kernel, stride, padding, bias), *pool, *normalise, *_activate(layer.activation))


def _residual(layer: Residual, width: int) -> Operations:
    first = _unit(layer.width, layer.kernel, layer.stride, normalised=True, activation=layer.activation)
    branch = first + _unit(layer.width, layer.kernel)
    same = layer.stride == 1 and layer.width == width
    shortcut = () if same else _unit(layer.width, 1, layer.stride)
    return AddTo(branch, shortcut), *_activate(layer.activation)


def _inverted_residual(layer: InvertedResidual, width: int) -> Operations:
    inner, activation = width * layer.expansion, layer.activation
    widen = _unit(inner, 1, activation=activation) if layer.expansion > 1 else ()
    depthwise = _unit(None, layer.kernel, layer.stride, activation=activation)
    weigh = (_squeeze(max(1, width // 4), inner),) if layer.squeeze else ()
    branch = (*widen, *depthwise, *weigh, *_unit(layer.width, 1))
    return (AddTo(branch),) if layer.stride == 1 and layer.width == width else branch


def _squeeze(reduced: int, width: int) -> Weigh:
    squeeze = Convolve(reduced, 1, bias=True, activation="relu")
    return Weigh((AverageAll(keep=True), squeeze, Convolve(width, 1, bias=True, activation="sigmoid")))


def _unit(
    width: int | None, kernel: int, stride: int = 1, normalised: bool = True, activation: str = "linear"
) -> Operations:
    """Return a convolution with its normalisation, which has a bias of its own, and its activation."""
    if not normalised:
        return (Convolve(width, kernel, stride, bias=True, activation=activation),)
    return (Convolve(width, kernel, stride), Normalise(), *_activate(activation))


def _activate(activation: str) -> Operations:
    return () if activation == "linear" else (Activate(activation),)
