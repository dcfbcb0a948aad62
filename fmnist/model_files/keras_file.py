"""Run a `.keras` file; only a process of its own imports this module."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.model_files.runner import even_out, expect_one_input, first_line, refuse_outputs, without_batch
from fmnist.training.exporting import export_network

_BATCH = 250
_LAMBDA = "holds Python code, as in a Lambda layer, which is never run: use built-in layers, or import its predictions."


class KerasRunner:
    """A Keras file that was loaded in safe mode: code that it brings along is refused, and not run."""

    def __init__(self, path: Path) -> None:
        self._network = _load(path)
        inputs = getattr(self._network, "inputs", None) or []
        expect_one_input(len(inputs))
        kind = keras.backend.standardize_dtype(inputs[0].dtype)
        self.shape = without_batch(list(inputs[0].shape))
        self.whole = kind.startswith(("int", "uint"))
        self.params: int | None = int(self._network.count_params())
        self._batch = inputs[0].shape[0] or _BATCH
        widths = [output.shape[-1] for output in self._network.outputs]
        if N_CLASSES not in widths:
            raise refuse_outputs(widths)
        self._output = widths.index(N_CLASSES)

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the model gives for some images, float32 (n, 10)."""
        try:
            answers = self._network.predict(batch, batch_size=self._batch, verbose=0)
        except Exception as error:  # layers raise whatever they like
            raise InputError(f"cannot be run by Keras: {first_line(error)}.") from error
        answer = np.asarray(list(keras.tree.flatten(answers))[self._output])
        if answer.shape != (len(batch), N_CLASSES):
            raise refuse_outputs([int(np.prod(answer.shape[1:]))])
        return answer if answer.dtype == np.float32 else even_out(answer.astype(np.float32))

    def export(self, path: Path) -> None:
        """Write the network as a LiteRT file.

        Raises:
            InputError: if that has no counterpart for one of its layers.
        """
        try:
            export_network(self._network, path)
        except Exception as error:
            raise InputError(f"cannot be exported to LiteRT: {first_line(error)}.") from error


def _load(path: Path) -> keras.Model:
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise InputError(_explain(str(error), error)) from error


def _explain(said: str, error: Exception) -> str:
    if "safe_mode" in said or "Lambda" in said:
        return _LAMBDA
    if "Could not locate" in said:
        return "uses layers of its own, which are not known here: use built-in layers, or import its predictions."
    return f"cannot be loaded by Keras {keras.__version__}: {first_line(error)}."
