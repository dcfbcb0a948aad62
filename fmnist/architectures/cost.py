"""What a network costs, counted from its layers: `python -m fmnist.architectures.cost MODEL…` prints JSON."""

import json
import math
import sys

import keras

from fmnist.architectures.catalogue import get_architecture


def count_multiply_adds(network: keras.Model) -> int:
    """Count the multiply-adds of convolutions and dense layers for one image; biases and normalisation are left out."""
    return sum(_layer_multiply_adds(layer) for layer in network.layers)


def count_training_multiply_adds(network: keras.Model) -> int:
    """Count the multiply-adds of training on one image: forward, and back to each layer's weights and to its input.

    The first layer is spared the last of the three, since nobody asks for a gradient of the image.
    """
    first = next(count for count in map(_layer_multiply_adds, network.layers) if count)
    return 3 * count_multiply_adds(network) - first


def _layer_multiply_adds(layer: keras.layers.Layer) -> int:
    if isinstance(layer, keras.layers.Conv2D):
        _, height, width, _ = layer.output.shape
        return int(height * width * math.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Dense):
        return int(math.prod(layer.kernel.shape))
    return 0


if __name__ == "__main__":
    counts = {name: count_training_multiply_adds(get_architecture(name).build()) for name in sys.argv[1:]}
    sys.stdout.write(json.dumps(counts))
