"""The kinds of corruption at five severities, the sweeps, and the pictures that both make of test images.

Sources: Hendrycks and Dietterich (2019), Benchmarking Neural Network Robustness to Common Corruptions and
Perturbations (ImageNet-C), and Mu and Gilmer (2019), MNIST-C: A Robustness Benchmark for Computer Vision. The code is
ours. Each level is theirs unless docs/stress.md says otherwise.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.stress import blurring, covering, lighting, moving
from fmnist.stress.draws import Draws, Floats

DEFINITION = 1  # counts the definitions below: results of another one are not comparable
SEED = 0
SEVERITIES = (1, 2, 3, 4, 5)
CLEAN = "clean"


@dataclass(frozen=True)
class Corruption:
    """One kind of corruption: key, title, group, what it does, and its level at each of the five severities."""

    key: str
    title: str
    group: str
    description: str
    levels: Sequence[Any]
    apply: Callable[[Floats, Draws, Any], Floats]

    @property
    def explanation(self) -> str:
        """What it does at each severity, as in "Size factor: 0.9, 0.8, 0.7, 0.6, 0.5"."""
        return f"{self.description}: {', '.join(map(str, self.levels))}"


@dataclass(frozen=True)
class Sweep:
    """One way to move an image step by step: key, title, axis, the values, the one that changes nothing, and how."""

    key: str
    title: str
    axis: str
    values: Sequence[float]
    neutral: float
    apply: Callable[[Floats, float], Floats]
    names: Sequence[str] = ()


CORRUPTIONS: dict[str, Corruption] = {
    one.key: one
    for one in (
        Corruption(
            "gaussian_noise",
            "Gaussian noise",
            "Noise",
            "Normal noise of a standard deviation",
            (0.08, 0.12, 0.18, 0.26, 0.38),
            blurring.gaussian_noise,
        ),
        Corruption(
            "shot_noise",
            "Shot noise",
            "Noise",
            "Poisson noise: photons counted in a white pixel",
            (60, 25, 12, 5, 3),
            blurring.shot_noise,
        ),
        Corruption(
            "impulse_noise",
            "Impulse noise",
            "Noise",
            "Share of pixels that turn black or white",
            (0.03, 0.06, 0.09, 0.17, 0.27),
            blurring.impulse_noise,
        ),
        Corruption(
            "gaussian_blur",
            "Gaussian blur",
            "Blur",
            "Standard deviation in pixels",
            (0.5, 0.75, 1.0, 1.5, 2.0),
            blurring.gaussian_blur,
        ),
        Corruption(
            "motion_blur",
            "Motion blur",
            "Blur",
            "Length in pixels, at an angle up to 45°",
            (3, 5, 7, 9, 11),
            moving.motion_blur,
        ),
        Corruption(
            "glass_blur",
            "Glass blur",
            "Blur",
            "Standard deviation of the blur, reach of the swaps in pixels, rounds",
            ((0.5, 1, 1), (0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3), (1.1, 3, 2)),
            blurring.glass_blur,
        ),
        Corruption(
            "brightness", "Brightness", "Light", "Added to every pixel", (0.1, 0.2, 0.3, 0.4, 0.5), lighting.brighten
        ),
        Corruption(
            "contrast",
            "Contrast",
            "Light",
            "Share of the contrast that is left",
            (0.4, 0.3, 0.2, 0.1, 0.05),
            lighting.lower_contrast,
        ),
        Corruption(
            "invert",
            "Inversion",
            "Light",
            "Threshold from which pixels are inverted; 0 inverts all",
            (0.875, 0.75, 0.5, 0.25, 0.0),
            lighting.invert,
        ),
        Corruption(
            "fog",
            "Fog",
            "Light",
            "Thickness, and decay of the clouds",
            ((0.2, 3.0), (0.5, 3.0), (0.75, 2.5), (1.0, 2.0), (1.5, 1.75)),
            lighting.fog,
        ),
        Corruption(
            "spatter",
            "Spatter",
            "Cover",
            "Share of the pixels under drops of mud",
            (0.05, 0.1, 0.15, 0.2, 0.3),
            covering.spatter,
        ),
        Corruption("stripe", "Stripes", "Cover", "Columns inverted on either side", (1, 3, 5, 7, 9), covering.stripe),
        Corruption("dotted_line", "Dotted lines", "Cover", "Number of lines", (1, 2, 3, 4, 5), covering.dotted_lines),
        Corruption("scale", "Scale", "Geometry", "Size factor", (0.9, 0.8, 0.7, 0.6, 0.5), moving.shrink),
        Corruption(
            "rotate",
            "Rotation",
            "Geometry",
            "Angle in radians, either way",
            (0.2, 0.4, 0.6, 0.8, 1.0),
            moving.random_rotation,
        ),
        Corruption(
            "shear",
            "Shear",
            "Geometry",
            "Pixels sideways a row, either way",
            (0.2, 0.4, 0.6, 0.8, 1.0),
            moving.random_shear,
        ),
        Corruption(
            "translate",
            "Translation",
            "Geometry",
            "Pixels, diagonally, either way",
            (1, 2, 3, 4, 5),
            moving.random_shift,
        ),
        Corruption("jpeg", "JPEG", "Digital", "Quality", (25, 18, 15, 10, 7), covering.jpeg),
        Corruption("pixelate", "Pixelation", "Digital", "Pixels a side", (16, 14, 11, 8, 7), covering.pixelate),
    )
}


def _mirror(images: Floats, way: float) -> Floats:
    """Mirror images: 1 left to right, 2 upside down, 3 both."""
    sideways = images[:, :, ::-1] if int(way) & 1 else images
    return sideways[:, ::-1] if int(way) & 2 else sideways


_SHIFTS = tuple(float(step) for step in range(-12, 13, 2))

SWEEPS: dict[str, Sweep] = {
    one.key: one
    for one in (
        Sweep(
            "rotation",
            "Rotation",
            "Angle in degrees (positive: to the right)",
            tuple(float(angle) for angle in range(-180, 181, 15)),
            0.0,
            lambda images, degrees: moving.rotate(images, math.radians(degrees)),
        ),
        Sweep(
            "shift_x",
            "Shift sideways",
            "Pixels to the right",
            _SHIFTS,
            0.0,
            lambda images, pixels: moving.shift(images, 0.0, pixels),
        ),
        Sweep(
            "shift_y",
            "Shift up and down",
            "Pixels down",
            _SHIFTS,
            0.0,
            lambda images, pixels: moving.shift(images, pixels, 0.0),
        ),
        Sweep("zoom", "Zoom", "Size factor", tuple(tenths / 10 for tenths in range(4, 17)), 1.0, moving.scale),
        Sweep(
            "mirror",
            "Mirroring",
            "",
            (0.0, 1.0, 2.0, 3.0),
            0.0,
            _mirror,
            ("As they are", "Left to right", "Upside down", "Both"),
        ),
    )
}


@dataclass(frozen=True)
class Condition:
    """One way in which all images are changed: a corruption at a severity, a value of a sweep, or not at all."""

    kind: str
    value: float = 0.0

    @property
    def key(self) -> str:
        """Its name in files, as in "fog:3" or "rotation:-90"."""
        return f"{self.kind}:{self.value:g}"


UNCHANGED = Condition(CLEAN)


def list_corrupted() -> list[Condition]:
    """Return the unchanged images, then every corruption at every severity."""
    return [UNCHANGED, *(Condition(key, severity) for key in CORRUPTIONS for severity in SEVERITIES)]


def list_swept() -> list[Condition]:
    """Return every value of every sweep."""
    return [Condition(sweep.key, value) for sweep in SWEEPS.values() for value in sweep.values]


def change_images(
    images: NDArray[np.uint8],
    positions: Sequence[int] | NDArray[np.integer[Any]],
    condition: Condition,
    seed: int = SEED,
) -> NDArray[np.uint8]:
    """Return images under a condition, uint8 (n, 28, 28); the same whoever asks.

    Args:
        images: uint8 (n, 28, 28).
        positions: where each of them lies in the test set, which decides its noise.
        condition: what is done to them.
        seed: of the noise.
    """
    if condition.kind == CLEAN:
        return images
    floats = images / 255
    if condition.kind in SWEEPS:
        changed = SWEEPS[condition.kind].apply(floats, condition.value)
    else:
        kind, severity = CORRUPTIONS[condition.kind], int(condition.value)
        changed = kind.apply(floats, Draws(seed, kind.key, severity, positions), kind.levels[severity - 1])
    return np.rint(255 * np.clip(changed, 0, 1)).astype(np.uint8)


def choose_positions(count: int, seed: int = SEED) -> NDArray[np.int32]:
    """Return the positions of `count` test images in random order: fewer are the first of more."""
    return np.random.default_rng(seed).permutation(10_000)[:count].astype(np.int32)
