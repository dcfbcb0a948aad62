"""What layers are called on the pages, as in "Convolution 3×3, 48 channels", and what each of their fields does."""

from typing import Any, NamedTuple

from fmnist.architectures.layers import (
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    InvertedResidual,
    Layer,
    Pooling,
    Residual,
    SeparableConvolution,
)

KINDS: dict[type[Layer], tuple[str, str]] = {
    Convolution: ("Convolution", "Finds local patterns. Optional max-pooling and batch normalisation follow it."),
    SeparableConvolution: ("Separable convolution", "A convolution per channel, then a 1×1 convolution. Far cheaper."),
    Residual: ("Residual block", "Two convolutions whose input is added to their output."),
    InvertedResidual: ("Inverted residual block", "Widens, convolves each channel, and narrows: MobileNet's block."),
    Pooling: ("Pooling", "Keeps the maximum or average of each window, so maps get smaller."),
    GlobalAverage: ("Global average", "Averages each channel over the whole map. Dense layers can follow."),
    Flatten: ("Flatten", "Puts all values of the map into one row. Dense layers can follow."),
    Dense: ("Dense", "Connects every input to every unit."),
    Dropout: ("Dropout", "Sets a share of the values to zero in training, against overfitting."),
}
"""Title and description of each kind of layer, in the order in which they are offered."""


class FieldWords(NamedTuple):
    """The title of a field and a sentence on what it does."""

    title: str
    help: str


FIELDS: dict[str, FieldWords] = {
    "width": FieldWords("Channels", "Number of output channels. Multiples of 16 train fastest."),
    "units": FieldWords("Units", "Number of outputs."),
    "kernel": FieldWords("Kernel size", "Side of the window that each output sees."),
    "stride": FieldWords("Stride", "Step between windows. A stride of 2 halves the map."),
    "padding": FieldWords(
        "Padding", "“same” pads with zeros, so only the stride shrinks the map. “valid” does not pad."
    ),
    "pool": FieldWords("Max-pooling", "Pools right after the convolution, before normalisation."),
    "normalised": FieldWords("Batch normalisation", "Normalises each channel. Deep networks train faster with it."),
    "activation": FieldWords("Activation", "The non-linear function at the end. ReLU is the usual choice."),
    "kind": FieldWords("Kind", "Maximum or average of each window."),
    "size": FieldWords("Window", "Side of the window."),
    "expansion": FieldWords("Expansion", "How many times wider the inside of the block is than its input."),
    "squeeze": FieldWords("Squeeze-and-excitation", "Weighs each channel by what the whole map holds."),
    "rate": FieldWords("Rate", "Share of the values that are set to zero in training."),
}


def layer_title(layer: Layer | None) -> str:
    """Return what a layer is, with its sizes; None is the output."""
    match layer:
        case None:
            return "Output, 10 classes"
        case Convolution(width, kernel):
            return f"Convolution {_square(kernel)}, {width}{_stride(layer)}{_pool(layer)}"
        case SeparableConvolution(width, kernel):
            return f"Separable convolution {_square(kernel)}, {width}{_stride(layer)}"
        case Residual(width):
            return f"Residual block, {width}{_stride(layer)}"
        case InvertedResidual(width):
            return f"Inverted residual block, {width}{_stride(layer)}"
        case Pooling(kind, size):
            return f"{'Max' if kind == 'max' else 'Average'}-pooling {_square(size)}"
        case Dense(units):
            return f"Dense, {units:,}"
        case Dropout(rate):
            return f"Dropout, {rate:g}"
        case _:
            return KINDS[type(layer)][0]


def _square(side: int) -> str:
    return f"{side}×{side}"


def _stride(layer: Any) -> str:  # noqa: ANN401
    return f", stride {layer.stride}" if layer.stride > 1 else ""


def _pool(layer: Convolution) -> str:
    return f", pooled {_square(layer.pool)}" if layer.pool else ""
