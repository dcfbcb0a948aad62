"""Shapes, parameters, multiply-adds, memory and receptive field of each layer, computed without TensorFlow."""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import assert_never

from fmnist.architectures.layers import Layers
from fmnist.architectures.network import Maps, Network, Row, Shape, Step
from fmnist.architectures.operations import (
    OUTPUT,
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
    list_operations,
)
from fmnist.dataset import IMAGE_SHAPE
from fmnist.errors import InputError

IMAGE: Shape = (*IMAGE_SHAPE, 1)
_NORMALISATION = 4  # values a channel: scale, shift, and the averages of mean and variance


class MisfitError(InputError):
    """A layer does not fit its input; the message says why and what to do."""


@lru_cache(maxsize=500)  # one takes up to 100 kB
def trace(layers: Layers, image: Shape = IMAGE) -> Network:
    """Follow an image through the layers and the output, as far as they fit."""
    rows: list[Row] = []
    maps = Maps(image)
    for layer in (*layers, None):
        operations = list_operations(layer, maps.shape[-1]) if layer else OUTPUT
        try:
            steps = tuple(_follow(operations, maps))
        except MisfitError as misfit:
            return Network(tuple(rows), str(misfit))
        rows.append(Row(layer, operations, steps, maps))
        maps = rows[-1].output
    return Network(tuple(rows))


def trace_complete(layers: Layers) -> Network:
    """Follow an image through layers that fit.

    Raises:
        InputError: if one does not; the message names its position, counted from 1.
    """
    network = trace(layers)
    if network.problem:
        position = len(network.rows)
        where = f"Layer {position + 1}" if position < len(layers) else "The output"
        raise InputError(f"{where}: {network.problem}")
    return network


def follow(operation: Operation, maps: Maps) -> Maps:
    """Return what an operation makes of maps. Raises MisfitError if they do not fit it."""
    *_, last = _measure(operation, maps)
    return last.output


def _follow(operations: Operations, maps: Maps) -> Iterator[Step]:
    """Yield each step, those of a branch before the one that puts branches together."""
    for operation in operations:
        for step in _measure(operation, maps):
            yield step
        maps = step.output


def _measure(operation: Operation, maps: Maps) -> Iterator[Step]:
    match operation:
        case Convolve():
            yield _convolve(operation, maps)
        case Normalise():
            yield Step(operation, maps, params=_NORMALISATION * maps.shape[-1])
        case Activate() | Drop():
            yield Step(operation, maps)
        case Pool():
            yield _pool(operation, maps)
        case AverageAll(keep):
            channels = _expect_map(maps, "global average")[-1]
            yield Step(operation, _see_all(maps, (1, 1, channels) if keep else (channels,)))
        case Unroll():
            yield Step(operation, _see_all(maps, (math.prod(_expect_map(maps, "flattening")),)))
        case Connect():
            yield _connect(operation, maps)
        case AddTo(branch, shortcut):
            steps = list(_follow(branch, maps))
            yield from steps
            yield from _follow(shortcut, maps)
            yield Step(operation, steps[-1].output)
        case Weigh(factors):
            yield from _follow(factors, maps)
            yield Step(operation, maps)
        case _:
            assert_never(operation)


def _convolve(operation: Convolve, maps: Maps) -> Step:
    height, width, channels = _expect_map(maps, "convolution")
    kernel, stride = operation.kernel, operation.stride
    if operation.padding == "valid":
        _expect_size(maps, kernel, "convolution without padding")
        positions = [(side - kernel) // stride + 1 for side in (height, width)]
    else:
        positions = [math.ceil(side / stride) for side in (height, width)]
    outputs = operation.width or channels
    weights = kernel**2 * (channels * outputs if operation.width else channels)
    output = Maps((*positions, outputs), maps.field + (kernel - 1) * maps.jump, maps.jump * stride)
    return Step(operation, output, weights + operation.bias * outputs, math.prod(positions) * weights)


def _pool(operation: Pool, maps: Maps) -> Step:
    _expect_map(maps, "pooling")
    size, stride = operation.size, operation.stride
    _expect_size(maps, size, "pooling")
    height, width, channels = maps.shape
    shape = ((height - size) // stride + 1, (width - size) // stride + 1, channels)
    return Step(operation, Maps(shape, maps.field + (size - 1) * maps.jump, maps.jump * stride))


def _connect(operation: Connect, maps: Maps) -> Step:
    if len(maps.shape) != 1:
        what = "The output" if operation in OUTPUT else "A dense layer"
        raise MisfitError(f"{what} needs one row of values. Add Flatten or Global average before it.")
    weights = maps.shape[0] * operation.units
    output = Maps((operation.units,), maps.field, maps.jump)
    return Step(operation, output, weights + operation.bias * operation.units, weights)


def _see_all(maps: Maps, shape: Shape) -> Maps:
    return Maps(shape, maps.field + (max(maps.shape[:2]) - 1) * maps.jump, maps.jump)


def _expect_map(maps: Maps, what: str) -> Shape:
    if len(maps.shape) != 3:
        raise MisfitError(f"{what.capitalize()} needs a map, and its input is one row of values. Move it further up.")
    return maps.shape


def _expect_size(maps: Maps, size: int, what: str) -> None:
    height, width, _ = maps.shape
    if size > min(height, width):
        raise MisfitError(f"{size}×{size} {what} of a {height}×{width} map. Use a smaller one, or pool less before it.")
