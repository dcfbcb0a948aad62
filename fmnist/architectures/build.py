"""Build the Keras network of any layers."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, assert_never

import keras
from keras import layers as of_keras

from fmnist.architectures.layers import Layers
from fmnist.architectures.operations import (
    Activate,
    AddTo,
    AverageAll,
    Connect,
    Convolve,
    Drop,
    Normalise,
    Operation,
    Operations,
    Pool,
    Unroll,
    Weigh,
)
from fmnist.architectures.shapes import IMAGE, trace_complete

_Step = Callable[[Any], Any]
"""A Keras layer, or a function that applies several: it maps one Keras tensor to another."""


def build_network(layers: Layers, name: str) -> keras.Model:
    """Build the untrained network: it maps float32 (n, 28, 28, 1) in [0, 1] to softmax probabilities (n, 10).

    Raises:
        InputError: if a layer does not fit its input.
    """
    operations = [operation for row in trace_complete(layers).rows for operation in row.operations]
    steps = _list_steps(operations)
    if all(isinstance(step, of_keras.Layer) for step in steps):
        return keras.Sequential([keras.Input(IMAGE), *steps], name=name)
    image = keras.Input(IMAGE)
    return keras.Model(image, _chain(steps, image), name=name)


def _list_steps(operations: Sequence[Operation]) -> list[_Step]:
    return [_step(operation) for operation in operations]


def _step(operation: Operation) -> _Step:
    match operation:
        case Convolve():
            return _convolution(operation)
        case Normalise():
            return of_keras.BatchNormalization()
        case Activate(activation):
            return of_keras.Activation(activation)
        case Pool(kind, size, stride):
            pooling = of_keras.MaxPooling2D if kind == "max" else of_keras.AveragePooling2D
            return pooling(size, stride)
        case AverageAll(keep):
            return of_keras.GlobalAveragePooling2D(keepdims=keep)
        case Unroll():
            return of_keras.Flatten()
        case Drop(rate):
            return of_keras.Dropout(rate)
        case Connect(units, bias, activation):
            return of_keras.Dense(units, activation, use_bias=bias)
        case AddTo(branch, shortcut):
            return lambda maps: of_keras.Add()([_apply(branch, maps), _apply(shortcut, maps)])
        case Weigh(factors):
            return lambda maps: of_keras.Multiply()([maps, _apply(factors, maps)])
        case _:
            assert_never(operation)


def _convolution(operation: Convolve) -> of_keras.Layer:
    settings = {
        "kernel_size": operation.kernel,
        "strides": operation.stride,
        "padding": operation.padding,
        "activation": operation.activation,
        "use_bias": operation.bias,
    }
    if operation.width is None:
        return of_keras.DepthwiseConv2D(**settings)
    return of_keras.Conv2D(operation.width, **settings)


def _apply(operations: Operations, maps: Any) -> Any:  # noqa: ANN401
    return _chain(_list_steps(operations), maps)


def _chain(steps: Sequence[_Step], maps: Any) -> Any:  # noqa: ANN401
    return reduce(lambda reached, step: step(reached), steps, maps)
