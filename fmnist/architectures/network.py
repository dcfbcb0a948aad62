"""What is known of a network, layer by layer and operation by operation: shapes, costs and receptive field."""

import math
from dataclasses import dataclass

from fmnist.architectures.layers import Layer
from fmnist.architectures.operations import Operation, Operations, Unroll

Shape = tuple[int, ...]
"""(height, width, channels) of a map, or (n,) of values in a row."""

_FLOAT_BYTES = 4


@dataclass(frozen=True)
class Maps:
    """An input or output: its shape, and how its values lie on the image.

    A value depends on a square of `field` pixels a side, the value at the next position on one `jump` pixels further.
    """

    shape: Shape
    field: int = 1
    jump: int = 1


@dataclass(frozen=True)
class Step:
    """An operation with its output, its parameters, and its multiply-adds for one image."""

    operation: Operation
    output: Maps
    params: int = 0
    multiply_adds: int = 0


@dataclass(frozen=True)
class Row:
    """A layer of a network, or None for the output, with what it computes and each of the steps of that."""

    layer: Layer | None
    operations: Operations
    steps: tuple[Step, ...]
    input: Maps

    @property
    def output(self) -> Maps:
        """Its output."""
        return self.steps[-1].output

    @property
    def shape(self) -> Shape:
        """The shape of its output for one image."""
        return self.output.shape

    @property
    def params(self) -> int:
        """The number of its parameters, with the moving averages of its normalisations."""
        return sum(step.params for step in self.steps)

    @property
    def multiply_adds(self) -> int:
        """The multiply-adds of its convolutions and dense layers for one image."""
        return sum(step.multiply_adds for step in self.steps)

    @property
    def activation_bytes(self) -> int:
        """The memory that the outputs of its operations take for one image, as float32."""
        outputs = (step.output.shape for step in self.steps if not isinstance(step.operation, Unroll))
        return sum(_FLOAT_BYTES * math.prod(shape) for shape in outputs)

    @property
    def receptive_field(self) -> int:
        """The side in pixels of the square of the image that a value of its output depends on.

        It can be larger than the image. What squeeze-and-excitation sees is not counted.
        """
        return self.output.field


@dataclass(frozen=True)
class Network:
    """The layers of a network up to the one that does not fit, if there is one, and then the output.

    `problem` says what is wrong with the layer at the position `len(rows)`; it is empty where all layers fit.
    """

    rows: tuple[Row, ...]
    problem: str = ""

    @property
    def params(self) -> int:
        """The number of parameters, with the moving averages of normalisations."""
        return sum(row.params for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """The multiply-adds of all convolutions and dense layers for one image; other operations are not counted."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def training_multiply_adds(self) -> int:
        """The multiply-adds of training on one image: the forward pass and both gradients of each operation.

        The gradients are those of the weights and of the input. The first operation needs no gradient of its input.
        """
        counts = [step.multiply_adds for row in self.rows for step in row.steps]
        return 3 * sum(counts) - next((count for count in counts if count), 0)

    @property
    def activation_bytes(self) -> int:
        """The memory that the outputs of all operations take for one image, as float32."""
        return sum(row.activation_bytes for row in self.rows)


def describe_shape(shape: Shape) -> str:
    """Return a shape in words, as in "14×14×48" or "2,560"."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]:,}"
