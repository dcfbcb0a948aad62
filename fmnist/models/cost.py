"""What a network costs, counted from its layers."""

import math

import keras


def count_multiply_adds(network: keras.Model) -> int:
    """Count the multiply-adds of convolutions and dense layers for one image; biases and normalisation are left out."""
    return sum(_layer_multiply_adds(layer) for layer in network.layers)


def _layer_multiply_adds(layer: keras.layers.Layer) -> int:
    if isinstance(layer, keras.layers.Conv2D):
        _, height, width, _ = layer.output.shape
        return int(height * width * math.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Dense):
        return int(math.prod(layer.kernel.shape))
    return 0
