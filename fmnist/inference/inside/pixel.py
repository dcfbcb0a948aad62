"""The arithmetic behind one value of a layer: what it reads, times its weights, and what becomes of the sum."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmnist.architectures.operations import AddTo, AverageAll, Connect, Convolve, Pool
from fmnist.inference.inside.network import Activations, OpenNetwork, Values
from fmnist.inference.inside.stages import Stage, pad_before

Manner = Literal["weighted", "maximum", "average", "sum", "product"]


@dataclass(frozen=True, eq=False)
class Term:
    """What one input channel or unit adds: the values that are read, (k, k), the weights there, and their sum.

    Without weights, `weights` is None and `amount` the value itself. Zeros from padding are among the values.
    """

    channel: int
    values: Values
    weights: Values | None
    amount: float


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """How a value comes about.

    The amounts of the `terms`, the largest first, are put together in a `manner`; a weighted sum has a `bias`. Where
    batch normalisation could not be folded into weights, the result is multiplied by `scale` and moved by `shift`. The
    `activation` of that is the `value`, which is read from the network.
    """

    manner: Manner
    terms: tuple[Term, ...]
    bias: float
    scale: float
    shift: float
    activation: str
    value: float

    @property
    def combined(self) -> float:
        """The terms put together, with the bias."""
        amounts = [term.amount for term in self.terms]
        match self.manner:
            case "maximum":
                return max(amounts)
            case "average":
                return float(np.mean(amounts))
            case "product":
                return float(np.prod(amounts))
            case _:
                return sum(amounts) + self.bias

    @property
    def before_activation(self) -> float:
        """The result after normalisation."""
        return self.combined * self.scale + self.shift


def explain_value(
    opened: OpenNetwork, activations: Activations, stage: Stage, channel: int, row: int = 0, column: int = 0
) -> Arithmetic:
    """Return how the value of a channel, or unit, comes about at a position of its map."""
    manner, terms, bias = _collect(opened, activations, stage, channel, row, column)
    scale, shift = read_normalisation(opened, stage)
    output = activations.of(stage)
    value = output[row, column, channel] if output.ndim == 3 else output[channel]
    return Arithmetic(
        manner,
        tuple(sorted(terms, key=lambda term: -abs(term.amount))),
        bias,
        float(scale[channel]),
        float(shift[channel]),
        stage.activation,
        float(value),
    )


def read_normalisation(opened: OpenNetwork, stage: Stage) -> tuple[Values, Values]:
    """Return factor and summand of each channel, where normalisation is an operation of its own; else ones and zeros.

    The operations of activations have no constant for each channel.
    """
    channels = stage.maps.shape[-1]
    scale, shift = np.ones(channels, np.float32), np.zeros(channels, np.float32)
    for node in stage.follows:
        constants = [opened.constant(tensor) for tensor in node.inputs if tensor in opened.graph.constants]
        if node.kind not in ("MUL", "ADD") or len(constants) != 1:
            break
        if node.kind == "MUL":
            scale, shift = scale * constants[0], shift * constants[0]
        else:
            shift = shift + constants[0]
    return scale, shift


def cut_window(values: Values, stage: Stage, row: int, column: int) -> Values:
    """Return what a convolution or pooling reads at a position, (k, k, channels), padded with zeros."""
    operation = stage.operation
    if isinstance(operation, Convolve):
        side, stride = operation.kernel, operation.stride
    elif isinstance(operation, Pool):
        side, stride = operation.size, operation.stride
    else:
        raise TypeError(operation)
    before = pad_before(stage)
    padded = np.pad(values, ((before, side), (before, side), (0, 0)))
    top, left = row * stride, column * stride
    return padded[top : top + side, left : left + side]


def _collect(
    opened: OpenNetwork, activations: Activations, stage: Stage, channel: int, row: int, column: int
) -> tuple[Manner, list[Term], float]:
    values, operation = activations.tensors[stage.input], stage.operation
    if stage.other is not None:
        return _merge(activations, stage, channel, row, column)
    if isinstance(operation, AverageAll):
        return "average", [_alone(place, value) for place, value in enumerate(values[..., channel].ravel())], 0.0
    if isinstance(operation, Pool):
        window = cut_window(values, stage, row, column)[..., channel]
        terms = [_alone(place, value) for place, value in enumerate(window.ravel())]
        return ("maximum" if operation.kind == "max" else "average"), terms, 0.0
    weights = opened.weights(stage)
    if weights is None:
        raise TypeError(operation)
    kernel, bias = weights
    if isinstance(operation, Connect):
        return "weighted", _weigh_units(values.ravel(), kernel[channel]), float(bias[channel])
    window = cut_window(values, stage, row, column)
    if isinstance(operation, Convolve) and operation.width is None:
        term = _weigh(channel, window[..., channel], kernel[0, ..., channel])
        return "weighted", [term], float(bias[channel])
    terms = [_weigh(one, window[..., one], kernel[channel, ..., one]) for one in range(window.shape[-1])]
    return "weighted", terms, float(bias[channel])


def _merge(
    activations: Activations, stage: Stage, channel: int, row: int, column: int
) -> tuple[Manner, list[Term], float]:
    """Return both inputs of a sum or product; the factor of a channel is the same everywhere."""
    terms = []
    for place, tensor in enumerate((stage.input, stage.other)):
        values = activations.tensors[tensor]  # type: ignore[index]
        everywhere = values.shape[0] == 1
        terms.append(_alone(place, values[0 if everywhere else row, 0 if everywhere else column, channel]))
    return ("sum" if isinstance(stage.operation, AddTo) else "product"), terms, 0.0


def _weigh(channel: int, values: Values, weights: Values) -> Term:
    return Term(channel, values, weights, float((values.astype(np.float64) * weights).sum()))


def _weigh_units(values: Values, weights: Values) -> list[Term]:
    return [
        Term(place, value.reshape(1, 1), weight.reshape(1, 1), float(value) * float(weight))
        for place, (value, weight) in enumerate(zip(values, weights, strict=True))
    ]


def _alone(place: int, value: NDArray[np.float32] | np.float32) -> Term:
    return Term(place, np.full((1, 1), value, np.float32), None, float(value))
