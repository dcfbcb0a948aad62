"""One garment of each class as SVG paths in a square of 100: to draw over, and to make examples of."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_POINTS = 12  # along each line and curve


@dataclass(frozen=True)
class Garment:
    """A garment's closed `parts`, which may lie over each other, and its `seams`; the paths are absolute M, L, C, Z."""

    parts: tuple[str, ...]
    seams: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All its lines."""
        return self.parts + self.seams


GARMENTS = (
    Garment(  # T-shirt/top
        (
            "M36 11 C42 19 58 19 64 11 L75 15 L93 31 L82 47 L72 40 L72 90 C58 92 42 92 28 90 "
            "L28 40 L18 47 L7 31 L25 15 Z",
        ),
        ("M31 13 C38 25 62 25 69 13", "M28 40 L27 29", "M72 40 L73 29"),
    ),
    Garment(  # Trouser
        ("M31 5 L69 5 C72 35 74 65 75 95 L57 95 L50 36 L43 95 L25 95 C26 65 28 35 31 5 Z",),
        ("M30 12 L70 12", "M50 12 L50 36", "M30 24 C34 23 37 19 38 12", "M70 24 C66 23 63 19 62 12"),
    ),
    Garment(  # Pullover
        (
            "M38 8 C44 14 56 14 62 8 L76 14 C83 18 87 26 89 37 L97 84 L84 88 L75 47 L75 91 C60 93 40 93 25 91 "
            "L25 47 L16 88 L3 84 L11 37 C13 26 17 18 24 14 Z",
        ),
        (
            "M33 10 C41 21 59 21 67 10",
            "M25 84 C40 86 60 86 75 84",
            "M4 77 L18 81",
            "M96 77 L82 81",
            "M25 47 L25 34",
            "M75 47 L75 34",
        ),
    ),
    Garment(  # Dress
        (
            "M37 4 L43 4 C44 16 56 16 57 4 L63 4 C63 13 66 19 69 23 C67 31 64 36 63 42 C69 58 75 76 79 93 "
            "C60 97 40 97 21 93 C25 76 31 58 37 42 C36 36 33 31 31 23 C34 19 37 13 37 4 Z",
        ),
        ("M37 42 C45 45 55 45 63 42", "M45 54 L39 90", "M55 54 L61 90"),
    ),
    Garment(  # Coat
        (
            "M38 6 L62 6 L77 13 C84 17 87 26 88 37 L95 82 L83 85 L75 45 L78 95 L22 95 L25 45 L17 85 L5 82 L12 37 "
            "C13 26 16 17 23 13 Z",
        ),
        (
            "M38 6 L29 20 L38 23 L50 42 L62 23 L71 20 L62 6",
            "M38 6 L50 42 L50 95",
            "M62 6 L50 42",
            "M29 68 L42 66",
            "M58 66 L71 68",
            "M55 53 L55 55",
            "M55 65 L55 67",
            "M55 77 L55 79",
        ),
    ),
    Garment(  # Sandal
        (
            "M4 78 C5 72 14 72 26 74 C46 77 62 68 76 56 C84 50 93 52 95 58 C97 68 96 78 94 88 L86 88 "
            "C86 82 85 76 82 71 C68 82 40 90 10 87 C5 86 4 82 4 78 Z",
            "M13 74 C16 60 26 52 38 50 L47 71 C44 73 38 75 32 75 C33 67 30 63 25 65 C21 67 20 70 20 74 Z",
            "M80 57 C74 48 71 40 73 30 C82 24 92 28 94 35 C96 44 95 52 94 60 L89 58 C90 50 90 44 88 39 "
            "C85 35 81 35 78 37 C78 44 81 50 86 56 Z",
        ),
    ),
    Garment(  # Shirt
        (
            "M41 7 L59 7 L77 13 C84 17 87 26 89 36 L96 82 L84 85 L75 45 L75 90 C66 88 61 95 50 95 C39 95 34 88 25 90 "
            "L25 45 L16 85 L4 82 L11 36 C13 26 16 17 23 13 Z",
        ),
        (
            "M41 7 L35 16 L45 23 L50 13 L55 23 L65 16 L59 7",
            "M41 7 C45 11 47 12 50 13 C53 12 55 11 59 7",
            "M50 13 L50 95",
            "M5 75 L18 78",
            "M95 75 L82 78",
            "M58 40 L69 40 L69 52 L63.5 55 L58 52 Z",
            "M54 31 L54 33",
            "M54 47 L54 49",
            "M54 63 L54 65",
            "M54 79 L54 81",
        ),
    ),
    Garment(  # Sneaker
        (
            "M5 72 C6 63 15 60 26 58 C36 54 44 44 51 36 C55 33 59 35 61 39 C65 45 73 45 81 39 C86 35 91 36 93 41 "
            "C96 51 96 62 96 72 L95 82 C95 84 94 85 91 85 L11 85 C6 85 4 81 5 72 Z",
        ),
        (
            "M5 75 C20 79 75 79 96 74",
            "M23 59 C29 63 31 69 30 77",
            "M36 52 L45 58",
            "M41 47 L50 53",
            "M46 41 L55 47",
            "M61 39 C58 52 62 62 74 65 C82 66 90 64 95 62",
        ),
    ),
    Garment(  # Bag
        (
            "M12 42 L88 42 C90 58 92 73 93 88 C93 91 92 92 89 92 L11 92 C8 92 7 91 7 88 C8 73 10 58 12 42 Z",
            "M28 42 C28 17 36 8 50 8 C64 8 72 17 72 42 L65 42 C65 22 60 15 50 15 C40 15 35 22 35 42 Z",
        ),
        ("M11 50 C30 68 70 68 89 50", "M45 60 L55 60 L55 68 L45 68 Z"),
    ),
    Garment(  # Ankle boot
        (
            "M50 7 L86 7 C85 30 88 52 93 70 L93 92 L76 92 L74 85 C64 89 54 91 44 91 L11 91 C6 91 4 87 5 81 "
            "C7 70 20 67 34 61 C44 57 50 45 50 31 Z",
        ),
        ("M5 83 C22 86 56 85 74 80 L93 77", "M50 15 L86 15", "M60 15 C60 36 66 52 74 62", "M24 66 C30 69 33 74 33 83"),
    ),
)


def trace(path: str) -> list[NDArray[np.float64]]:
    """Return the points (n, 2) along each piece of a path, many along each line, too, so that it can be bent."""
    return [_trace_piece(piece) for piece in path.split("M")[1:]]


def _trace_piece(piece: str) -> NDArray[np.float64]:
    start, *parts = re.findall(r"[LC]?[\d. ]+|Z", piece)
    points = [_points(start)]
    for part in parts:
        corners = points[0][:1] if part == "Z" else _points(part[1:])
        points.append(_bend(points[-1][-1], corners))
    return np.concatenate(points)


def _points(numbers: str) -> NDArray[np.float64]:
    return np.array(numbers.split(), np.float64).reshape(-1, 2)


def _bend(start: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (n, 2) along a line or a cubic Bézier curve, its start left out."""
    at = np.linspace(0, 1, _POINTS + 1)[1:, None]
    if len(corners) == 1:
        return (1 - at) * start + at * corners[0]
    first, second, end = corners
    return (1 - at) ** 3 * start + 3 * (1 - at) ** 2 * at * first + 3 * (1 - at) * at**2 * second + at**3 * end
