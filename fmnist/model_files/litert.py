"""Run a `.tflite` file: of floats, half floats, or eight-bit integers with their scale."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.inference.serving import silence_standard_error
from fmnist.model_files.runner import even_out, expect_one_input, first_line, refuse_outputs, without_batch

_TROUBLES = (ValueError, RuntimeError, KeyError, IndexError, OverflowError)  # what LiteRT raises of a file


class LiteRtRunner:
    """A LiteRT file, one image at a time on one thread."""

    params: int | None = None

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            with silence_standard_error():
                self._interpreter = Interpreter(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
            inputs, outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        except _TROUBLES as error:
            raise InputError(f"cannot be run by LiteRT: {first_line(error)}.") from error
        expect_one_input(len(inputs))
        (self._input,) = inputs
        self._fitted = tuple(self._input["shape"])
        self.shape = without_batch(_read_shape(self._input))
        self.whole = _takes_levels(self._input)
        self._output = _choose_output(outputs)

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the model gives for some images, float32 (n, 10)."""
        answers = np.empty((len(batch), N_CLASSES), np.float32)
        try:
            self._fit((1, *batch.shape[1:]))
            for answer, image in zip(answers, _quantise(batch, self._input), strict=True):
                self._interpreter.set_tensor(self._input["index"], image[None])
                self._interpreter.invoke()
                answer[:] = _restore(self._interpreter.get_tensor(self._output["index"]), self._output).reshape(-1)
        except _TROUBLES as error:
            raise InputError(f"cannot be run by LiteRT: {first_line(error)}.") from error
        return answers if self._output["dtype"] == np.float32 else even_out(answers)

    def _fit(self, shape: tuple[int, ...]) -> None:
        """Let sides that the file leaves open be those of the images."""
        if shape != self._fitted:
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._fitted = shape


def _read_shape(tensor: dict[str, Any]) -> list[int | None]:
    sides = tensor["shape_signature"] if len(tensor["shape_signature"]) else tensor["shape"]
    return [None if side < 0 else int(side) for side in sides]


def _choose_output(outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the output with ten numbers an image; the first one, as features may be ten, too."""
    widths: list[int | None] = [int(output["shape"][-1]) if len(output["shape"]) else 1 for output in outputs]
    found = next(
        (one for one, width in zip(outputs, widths, strict=True) if width == np.prod(one["shape"]) == N_CLASSES), None
    )
    if found is None:
        raise refuse_outputs(widths)
    return found


def _takes_levels(tensor: dict[str, Any]) -> bool:
    """Return whether an input takes bytes without a scale: the pixels themselves; raises InputError for other ones."""
    kind = tensor["dtype"]
    if np.issubdtype(kind, np.floating) or _scale_of(tensor) is not None:
        return False
    if kind != np.uint8:
        raise InputError(f"takes {np.dtype(kind).name} without a scale: export it with float inputs.")
    return True


def _scale_of(tensor: dict[str, Any]) -> tuple[float, int] | None:
    """Return scale and zero point of a quantised tensor."""
    found = tensor["quantization_parameters"]
    return (float(found["scales"][0]), int(found["zero_points"][0])) if len(found["scales"]) == 1 else None


def _quantise(batch: NDArray[np.float32], tensor: dict[str, Any]) -> NDArray[Any]:
    kind = tensor["dtype"]
    if np.issubdtype(kind, np.floating):
        return batch.astype(kind)
    scale, zero = _scale_of(tensor) or (1.0, 0)
    limits = np.iinfo(kind)
    return np.clip(np.round(batch / scale) + zero, limits.min, limits.max).astype(kind)


def _restore(answer: NDArray[Any], tensor: dict[str, Any]) -> NDArray[np.float32]:
    scale, zero = _scale_of(tensor) or (1.0, 0)
    return (answer.astype(np.float32) - zero) * np.float32(scale)
