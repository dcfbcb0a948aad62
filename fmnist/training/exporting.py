"""Keras network → the LiteRT file that predictions are served from."""

import tempfile
from pathlib import Path

import keras

from fmnist.runs.writing import replace_file


def export_served(network: keras.Model, path: Path) -> None:
    """Write the network as a LiteRT file; it appears whole or not at all.

    It gives the probabilities and the features that they are made from: what the last layer is given.
    """
    served = keras.Model(network.inputs, [network.outputs[0], network.layers[-1].input])
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        temporary = Path(folder) / path.name
        served.export(temporary, format="litert", verbose=False)
        replace_file(temporary, path)
