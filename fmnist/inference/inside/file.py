"""What a LiteRT file computes, node by node: which tensor becomes which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Node:
    """One operation of a file, as in "CONV_2D", with the tensors that it reads and the one that it writes."""

    kind: str
    inputs: tuple[int, ...]
    output: int


@dataclass(frozen=True)
class Graph:
    """The nodes of a file in the order in which they run; `constants` are the tensors that the file holds."""

    nodes: Sequence[Node]
    constants: frozenset[int]

    def data_inputs(self, node: Node) -> list[int]:
        """Return the tensors that a node reads and that depend on the image."""
        return [tensor for tensor in node.inputs if tensor not in self.constants]

    def readers(self, tensor: int) -> list[Node]:
        """Return the nodes that read a tensor."""
        return [node for node in self.nodes if tensor in node.inputs]


def read_graph(content: bytes) -> Graph:
    """Read the nodes of a LiteRT file; raises whatever a damaged one makes of that."""
    from ai_edge_litert import schema_py_generated as schema

    names = {code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)}
    model = schema.Model.GetRootAs(content, 0)
    graph = model.Subgraphs(0)
    kinds = [names.get(_code(model.OperatorCodes(place)), "") for place in range(model.OperatorCodesLength())]
    constants = {
        place for place in range(graph.TensorsLength()) if model.Buffers(graph.Tensors(place).Buffer()).DataLength()
    }
    return Graph(tuple(_read_nodes(graph, kinds)), frozenset(constants))


def _read_nodes(graph: Any, kinds: Sequence[str]) -> Iterator[Node]:  # noqa: ANN401
    for place in range(graph.OperatorsLength()):
        operator = graph.Operators(place)
        inputs = tuple(operator.Inputs(one) for one in range(operator.InputsLength()))
        yield Node(kinds[operator.OpcodeIndex()], inputs, operator.Outputs(0))


def _code(operator: Any) -> int:  # noqa: ANN401
    """Return the code of an operator, which old files have in another field."""
    return int(max(operator.BuiltinCode(), operator.DeprecatedBuiltinCode()))
