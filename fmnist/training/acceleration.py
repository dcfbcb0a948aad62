"""Train faster on this machine: the same layers and weights with faster arithmetic."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import keras

from fmnist.architectures.build import build_network
from fmnist.architectures.layers import Layers
from fmnist.architectures.shapes import trace_complete

_CPU_FLAGS = Path("/proc/cpuinfo")
_BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}
_SMALL_STEP = 400_000_000  # multiply-adds of a batch in the forward pass


def convolves(network: keras.Model) -> bool:
    """Return whether a network has convolutions; they need other settings than dense networks."""
    return any(isinstance(layer, keras.layers.Conv2D) for layer in network.layers)


@cache
def multiplies_bfloat16() -> bool:
    """Return whether the processor has bfloat16 instructions: 1.3 to 1.6 times as fast as float32."""
    try:
        flags = next(line for line in _CPU_FLAGS.read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):  # not Linux, or not x86
        return False
    return not _BFLOAT16_FLAGS.isdisjoint(flags.split())


def arrange_threads(layers: Layers, batch_size: int) -> None:
    """Run two operations at a time with one core each, if the machine has two cores and the training steps are small.

    Splitting a small operation over two cores costs more than it saves: below `_SMALL_STEP` one core each is up to 1.5
    times as fast, above it slower. More cores were not tried. Call it before TensorFlow first computes; settings of the
    user take precedence.
    """
    if os.cpu_count() == 2 and trace_complete(layers).multiply_adds * batch_size < _SMALL_STEP:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")


def accelerate(network: keras.Model, *, mixed: bool = True) -> keras.Model:
    """Return an untrained copy of a convolutional network with faster layers, where backend and processor allow.

    Where `mixed`, they compute in bfloat16 if the processor has instructions for it.
    Weights, sums over batches and the last layer stay float32. A dense network is returned unchanged.
    """
    if keras.backend.backend() != "tensorflow" or not convolves(network):
        return network
    last, dtype = network.layers[-1].name, "mixed_bfloat16" if mixed and multiplies_bfloat16() else "float32"

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        kind = FusedBatchNormalization if isinstance(layer, keras.layers.BatchNormalization) else type(layer)
        return kind.from_config(layer.get_config() | {"dtype": "float32" if layer.name == last else dtype})

    return keras.models.clone_model(network, clone_function=copy)


def restore(network: keras.Model, layers: Layers) -> keras.Model:
    """Return the network as it is built from its layers, with its current weights: float32 and not compiled."""
    plain = build_network(layers, network.name)
    plain.set_weights(network.get_weights())
    return plain


@keras.saving.register_keras_serializable("fmnist")
class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Batch normalisation of feature maps in one TensorFlow operation, instead of the eight that Keras uses.

    Its moving variance uses the unbiased estimate, which is larger by a factor of n / (n − 1) for n values.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # noqa: ANN401
        """Normalise (n, h, w, channels); inputs without height and width are left to Keras."""
        if len(inputs.shape) != 4:
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        learning = bool(training) and self.trainable
        moments = {} if learning else {"mean": self.moving_mean, "variance": self.moving_variance}
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon, is_training=learning, **moments
        )
        if learning:
            for moving, seen in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(self.momentum * moving + (1 - self.momentum) * seen)
        return outputs
