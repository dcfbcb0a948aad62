"""Look inside a served network: the output of every layer for an image, and the weights behind it."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.architectures.network import Network
from fmnist.inference.inside.file import read_graph
from fmnist.inference.inside.stages import LayoutError, Stage, match_stages
from fmnist.inference.serving import ModelFileError, silence_standard_error

Values = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Activations:
    """What a network makes of one image: the values of its file's tensors, (h, w, channels) or (n,)."""

    tensors: Mapping[int, Values]

    def of(self, stage: Stage) -> Values:
        """Return the output of a stage."""
        return self.tensors[stage.output]


class OpenNetwork:
    """A served network that keeps what it computes on the way; safe to share between threads.

    Attributes:
        network: its layers with shapes and costs.
        graph: the operations of the file.
        image: the tensor that holds the image.
        stages: the stages of each layer, as `match_stages` returns them.
    """

    def __init__(self, path: Path, network: Network) -> None:
        self.network = network
        self._lock = Lock()
        try:
            content = path.read_bytes()
            self._interpreter = _start(content)
            self.image = self._interpreter.get_input_details()[0]["index"]
            self.graph = read_graph(content)
            self.stages = match_stages(network, self.graph, self.image)
            self.activations(np.zeros((28, 28), np.uint8))
        except OSError as error:
            raise ModelFileError(f"The served model {path.name} cannot be read ({error.strerror}).") from error
        except (ValueError, RuntimeError, KeyError, IndexError, TypeError, AttributeError, LayoutError) as error:
            raise ModelFileError(f"The layers cannot be found in the served model: {error}.") from error

    def activations(self, image: NDArray[np.uint8]) -> Activations:
        """Return what the network makes of an image, uint8 (28, 28)."""
        with self._lock:  # the calls of an interpreter share its tensors
            self._run(image)
            return Activations({tensor: self._read(tensor) for tensor in self._shown()})

    def outputs(self, image: NDArray[np.uint8]) -> list[Values]:
        """Return the outputs of all stages for an image, uint8 (28, 28), in their order."""
        with self._lock:
            self._run(image)
            return [self._read(stage.output) for row in self.stages for stage in row]

    def weights(self, stage: Stage) -> tuple[Values, Values] | None:
        """Return kernel and bias of a stage, with batch normalisation folded in; None where it has none.

        The kernel is (outputs, k, k, inputs) of a convolution, (1, k, k, channels) of a depthwise one, and (units,
        inputs) of a dense layer.
        """
        if not stage.weights or stage.other is not None:
            return None
        kernel, *bias = (self.constant(tensor) for tensor in stage.weights)
        outputs = stage.maps.shape[-1]
        if kernel.ndim not in (2, 4):
            return None
        return kernel, bias[0] if bias else np.zeros(outputs, np.float32)

    def constant(self, tensor: int) -> Values:
        """Return a tensor that the file holds."""
        with self._lock:
            return np.array(self._interpreter.get_tensor(tensor), np.float32)

    def _run(self, image: NDArray[np.uint8]) -> None:
        scaled = image.astype(np.float32)[None, :, :, None] / np.float32(255)
        self._interpreter.set_tensor(self.image, scaled)
        self._interpreter.invoke()

    def _read(self, tensor: int) -> Values:
        return np.array(self._interpreter.get_tensor(tensor)[0], np.float32)

    def _shown(self) -> set[int]:
        every = [stage for row in self.stages for stage in row]
        read = {tensor for stage in every for tensor in (stage.input, stage.raw, stage.output)}
        return read | {self.image} | {stage.other for stage in every if stage.other is not None}


def _start(content: bytes) -> Any:  # noqa: ANN401
    from ai_edge_litert.interpreter import Interpreter

    with silence_standard_error(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the memory, which is at most a few megabytes here
        interpreter = Interpreter(model_content=content, num_threads=1, experimental_preserve_all_tensors=True)
        interpreter.allocate_tensors()
    return interpreter
