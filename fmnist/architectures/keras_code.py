"""Write a network as Python code for Keras."""

from collections.abc import Iterator

from fmnist.architectures.layers import Layers
from fmnist.architectures.network import Row, describe_shape
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

_HEAD = "import keras\nfrom keras import layers\n\n"


def write_keras(layers: Layers) -> str:
    """Return code that builds the network as `model`; its input are images (n, 28, 28, 1) from 0 to 1.

    Raises:
        InputError: if a layer does not fit its input.
    """
    rows = trace_complete(layers).rows
    operations = [operation for row in rows for operation in row.operations]
    branched = any(isinstance(operation, AddTo | Weigh) for operation in operations)
    return _HEAD + (_functional(rows) if branched else _sequential(rows))


def _sequential(rows: tuple[Row, ...]) -> str:
    lines = [f"        {_call(operation)},{note}" for row in rows for operation, note in _noted(row)]
    body = "\n".join([f"        keras.Input({IMAGE}),", *lines])
    return f"model = keras.Sequential(\n    [\n{body}\n    ]\n)\n"


def _functional(rows: tuple[Row, ...]) -> str:
    lines = [f"image = x = keras.Input({IMAGE})"]
    for row in rows:
        for operation, note in _noted(row):
            *steps, last = _apply(operation, "x")
            lines += [*steps, last + note]
    return "\n".join([*lines, "model = keras.Model(image, x)\n"])


def _noted(row: Row) -> Iterator[tuple[Operation, str]]:
    """Yield the operations of a layer, the last one with the shape that it leaves."""
    for operation in row.operations[:-1]:
        yield operation, ""
    yield row.operations[-1], f"  # {describe_shape(row.shape)}"


def _apply(operation: Operation, name: str) -> list[str]:
    """Return lines that replace what a variable holds."""
    if isinstance(operation, AddTo):
        branch, shortcut = _chain(operation.branch, name), _chain(operation.shortcut, "shortcut")
        return [f"shortcut = {name}", *branch, *shortcut, f"{name} = layers.Add()([{name}, shortcut])"]
    if isinstance(operation, Weigh):
        factors = _chain(operation.factors, "factors")
        return [f"factors = {name}", *factors, f"{name} = layers.Multiply()([{name}, factors])"]
    return [f"{name} = {_call(operation)}({name})"]


def _chain(operations: Operations, name: str) -> list[str]:
    return [line for operation in operations for line in _apply(operation, name)]


def _call(operation: Operation) -> str:
    match operation:
        case Convolve():
            return _convolution(operation)
        case Normalise():
            return "layers.BatchNormalization()"
        case Activate(activation):
            return f'layers.Activation("{activation}")'
        case Pool(kind, size, stride):
            name = "MaxPooling2D" if kind == "max" else "AveragePooling2D"
            return f"layers.{name}({size}, strides={stride})"
        case AverageAll(keep):
            return f"layers.GlobalAveragePooling2D({'keepdims=True' if keep else ''})"
        case Unroll():
            return "layers.Flatten()"
        case Drop(rate):
            return f"layers.Dropout({rate:g})"
        case Connect(units, bias, activation):
            return f"layers.Dense({units}{_named(activation, bias)})"
        case _:
            raise TypeError(f"{operation} is no single Keras layer")


def _convolution(operation: Convolve) -> str:
    depthwise = operation.width is None
    first = f"{operation.kernel}" if depthwise else f"{operation.width}, {operation.kernel}"
    strides = f", strides={operation.stride}" if operation.stride > 1 else ""
    padding = f', padding="{operation.padding}"'
    name = "DepthwiseConv2D" if depthwise else "Conv2D"
    return f"layers.{name}({first}{strides}{padding}{_named(operation.activation, operation.bias)})"


def _named(activation: str, bias: bool) -> str:
    named = "" if activation == "linear" else f', activation="{activation}"'
    return named + ("" if bias else ", use_bias=False")
