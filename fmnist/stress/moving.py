"""Images moved: rotated, scaled, sheared, shifted, mirrored, or smeared along a line. The background is black.

Images are (n, 28, 28) from 0 to 1; angles, factors and shifts are one number, or one for each image (n,).
"""

import numpy as np

from fmnist.stress.draws import Draws, Floats

_SIDE = 28
_CENTRE = (_SIDE - 1) / 2
_Numbers = float | Floats


def rotate(images: Floats, radians: _Numbers) -> Floats:
    """Rotate images about their centre; positive angles turn them to the right."""
    cosine, sine = np.cos(radians), np.sin(radians)
    return _transform(images, cosine, -sine, sine, cosine)


def scale(images: Floats, factor: float) -> Floats:
    """Scale images about their centre; a factor below 1 makes them smaller."""
    return _transform(images, 1 / factor, 0.0, 0.0, 1 / factor)


def shear(images: Floats, pixels_a_row: _Numbers) -> Floats:
    """Shift each row of images sideways, in proportion to its distance from the centre."""
    return _transform(images, 1.0, 0.0, pixels_a_row, 1.0)


def shift(images: Floats, down: _Numbers, right: _Numbers) -> Floats:
    """Shift images by pixels."""
    rows, columns = _grid()
    return sample(images, rows - _each(down), columns - _each(right))


def smear(images: Floats, length: int, radians: Floats) -> Floats:
    """Average images over a line of `length` pixels at an angle to the rows, as a moving camera does."""
    steps = np.arange(length) - (length - 1) / 2
    moved = (shift(images, step * np.sin(radians), step * np.cos(radians)) for step in steps)
    return sum(moved, np.zeros_like(images)) / length


def random_rotation(images: Floats, draws: Draws, radians: float) -> Floats:
    """Rotate each image to the left or to the right."""
    return rotate(images, radians * draws.signs())


def random_shear(images: Floats, draws: Draws, pixels_a_row: float) -> Floats:
    """Shear each image to the left or to the right."""
    return shear(images, pixels_a_row * draws.signs())


def random_shift(images: Floats, draws: Draws, pixels: float) -> Floats:
    """Shift each image by so many pixels both vertically and horizontally, each way at random."""
    return shift(images, pixels * draws.signs(), pixels * draws.signs())


def shrink(images: Floats, draws: Draws, factor: float) -> Floats:  # noqa: ARG001
    """Scale all images alike."""
    return scale(images, factor)


def motion_blur(images: Floats, draws: Draws, length: float) -> Floats:
    """Smear each image along a line at a random angle of at most 45° to its rows."""
    return smear(images, int(length), np.pi / 2 * (draws.uniform() - 0.5))


def sample(images: Floats, rows: Floats, columns: Floats) -> Floats:
    """Read images at fractional positions (n or 1, 28, 28), bilinearly; outside they are black."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows, columns = np.clip(rows + 1, 0, _SIDE + 1 - 1e-9), np.clip(columns + 1, 0, _SIDE + 1 - 1e-9)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down, right = rows - top, columns - left
    which = np.arange(len(images))[:, None, None]
    upper = padded[which, top, left] * (1 - right) + padded[which, top, left + 1] * right
    lower = padded[which, top + 1, left] * (1 - right) + padded[which, top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def _transform(images: Floats, a: _Numbers, b: _Numbers, c: _Numbers, d: _Numbers) -> Floats:
    """Read each pixel from where the matrix [[a, b], [c, d]] takes its (row, column), counted from the centre."""
    rows, columns = (axis - _CENTRE for axis in _grid())
    from_rows = _each(a) * rows + _each(b) * columns
    from_columns = _each(c) * rows + _each(d) * columns
    return sample(images, from_rows + _CENTRE, from_columns + _CENTRE)


def _grid() -> tuple[Floats, Floats]:
    places = np.arange(_SIDE, dtype=float)
    return places[None, :, None], places[None, None, :]


def _each(number: _Numbers) -> Floats:
    return np.asarray(number, float).reshape(-1, 1, 1)
