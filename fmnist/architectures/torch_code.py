"""Write a network as Python code for PyTorch: the same function as the Keras network, with the same parameters."""

from fmnist.architectures.layers import Layers
from fmnist.architectures.network import Maps, describe_shape
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
from fmnist.architectures.shapes import follow, trace_complete

_HEAD = "from torch import nn\n\n\n"
_ADD = '''class AddTo(nn.Module):
    """The sum of two branches of the same input."""

    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, maps):
        return self.branch(maps) + self.shortcut(maps)


'''
_WEIGH = '''class Weigh(nn.Module):
    """The input times one factor a channel (squeeze-and-excitation)."""

    def __init__(self, factors):
        super().__init__()
        self.factors = factors

    def forward(self, maps):
        return maps * self.factors(maps)


'''
_NOTE = "# images (n, 1, 28, 28) from 0 to 1 in, logits (n, 10) out: nn.CrossEntropyLoss applies the softmax\n"
_ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.2)",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
}
_INDENT = "    "


def write_torch(layers: Layers) -> str:
    """Return code that builds the network as `model`; epsilon and momentum of normalisations are those of Keras.

    Raises:
        InputError: if a layer does not fit its input.
    """
    lines = []
    for row in trace_complete(layers).rows:
        *steps, last = _chain(row.operations, row.input)
        lines += [*steps, f"{last}  # {describe_shape(row.shape)}"]
    body = "\n".join(_INDENT + line for line in lines)
    classes = (_ADD if "AddTo(" in body else "") + (_WEIGH if "Weigh(" in body else "")
    return f"{_HEAD}{classes}{_NOTE}model = nn.Sequential(\n{body}\n)\n"


def _chain(operations: Operations, maps: Maps) -> list[str]:
    """Return lines of modules, one after the other, each with a comma."""
    lines = []
    for operation in operations:
        lines += _modules(operation, maps)
        maps = follow(operation, maps)
    return lines


def _modules(operation: Operation, maps: Maps) -> list[str]:
    channels = maps.shape[-1]
    match operation:
        case Convolve():
            return _convolution(operation, maps)
        case Normalise():
            return [f"nn.BatchNorm{len(maps.shape) - 1 or 1}d({channels}, eps=1e-3, momentum=0.01),"]
        case Activate(activation):
            return _activation(activation)
        case Pool(kind, size, stride):
            return [f"nn.{'Max' if kind == 'max' else 'Avg'}Pool2d({size}, stride={stride}),"]
        case AverageAll(keep):
            return ["nn.AdaptiveAvgPool2d(1),"] + ([] if keep else ["nn.Flatten(),"])
        case Unroll():
            return ["nn.Flatten(),"]
        case Drop(rate):
            return [f"nn.Dropout({rate:g}),"]
        case Connect(units, bias, activation):
            linear = f"nn.Linear({channels}, {units}{'' if bias else ', bias=False'}),"
            return [linear, *_activation(activation)]
        case AddTo(branch, shortcut):
            return ["AddTo(", *_nested(branch, maps), *_nested(shortcut, maps), "),"]
        case Weigh(factors):
            return ["Weigh(", *_nested(factors, maps), "),"]


def _nested(operations: Operations, maps: Maps) -> list[str]:
    if not operations:
        return [f"{_INDENT}nn.Identity(),"]
    inner = (2 * _INDENT + line for line in _chain(operations, maps))
    return [f"{_INDENT}nn.Sequential(", *inner, f"{_INDENT}),"]


def _convolution(operation: Convolve, maps: Maps) -> list[str]:
    """Pad as Keras does, which puts an odd row and column at the end, where PyTorch would put one on either side."""
    side, channels = maps.shape[0], maps.shape[-1]
    kernel, stride = operation.kernel, operation.stride
    padded = max((-(-side // stride) - 1) * stride + kernel - side, 0) if operation.padding == "same" else 0
    before, uneven = divmod(padded, 2)
    pad = [f"nn.ZeroPad2d(({before}, {before + 1}, {before}, {before + 1})),"] if uneven else []
    settings = f"{kernel}"
    settings += f", stride={stride}" if stride > 1 else ""
    settings += f", padding={before}" if before and not uneven else ""
    settings += f", groups={channels}" if operation.width is None else ""
    settings += "" if operation.bias else ", bias=False"
    return [
        *pad,
        f"nn.Conv2d({channels}, {operation.width or channels}, {settings}),",
        *_activation(operation.activation),
    ]


def _activation(activation: str) -> list[str]:
    return [f"{_ACTIVATIONS[activation]},"] if activation in _ACTIVATIONS else []
