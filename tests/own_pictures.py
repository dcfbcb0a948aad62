"""Made-up pictures of one's own, and a model that was taught by some."""

from pathlib import Path

import numpy as np

from fmnist.dataset import CLASS_NAMES
from fmnist.inference.backbone import N_FEATURES
from fmnist.inference.picture import Picture, picture_from_array
from fmnist.pictures.taught import Taught

NAMES = dict(enumerate(CLASS_NAMES)) | {10: "Hat"}


def striped(number: int, across: bool) -> Picture:
    """A made-up item on a table: stripes across or down, nothing that any reader knows."""
    pixels = np.full((120, 100, 3), (150, 120, 90), np.uint8)
    pixels += np.random.default_rng(number).integers(0, 40, pixels.shape, dtype=np.uint8)
    stripes = (np.arange(80 if across else 60) // 6) % 2 * 200
    item = np.broadcast_to(stripes[:, None] if across else stripes[None], (80, 60))
    pixels[20:100, 20:80] = np.roll(item, number, axis=0 if across else 1)[..., None]
    return picture_from_array(pixels)


def made_up_taught(k: int = 11, d: int = 4) -> Taught:
    rng = np.random.default_rng(0)
    return Taught(
        weights=rng.normal(size=(N_FEATURES + d, k)).astype(np.float32),
        centre=rng.normal(size=N_FEATURES + d).astype(np.float32),
        labels=np.arange(k),
        names=tuple(NAMES[label] for label in range(k)),
        references=np.eye(12, N_FEATURES, dtype=np.float32),
        temperature=1.5,
        reader="ab-1",
        truth=np.zeros(12, np.int64),
        before=np.ones(12, np.int64),
        after=np.zeros(12, np.int64),
    )


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
