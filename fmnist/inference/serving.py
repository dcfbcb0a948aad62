"""Predict with a LiteRT file, without TensorFlow."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES

_standard_error_lock = Lock()


class ModelFileError(ValueError):
    """A LiteRT file that cannot be used: missing, damaged, or not a classifier of 28×28 images."""


class Classifier:
    """A network served from LiteRT, safe to share between threads.

    One image takes about 0.1 ms. Images run one after the other: resizing the input to a batch was measured and is not
    faster, and a fixed size keeps memory constant. It uses one thread, as a training may be using the other cores.
    """

    def __init__(self, model: bytes | Path | str) -> None:
        content = model if isinstance(model, bytes) else _read(Path(model))
        self._lock = Lock()
        try:
            self._start(content)
            blank = self.probs(np.zeros((1, 28, 28), np.float32))
        except (ValueError, RuntimeError, KeyError, IndexError, StopIteration) as error:
            raise ModelFileError(f"The served model is damaged or of another kind ({error}).") from error
        if blank.shape != (1, N_CLASSES) or not np.isclose(blank.sum(), 1, atol=1e-3):
            raise ModelFileError(f"The served model does not give {N_CLASSES} probabilities for an image.")

    def probs(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Classify images (n, 28, 28) or (n, 28, 28, 1), uint8 or float in [0, 1]; returns float32 (n, 10)."""
        (probs,) = self._run(images, self._probs)
        return probs

    def probs_both_ways(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the mean of the probabilities for images, uint8 (n, 28, 28), and for their mirror images."""
        return _mean(self.probs(images), self.probs(images[:, :, ::-1]))

    def describe_both_ways(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return features and probabilities of images, uint8 (n, 28, 28), as means over them and their mirror images.

        Both come of one pass each way.

        Raises:
            ModelFileError: as `features` does.
        """
        outputs = (self._require_features(), self._probs)
        seen, mirrored = self._run(images, *outputs), self._run(images[:, :, ::-1], *outputs)
        return _mean(seen[0], mirrored[0]), _mean(seen[1], mirrored[1])

    @property
    def gives_features(self) -> bool:
        """Whether the file has features as its second output, which old ones lack."""
        return self._features is not None

    def features(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inputs of the last layer, float32 (n, d), for images as in `probs`.

        Raises:
            ModelFileError: if the file has no features as its second output.
        """
        (features,) = self._run(images, self._require_features())
        return features

    def _require_features(self) -> dict[str, Any]:
        if self._features is None:
            raise ModelFileError("The served model gives no features: it was made before these were kept.")
        return self._features

    def _run(
        self, images: NDArray[np.uint8] | NDArray[np.float32], *outputs: dict[str, Any]
    ) -> list[NDArray[np.float32]]:
        """Return some of the network's outputs, (n, d) each, for images."""
        inputs = _scale(images)
        answers = [np.empty((len(inputs), output["shape"][-1]), np.float32) for output in outputs]
        with self._lock:  # the calls of an interpreter share its tensors
            for row, image in enumerate(inputs):
                self._interpreter.set_tensor(self._input, image[None])
                self._interpreter.invoke()
                for answer, output in zip(answers, outputs, strict=True):
                    answer[row] = self._interpreter.get_tensor(output["index"])[0]
        return answers

    def _start(self, content: bytes) -> None:
        self._interpreter = start_interpreter(content)
        self._input = self._interpreter.get_input_details()[0]["index"]
        outputs = self._interpreter.get_output_details()
        self._probs = next(output for output in outputs if output["shape"][-1] == N_CLASSES)
        self._features = next((output for output in outputs if output is not self._probs), None)


def start_interpreter(content: bytes) -> Any:  # noqa: ANN401
    """Return an interpreter of one thread for the content of a LiteRT file; raises ValueError or RuntimeError."""
    from ai_edge_litert.interpreter import Interpreter

    with silence_standard_error():
        interpreter = Interpreter(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
    return interpreter


@contextmanager
def silence_standard_error() -> Iterator[None]:
    """Hide the greeting that LiteRT's native code prints; it bypasses `sys.stderr` and cannot be switched off."""
    with _standard_error_lock, Path(os.devnull).open("w") as nowhere:
        kept = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _mean(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    return (one + other) * np.float32(0.5)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"The served model {path.name} cannot be read ({error.strerror}).") from error


def _scale(images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert both accepted kinds of images to float32 (n, 28, 28, 1) in [0, 1]."""
    if images.shape[1:] not in {(28, 28), (28, 28, 1)}:
        raise ValueError(f"Images have the shape (n, 28, 28), not {images.shape}.")
    scaled = images.astype(np.float32) / np.float32(255) if images.dtype == np.uint8 else images.astype(np.float32)
    return scaled.reshape(-1, 28, 28, 1)
