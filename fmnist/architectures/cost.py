"""Count a network's multiply-adds from its layers: `python -m fmnist.architectures.cost ARCHITECTURE…` prints JSON."""

import json
import math
import sys
from collections.abc import Callable

import keras
from keras import layers

from fmnist.architectures.catalogue import get_architecture

_FREE = (
    layers.InputLayer,
    layers.Activation,
    layers.ReLU,
    layers.Dropout,
    layers.BatchNormalization,
    layers.MaxPooling2D,
    layers.AveragePooling2D,
    layers.GlobalAveragePooling2D,
    layers.GlobalMaxPooling2D,
    layers.ZeroPadding2D,
    layers.Flatten,
    layers.Add,
    layers.Concatenate,
)
"""Layers without a product of weights and inputs, which by convention cost no multiply-adds."""


def count_multiply_adds(network: keras.Model) -> int:
    """Count the multiply-adds of the convolutions and dense layers for one image.

    Biases, normalisation, pooling and activations are not counted.

    Raises:
        ValueError: if the network has a layer whose cost is not known here.
    """
    return sum(_count_by_layer(network))


def count_training_multiply_adds(network: keras.Model) -> int:
    """Count the multiply-adds of training on one image: the forward pass and both gradients of each layer.

    The gradients are those of the weights and of the input. The first layer needs no gradient of its input.

    Raises:
        ValueError: if the network has a layer whose cost is not known here.
    """
    counts = _count_by_layer(network)
    return 3 * sum(counts) - next((count for count in counts if count), 0)


def _count_by_layer(network: keras.Model) -> list[int]:
    return [count for layer in network.layers for count in _count_layer(layer)]


def _count_layer(layer: layers.Layer) -> list[int]:
    if isinstance(layer, keras.Model):
        return _count_by_layer(layer)
    if isinstance(layer, _FREE):
        return [0]
    for kind, count in _COUNTS.items():
        if isinstance(layer, kind):
            return [count(layer)]
    raise ValueError(
        f"The cost of layer {layer.name!r} ({type(layer).__name__}) is not known to fmnist.architectures.cost."
    )


def _count_convolution(layer: layers.Layer) -> int:
    return _positions(layer) * math.prod(layer.kernel.shape)


def _count_separable(layer: layers.Layer) -> int:
    return _positions(layer) * sum(math.prod(k.shape) for k in (layer.depthwise_kernel, layer.pointwise_kernel))


def _count_dense(layer: layers.Layer) -> int:
    return math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)


def _positions(layer: layers.Layer) -> int:
    """Return the number of positions of the output map."""
    shape = layer.output.shape[1:]
    return math.prod(shape[:-1] if layer.data_format == "channels_last" else shape[1:])


_COUNTS: dict[type[layers.Layer], Callable[[layers.Layer], int]] = {
    layers.Conv2D: _count_convolution,
    layers.DepthwiseConv2D: _count_convolution,
    layers.SeparableConv2D: _count_separable,
    layers.Dense: _count_dense,
}


if __name__ == "__main__":
    totals = {name: count_training_multiply_adds(get_architecture(name).build()) for name in sys.argv[1:]}
    sys.stdout.write(json.dumps(totals))
