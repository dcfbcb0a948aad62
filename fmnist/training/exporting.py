"""Export a Keras network to the LiteRT file that serves predictions."""

import tempfile
from pathlib import Path
from typing import Any

import keras

from fmnist.runs.layout import EXPORT
from fmnist.runs.writing import replace_file


def export_served(network: keras.Model, path: Path, **converter: Any) -> None:  # noqa: ANN401
    """Write the network as a LiteRT file, atomically.

    The file has two outputs: the probabilities, and the inputs of the last layer as features. Keywords set attributes
    of the converter, such as its `optimizations`.
    """
    export_network(keras.Model(network.inputs, [network.outputs[0], network.layers[-1].input]), path, **converter)


def export_network(network: keras.Model, path: Path, **converter: Any) -> None:  # noqa: ANN401
    """Write a network with the outputs that it has as a LiteRT file, atomically; keywords as in `export_served`."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=EXPORT) as folder:
        temporary = Path(folder) / path.name
        network.export(temporary, format="litert", verbose=False, **converter)
        replace_file(temporary, path)
