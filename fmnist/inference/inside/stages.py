"""Find a network's layers again in its LiteRT file, whose converter has merged and renamed what they compute.

A layer consists of stages: a convolution, pooling, a dense layer, or a sum of two branches, each with the normalisation
and activation that follow it. The converter folds normalisation into the weights before it, and most activations into
the operation; the output of a whole stage is always in the file.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import assert_never

from fmnist.architectures.network import Maps, Network, Row
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
from fmnist.architectures.shapes import follow
from fmnist.inference.inside.file import Graph, Node

_ELEMENTWISE = {"ADD", "SUB", "MUL", "RELU", "LEAKY_RELU", "GELU", "LOGISTIC", "TANH", "SOFTMAX"}
_POOLS = {"max": "MAX_POOL_2D", "average": "AVERAGE_POOL_2D"}


class LayoutError(ValueError):
    """A LiteRT file whose operations are not those of the network."""


@dataclass(frozen=True)
class Stage:
    """A part of a layer whose output the file has.

    `raw` is the tensor that its operation writes, `output` the one after what `follows`: normalisation where that could
    not be folded into weights, and activation. Tensors are those of the file. `other` is the second input of a sum or a
    product. `normalised` says that batch normalisation is part of it. `start` is the pixel of the image, both down and
    across, at which the receptive field of its first position begins; it is negative where the field reaches out.
    """

    operation: Operation
    input: int
    raw: int
    output: int
    before: Maps
    maps: Maps
    weights: tuple[int, ...] = ()
    other: int | None = None
    follows: tuple[Node, ...] = ()
    activation: str = "linear"
    normalised: bool = False
    start: int = 0


def match_stages(network: Network, graph: Graph, image: int) -> tuple[tuple[Stage, ...], ...]:
    """Return the stages of each layer of a network; those that only drop or unroll values have none.

    Args:
        network: what the file was made of.
        graph: the operations of the file.
        image: the tensor that it takes.

    Raises:
        LayoutError: if the file computes something else.
    """
    walk = _Walk(graph, image)
    return tuple(walk.follow_row(row) for row in network.rows)


def pad_before(stage: Stage) -> int:
    """Return the zeros that are put before the first value, as TensorFlow splits them: the larger part goes behind."""
    operation, side = stage.operation, stage.before.shape[0]
    if not isinstance(operation, Convolve) or operation.padding == "valid":
        return 0
    reached = (stage.maps.shape[0] - 1) * operation.stride + operation.kernel
    return max(reached - side, 0) // 2


class _Walk:
    """A walk through a file along the operations of a network, from the image on."""

    def __init__(self, graph: Graph, image: int) -> None:
        self._graph = graph
        self._used: set[int] = set()  # by the tensors that nodes write
        self._tensor, self._start = image, 0
        self._earlier: tuple[int, ...] = ()  # the tensors of the last stage before its output
        self._stages: list[Stage] = []

    def follow_row(self, row: Row) -> tuple[Stage, ...]:
        self._stages = []
        self._follow_all(row.operations, row.input)
        return tuple(self._stages)

    def _follow_all(self, operations: Operations, maps: Maps) -> Maps:
        for operation in operations:
            self._follow(operation, maps)
            maps = follow(operation, maps)
        return maps

    def _follow(self, operation: Operation, maps: Maps) -> None:
        match operation:
            case Convolve(width=None):
                self._add(operation, maps, self._take("DEPTHWISE_CONV_2D"), operation.activation)
            case Convolve():
                self._add(operation, maps, self._take("CONV_2D"), operation.activation)
            case Pool(kind):
                self._add(operation, maps, self._take(_POOLS[kind]))
            case AverageAll():
                self._add(operation, maps, self._take("MEAN"))
            case Connect():
                self._add(operation, maps, self._take("FULLY_CONNECTED"), operation.activation)
            case AddTo(branch, shortcut):
                self._merge(operation, maps, "ADD", branch, shortcut)
            case Weigh(factors):
                self._merge(operation, maps, "MUL", factors, ())
            case Normalise():
                self._stages[-1] = replace(self._stages[-1], normalised=True)
            case Activate(activation):
                self._stages[-1] = replace(self._stages[-1], activation=activation)
            case Unroll():
                self._unroll()
            case Drop():
                pass
            case _:
                assert_never(operation)

    def _merge(self, operation: AddTo | Weigh, maps: Maps, kind: str, branch: Operations, shortcut: Operations) -> None:
        """Follow both branches of an input, and take the node that puts them together."""
        tensor, start, earlier = self._tensor, self._start, self._earlier
        self._follow_all(branch, maps)
        first, reached = self._tensor, self._start
        self._tensor, self._start, self._earlier = tensor, start, earlier
        self._follow_all(shortcut, maps)
        second = self._tensor
        node = self._take(kind, {first, second})
        self._start = reached if isinstance(operation, AddTo) else start
        self._tensor = first
        self._add(operation, maps, node, other=second)

    def _add(
        self, operation: Operation, maps: Maps, node: Node, activation: str = "linear", other: int | None = None
    ) -> None:
        """Note a stage and go on from its output."""
        inputs = self._graph.data_inputs(node)
        weights = tuple(one for one in node.inputs[1:] if one in self._graph.constants)
        follows = self._list_following(node.output)
        output = follows[-1].output if follows else node.output
        entered = self._tensor if other is not None else inputs[0]
        stage = Stage(operation, entered, node.output, output, maps, follow(operation, maps), weights, other)
        start = self._start - pad_before(stage) * maps.jump
        self._stages.append(replace(stage, follows=follows, activation=activation, start=start))
        self._tensor, self._start = output, start
        self._earlier = (node.output, *(one.output for one in follows[:-1]))

    def _take(self, kind: str, inputs: Collection[int] = ()) -> Node:
        """Return the next node of a kind that reads where the walk stands, or both `inputs`."""
        # where normalisation stands before a dense layer, it is folded into that, which then reads what is before it
        for tensor in (self._tensor, *reversed(self._earlier)):
            for node in self._graph.readers(tensor):
                fits = set(self._graph.data_inputs(node)) == set(inputs) if inputs else node.inputs[0] == tensor
                if node.kind == kind and fits and node.output not in self._used:
                    self._used.add(node.output)
                    return node
        raise LayoutError(f"it has no {kind} where the network has one")

    def _unroll(self) -> None:
        for node in self._graph.readers(self._tensor):
            if node.kind == "RESHAPE":
                self._tensor, self._earlier = node.output, ()

    def _list_following(self, tensor: int) -> tuple[Node, ...]:
        """Return the nodes that change each value of a tensor by itself: normalisation and activation."""
        derived, found = {tensor}, []
        for node in self._graph.nodes:
            inputs = self._graph.data_inputs(node)
            if node.kind in _ELEMENTWISE and inputs and derived.issuperset(inputs):
                derived.add(node.output)
                found.append(node)
        return tuple(found)
