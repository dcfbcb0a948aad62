"""What runs a model file: one class for each format, all with the same few members."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError

_ROUNDING = 0.1  # of the sum of ten probabilities in eight bits


class Runner(Protocol):
    """A model file that is loaded: images as they are arranged for it go in, ten numbers for each come out."""

    shape: tuple[int | None, ...]
    """The sides of one image, None where any will do."""
    whole: bool
    """Whether it takes whole numbers from 0 to 255."""
    params: int | None
    """The number of its parameters, where that is known."""

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the model gives for some images, float32 (n, 10).

        Raises:
            InputError: if it cannot be run, or gives something else; the message goes on after the file's name.
        """


def without_batch(shape: list[int | None]) -> tuple[int | None, ...]:
    """Return the sides of one image from the shape of an input, whose first side is the number of images.

    Raises:
        InputError: if that number is fixed to several images.
    """
    if not shape:
        raise InputError("does not say which images it takes.")
    if shape[0] not in (None, 1):
        raise InputError(f"takes {shape[0]} images at a time: export it with a batch dimension of 1, or a dynamic one.")
    return tuple(shape[1:])


def expect_one_input(count: int) -> None:
    """Refuse a model with several inputs; raises InputError."""
    if count != 1:
        raise InputError(f"takes {count} inputs, and one is needed: the image.")


def refuse_outputs(widths: list[int | None]) -> InputError:
    """Return the error for a model none of whose outputs has ten numbers."""
    known = [width for width in widths if width is not None]
    given = f"{known[0]:,} numbers" if known and known[0] != 1 else "one number"
    return InputError(f"gives {given} an image, and {N_CLASSES} are needed: one for each class.")


def even_out(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities of few bits divided by their sums, which are near one; logits stay as they are."""
    sums = scores.sum(axis=1, keepdims=True)
    near = (scores.min(axis=1, keepdims=True) >= 0) & (np.abs(sums - 1) <= _ROUNDING)
    return np.where(near, scores / np.where(near, sums, 1), scores).astype(np.float32)


def first_line(error: Exception) -> str:
    """Return the beginning of what a library says of an error, in brackets or quotes of its own."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:200].rstrip(" .")
