"""The layers of a network as data: what each is called, and the range of each of its numbers."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Activation = Literal["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid", "linear"]
Padding = Literal["same", "valid"]
Average = Literal["max", "average"]

Width = Annotated[int, Meta(ge=1, le=512)]
Units = Annotated[int, Meta(ge=1, le=2048)]
Kernel = Annotated[int, Meta(ge=1, le=11)]
Stride = Annotated[int, Meta(ge=1, le=4)]
Size = Annotated[int, Meta(ge=2, le=7)]
Step = Annotated[int, Meta(ge=1, le=7)]
Expansion = Annotated[int, Meta(ge=1, le=8)]
Rate = Annotated[float, Meta(ge=0.0, le=0.95)]


class Convolution(Struct, frozen=True, tag_field="layer", tag="convolution"):
    """A convolution, max-pooling of `pool`×`pool` where that is not 0, batch normalisation, and an activation.

    Pooling before normalising leaves a quarter of the values to normalise. Without normalisation it has a bias.
    """

    width: Width
    kernel: Kernel = 3
    stride: Stride = 1
    padding: Padding = "same"
    pool: Literal[0, 2, 3] = 0
    normalised: bool = True
    activation: Activation = "relu"


class SeparableConvolution(Struct, frozen=True, tag_field="layer", tag="separable"):
    """A depthwise convolution and a 1×1 convolution, each normalised and activated (MobileNet, Howard et al. 2017)."""

    width: Width
    kernel: Kernel = 3
    stride: Stride = 1
    normalised: bool = True
    activation: Activation = "relu"


class Pooling(Struct, frozen=True, tag_field="layer", tag="pooling"):
    """The maximum or average of each window; what does not fill a window at the edges is left out."""

    kind: Average = "max"
    size: Size = 2
    stride: Step = 2


class Residual(Struct, frozen=True, tag_field="layer", tag="residual"):
    """Two normalised convolutions whose input is added to their output before the last activation (He et al. 2016).

    Where the stride or the width changes, the shortcut is a normalised 1×1 convolution.
    """

    width: Width
    kernel: Kernel = 3
    stride: Stride = 1
    activation: Activation = "relu"


class InvertedResidual(Struct, frozen=True, tag_field="layer", tag="inverted_residual"):
    """A 1×1 convolution that widens, a depthwise one, and a 1×1 convolution without activation (Sandler et al. 2018).

    The input is added to the output where both have the same shape. `squeeze` weighs the channels of the depthwise
    convolution (squeeze-and-excitation, Hu et al. 2018), reduced to a quarter of the input's width (EfficientNet).
    """

    width: Width
    expansion: Expansion = 4
    kernel: Kernel = 3
    stride: Stride = 1
    squeeze: bool = False
    activation: Activation = "relu"


class Dropout(Struct, frozen=True, tag_field="layer", tag="dropout"):
    """Set a share of the values to zero in training."""

    rate: Rate


class Flatten(Struct, frozen=True, tag_field="layer", tag="flatten"):
    """Put the values of all positions into one row."""


class GlobalAverage(Struct, frozen=True, tag_field="layer", tag="global_average"):
    """Average each channel over all positions."""


class Dense(Struct, frozen=True, tag_field="layer", tag="dense"):
    """A dense layer; with normalisation it has no bias, as the normalisation has one."""

    units: Units
    normalised: bool = False
    activation: Activation = "relu"


Layer = (
    Convolution
    | SeparableConvolution
    | Pooling
    | Residual
    | InvertedResidual
    | Dropout
    | Flatten
    | GlobalAverage
    | Dense
)
Layers = tuple[Layer, ...]
"""A network without its last layer, which is the same for all: a dense layer of ten with softmax."""
