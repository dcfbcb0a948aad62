"""Run an `.onnx` file by ONNX Runtime, which comes with the extra `onnx`."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.inference.serving import silence_standard_error
from fmnist.model_files.runner import even_out, expect_one_input, first_line, refuse_outputs, without_batch

_KINDS = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}
_EXTERNAL = "keeps its weights in a second file: export it as one file, in PyTorch with external_data=False."


class OnnxRunner:
    """An ONNX file on one thread, many images at a time where it takes them."""

    params: int | None = None

    def __init__(self, path: Path) -> None:
        self._session = _open(path)
        inputs = self._session.get_inputs()
        expect_one_input(len(inputs))
        self._input, self._output = inputs[0], _choose_output(self._session.get_outputs())
        if self._input.type not in _KINDS:
            raise InputError(f"takes {self._input.type}, and images are float or uint8.")
        self.shape = without_batch([side if isinstance(side, int) else None for side in self._input.shape])
        self.whole = _KINDS[self._input.type] is np.uint8
        self._many = self._input.shape[0] != 1

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the model gives for some images, float32 (n, 10)."""
        typed = batch.astype(_KINDS[self._input.type])
        parts = [typed] if self._many else [image[None] for image in typed]
        return np.concatenate([self._run(part) for part in parts])

    def _run(self, part: NDArray[Any]) -> NDArray[np.float32]:
        try:
            (answer,) = self._session.run([self._output.name], {self._input.name: part})
        except Exception as error:  # its errors have no class in common
            raise InputError(f"cannot be run by ONNX Runtime: {first_line(error)}.") from error
        answers = np.asarray(answer).reshape(len(part), -1)
        if answers.shape[1] != N_CLASSES:
            raise refuse_outputs([answers.shape[1]])
        return answers if answers.dtype == np.float32 else even_out(answers.astype(np.float32))


def _open(path: Path) -> Any:  # noqa: ANN401
    with silence_standard_error():
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            if "external" in str(error).lower():
                raise InputError(_EXTERNAL) from error
            raise InputError(f"cannot be loaded by ONNX Runtime: {_explain(error)}.") from error


def _explain(error: Exception) -> str:
    """Return what ONNX Runtime says without its codes and the path."""
    return first_line(error).split(" : ")[-1]


def _choose_output(outputs: list[Any]) -> Any:  # noqa: ANN401
    """Return the output with ten numbers an image, or one that does not say how many it has."""
    tables = [one for one in outputs if one.type in _KINDS and one.shape]
    exact = [one for one in tables if one.shape[-1] == N_CLASSES]
    open_ended = [one for one in tables if not isinstance(one.shape[-1], int)]
    if not exact and not open_ended:
        raise refuse_outputs([one.shape[-1] for one in tables])
    return (exact or open_ended)[0]
