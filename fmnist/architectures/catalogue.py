"""The catalogue of architectures, as plain data: it imports no deep-learning library.

Comments give the shape of a layer's output. The layers of a key never change, as runs are identified by it.
"""

from dataclasses import dataclass

from fmnist.architectures.layers import (
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    InvertedResidual,
    Layers,
    Pooling,
    Residual,
)
from fmnist.architectures.shapes import trace_complete
from fmnist.errors import InputError


@dataclass(frozen=True)
class Architecture:
    """A network: key, title, description, and its layers but for the output, which is the same for all."""

    name: str
    title: str
    description: str
    layers: Layers

    @property
    def params(self) -> int:
        """The number of parameters, with the moving averages of normalisations."""
        return trace_complete(self.layers).params

    @property
    def multiply_adds(self) -> int:
        """The multiply-adds of its convolutions and dense layers for one image."""
        return trace_complete(self.layers).multiply_adds


def _plain(width: int) -> Convolution:
    return Convolution(width, normalised=False)


def _mobile(squeeze: bool) -> Layers:
    """Return a mobile network: widths in multiples of 16, as vector instructions are, and a standard stem.

    Depthwise convolutions are slow on processors, so none stands at 28×28. A step still takes 1.7 times as
    long as ResNet's, for 60% of its multiply-adds.
    """
    return (
        Convolution(16),  # 28×28×16
        Convolution(32, pool=2),  # 14×14×32
        InvertedResidual(32, squeeze=squeeze),  # 14×14×32
        InvertedResidual(32, squeeze=squeeze),  # 14×14×32
        InvertedResidual(32, squeeze=squeeze),  # 14×14×32
        InvertedResidual(64, stride=2, squeeze=squeeze),  # 7×7×64
        InvertedResidual(64, squeeze=squeeze),  # 7×7×64
        InvertedResidual(64, squeeze=squeeze),  # 7×7×64
        InvertedResidual(96, squeeze=squeeze),  # 7×7×96
        InvertedResidual(96, squeeze=squeeze),  # 7×7×96
        Convolution(128, kernel=1),  # 7×7×128
        GlobalAverage(),  # 128
        Dropout(0.2),
    )


ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "ann",
            "ANN",
            "Two dense layers of 128 and 64 on the flattened image",
            (Flatten(), Dense(128), Dense(64)),
        ),
        Architecture(
            "basic_cnn",
            "Basic CNN",
            "Two convolutions (32, 64), each pooled, and a dense layer of 128",
            (
                _plain(32),  # 28×28×32
                Pooling(),  # 14×14×32
                _plain(64),  # 14×14×64
                Pooling(),  # 7×7×64
                Flatten(),
                Dense(128),
            ),
        ),
        Architecture(
            "deeper_cnn",
            "Deeper CNN",
            "Five convolutions (32 to 128) with batch normalisation and dropout, and a dense layer of 256",
            # Pooling comes before normalisation, and the wide convolutions work on small maps
            (
                Convolution(32, pool=2),  # 14×14×32
                Convolution(32),  # 14×14×32
                Convolution(64, pool=2),  # 7×7×64
                Dropout(0.2),
                Convolution(64),  # 7×7×64
                Convolution(128, pool=2),  # 3×3×128
                Dropout(0.3),
                Flatten(),
                Dense(256, normalised=True),
                Dropout(0.4),
            ),
        ),
        Architecture(
            "compact_cnn",
            "Compact CNN",
            "Six narrow convolutions (16 to 64) with batch normalisation, under 100,000 parameters",
            # Widths are multiples of 16, as vector instructions are: with 24, 24, 40 and 40 it took three times as long
            (
                Convolution(16),  # 28×28×16
                Convolution(32, pool=2),  # 14×14×32
                Convolution(32),  # 14×14×32
                Convolution(48, pool=2),  # 7×7×48
                Convolution(64),  # 7×7×64
                Convolution(64, pool=2),  # 3×3×64
                Dropout(0.2),
                Flatten(),
            ),
        ),
        Architecture(
            "cnn_bn",
            "CNN-BN",
            "Three convolutions (32, 64, 128), each with batch normalisation, pooling and dropout",
            (
                Convolution(32),  # 28×28×32
                Pooling(),  # 14×14×32
                Dropout(0.25),
                Convolution(64),  # 14×14×64
                Pooling(),  # 7×7×64
                Dropout(0.25),
                Convolution(128),  # 7×7×128
                Pooling(),  # 3×3×128
                Dropout(0.25),
                Flatten(),
                Dense(128),
                Dropout(0.5),
            ),
        ),
        Architecture(
            "cnn_gap",
            "CNN-GAP",
            "Pairs of convolutions with batch normalisation, averaged over the image instead of flattened",
            (
                Convolution(32),  # 28×28×32
                Pooling(),  # 14×14×32
                Dropout(0.25),
                Convolution(64),  # 14×14×64
                Convolution(64),  # 14×14×64
                Pooling(),  # 7×7×64
                Dropout(0.25),
                Convolution(128),  # 7×7×128
                GlobalAverage(),  # 128
                Dense(128),
                Dropout(0.25),
            ),
        ),
        Architecture(
            "cnn_three",
            "CNN-3",
            "Three convolutions (32, 64, 64) and a dense layer of 256 with dropout",
            (
                _plain(32),  # 28×28×32
                Pooling(),  # 14×14×32
                _plain(64),  # 14×14×64
                Pooling(),  # 7×7×64
                _plain(64),  # 7×7×64
                Flatten(),
                Dense(256),
                Dropout(0.5),
            ),
        ),
        Architecture(
            "cnn_small",
            "Small CNN",
            "Two convolutions (32, 64), each pooled, and a dense layer of 64 with dropout",
            (
                _plain(32),  # 28×28×32
                Pooling(),  # 14×14×32
                _plain(64),  # 14×14×64
                Pooling(),  # 7×7×64
                Flatten(),
                Dense(64),
                Dropout(0.5),
            ),
        ),
        Architecture(
            "resnet",
            "ResNet",
            "Two convolutions (16, 48) and four residual blocks (48 to 160) with batch normalisation",
            (
                Convolution(16),  # 28×28×16
                Convolution(48, pool=2),  # 14×14×48
                Residual(48),  # 14×14×48
                Residual(96, stride=2),  # 7×7×96
                Residual(96),  # 7×7×96
                Residual(160, stride=2),  # 4×4×160
                Dropout(0.3),
                Flatten(),
            ),
        ),
        Architecture(
            "vgg",
            "VGG",
            "Ten convolutions of 3×3 (16 to 160) with batch normalisation: ResNet without its shortcuts",
            (
                Convolution(16),  # 28×28×16
                Convolution(48, pool=2),  # 14×14×48
                Convolution(48),  # 14×14×48
                Convolution(48),  # 14×14×48
                Convolution(96, stride=2),  # 7×7×96
                Convolution(96),  # 7×7×96
                Convolution(96),  # 7×7×96
                Convolution(96),  # 7×7×96
                Convolution(160, stride=2),  # 4×4×160
                Convolution(160),  # 4×4×160
                Dropout(0.3),
                Flatten(),
            ),
        ),
        Architecture(
            "mobilenet",
            "MobileNet",
            "Eight inverted residual blocks (32 to 96) of depthwise convolutions, averaged over the image",
            _mobile(squeeze=False),
        ),
        Architecture(
            "efficientnet",
            "EfficientNet",
            "MobileNet with squeeze-and-excitation in each block, which weighs the channels",
            _mobile(squeeze=True),
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
