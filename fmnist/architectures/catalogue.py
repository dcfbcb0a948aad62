"""The catalogue of architectures, as plain data: it imports no deep-learning library."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from fmnist.errors import InputError

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Architecture:
    """An architecture: key, title, description, number of parameters and multiply-adds for one image."""

    name: str
    title: str
    description: str
    family: str
    params: int
    multiply_adds: int

    def build(self) -> "keras.Model":
        """Build the untrained network: it maps float32 (n, 28, 28, 1) in [0, 1] to softmax probabilities (n, 10)."""
        module = import_module(f"fmnist.architectures.{self.family}")
        network: keras.Model = getattr(module, f"build_{self.name}")()
        return network


ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "ann",
            "ANN",
            "Two dense layers of 128 and 64 on the flattened image",
            "plain",
            params=109_386,
            multiply_adds=109_184,
        ),
        Architecture(
            "basic_cnn",
            "Basic CNN",
            "Two convolutions (32, 64), each pooled, and a dense layer of 128",
            "plain",
            params=421_642,
            multiply_adds=4_241_152,
        ),
        Architecture(
            "deeper_cnn",
            "Deeper CNN",
            "Five convolutions (32 to 128) with batch normalisation and dropout, and a dense layer of 256",
            "normalised",
            params=438_314,
            multiply_adds=11_361_280,
        ),
        Architecture(
            "compact_cnn",
            "Compact CNN",
            "Six narrow convolutions (16 to 64) with batch normalisation, under 100,000 parameters",
            "normalised",
            params=99_098,
            multiply_adds=11_408_256,
        ),
        Architecture(
            "cnn_bn",
            "CNN-BN",
            "Three convolutions (32, 64, 128), each with batch normalisation, pooling and dropout",
            "normalised",
            params=242_218,
            multiply_adds=7_599_872,
        ),
        Architecture(
            "cnn_gap",
            "CNN-GAP",
            "Pairs of convolutions with batch normalisation, averaged over the image instead of flattened",
            "normalised",
            params=148_266,
            multiply_adds=14_694_144,
        ),
        Architecture(
            "cnn_three",
            "CNN-3",
            "Three convolutions (32, 64, 64) and a dense layer of 256 with dropout",
            "plain",
            params=861_386,
            multiply_adds=6_450_176,
        ),
        Architecture(
            "cnn_small",
            "Small CNN",
            "Two convolutions (32, 64), each pooled, and a dense layer of 64 with dropout",
            "plain",
            params=220_234,
            multiply_adds=4_039_808,
        ),
    )
}


def get_architecture(name: str) -> Architecture:
    """Look an architecture up by name.

    Raises:
        InputError: if there is none; the message lists the known ones.
    """
    if name not in ARCHITECTURES:
        raise InputError(f"There is no network {name!r}; choose one of {', '.join(ARCHITECTURES)}.")
    return ARCHITECTURES[name]
