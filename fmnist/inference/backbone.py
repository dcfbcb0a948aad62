"""Describe a whole colour picture by the features of a network that was trained on ImageNet, without TensorFlow."""

from collections import deque
from importlib.resources import files
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.frame import resize
from fmnist.inference.serving import ModelFileError, start_interpreter

SIDE = 224  # pixels, as the network was trained
N_FEATURES = 1280
_MARGIN = 0.125  # of each edge, left out of the view of the middle
_REMEMBERED = 8  # pictures: a page asks again about those that it shows

SHIPPED = Path(str(files("fmnist"))) / "inference" / "photos"
BACKBONE = SHIPPED / "mobilenet_v2.tflite"  # SOURCES.md beside it says where it comes from


def view_in_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture, uint8 (h, w, 3), and its middle as squares, uint8 (2, SIDE, SIDE, 3)."""
    top, left = (int(_MARGIN * edge) for edge in pixels.shape[:2])
    middle = pixels[top : pixels.shape[0] - top, left : pixels.shape[1] - left]
    return np.stack([resize(part, SIDE, SIDE) for part in (pixels, middle)])


class Backbone:
    """MobileNetV2 without its last layer, served from LiteRT, safe to share between threads.

    Source: Sandler, Howard, Zhu, Zhmoginov and Chen (2018), MobileNetV2: Inverted Residuals and Linear Bottlenecks. A
    picture takes about 10 ms.
    """

    def __init__(self, path: Path = BACKBONE) -> None:
        try:
            self._interpreter = start_interpreter(path.read_bytes())
            (given,), (returned,) = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        except OSError as error:
            raise ModelFileError(f"{path.name} cannot be read ({error.strerror}).") from error
        except (ValueError, RuntimeError) as error:
            raise ModelFileError(f"{path.name} is damaged or of another kind ({error}).") from error
        if (*given["shape"], *returned["shape"]) != (1, SIDE, SIDE, 3, 1, N_FEATURES):
            raise ModelFileError(f"{path.name} does not turn a picture into {N_FEATURES} features.")
        self._input, self._output, self._lock = given["index"], returned["index"], Lock()
        self._known: deque[tuple[NDArray[np.uint8], NDArray[np.float32]]] = deque(maxlen=_REMEMBERED)

    def features(self, views: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the features, float32 (1280,), of views, uint8 (n, SIDE, SIDE, 3): means over them and their mirrors.

        Two views instead of one, and mirror images, gain three points of accuracy on photos. The features of the last
        few arrays are remembered, so views must not be changed afterwards.
        """
        with self._lock:
            for known, features in self._known:
                if known is views:
                    return features
            found: NDArray[np.float32] = np.mean(
                [self._run(shown) for view in views for shown in (view, view[:, ::-1])], axis=0
            )
            self._known.append((views, found))
            return found

    def _run(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._input, pixels[None].astype(np.float32))
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output)[0], np.float32)
