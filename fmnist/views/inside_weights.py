"""A picture for each channel of a layer: its map, or the weights of a unit where they lie on an image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmnist.architectures.operations import Connect, Convolve
from fmnist.dataset import IMAGE_SHAPE
from fmnist.inference.inside.network import Activations, OpenNetwork, Values
from fmnist.inference.inside.stages import Stage
from fmnist.views.inside import Channels, rank_channels
from fmnist.views.inside_pictures import paint

N_KERNELS = 12


@dataclass(frozen=True, eq=False)
class Pictured:
    """Pictures of all channels, uint8 (h, w, 3), and what they show; none where there is nothing that lies on an image.

    `maps` are painted on one scale for the layer, `weights` and `effects` each on a scale of its own. An effect is a
    weight times the value that it reads, summed over the maps of the layer before.
    """

    kind: Literal["maps", "weights", "effects", "nothing"]
    pictures: Sequence[NDArray[np.uint8]] = ()


@dataclass(frozen=True, eq=False)
class Kernel:
    """The weights of a map on one map of the layer before, (k, k), painted on the scale of all of its kernels."""

    channel: int
    weights: Values
    picture: NDArray[np.uint8]


def picture_channels(opened: OpenNetwork, activations: Activations, stage: Stage) -> Pictured:
    """Return a picture of each channel of a stage."""
    channels = rank_channels(activations, stage)
    if channels.are_maps:
        return Pictured("maps", [paint_map(channels, channel) for channel in range(channels.count)])
    if not isinstance(stage.operation, Connect):
        return Pictured("nothing")
    weights = opened.weights(stage)
    if weights is None:
        return Pictured("nothing")
    kernel, _ = weights
    shape = shape_read(opened, stage)
    if shape is None:
        return Pictured("nothing")
    if shape[-1] == 1:
        return Pictured("weights", [_paint_alone(one.reshape(shape[:2])) for one in kernel])
    effects = (kernel * activations.tensors[stage.input].ravel()).reshape(-1, *shape).sum(axis=-1)
    return Pictured("effects", [_paint_alone(one) for one in effects])


def paint_map(channels: Channels, channel: int) -> NDArray[np.uint8]:
    """Paint a map on the scale of its layer, uint8 (h, w, 3)."""
    return paint(channels.values[..., channel], channels.limit, channels.signed)


def list_kernels(opened: OpenNetwork, stage: Stage, channel: int) -> list[Kernel]:
    """Return the kernels behind a map, those with the largest weights first; none where it has no convolution."""
    weights = opened.weights(stage) if isinstance(stage.operation, Convolve) else None
    if weights is None:
        return []
    kernel, _ = weights
    depthwise = isinstance(stage.operation, Convolve) and stage.operation.width is None
    own = kernel[0, :, :, channel : channel + 1] if depthwise else kernel[channel]
    limit = float(np.abs(own).max())
    order = np.argsort(-np.abs(own).sum(axis=(0, 1)), kind="stable")[:N_KERNELS]
    return [
        Kernel(channel if depthwise else int(one), own[..., one], paint(own[..., one], limit, signed=True))
        for one in order
    ]


def _paint_alone(values: Values) -> NDArray[np.uint8]:
    return paint(values, float(np.abs(values).max()), signed=True)


def shape_read(opened: OpenNetwork, stage: Stage) -> tuple[int, int, int] | None:
    """Return height, width and channels of what a dense layer reads, where that is maps or the image in one row."""
    before = [one for row in opened.stages for one in row]
    place = before.index(stage)
    shape = before[place - 1].maps.shape if place else (*IMAGE_SHAPE, 1)
    return (shape[0], shape[1], shape[2]) if len(shape) == 3 else None
