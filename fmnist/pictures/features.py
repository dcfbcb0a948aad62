"""What is known of a stored picture besides its pixels: computed once, kept beside it, and deleted with it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.inference.backbone import BACKBONE, N_FEATURES, Backbone
from fmnist.inference.picture import PictureError, read_picture
from fmnist.inference.prepare import KINDS, Prepared, prepare
from fmnist.pictures.album import Album, Stored
from fmnist.runs.archive import ArchiveError, load_arrays, render_npz
from fmnist.runs.writing import write_file

PREPARATION = 1  # raise it when the preparation of pictures changes: stored features are then computed anew
_NO_VIEWS = np.zeros((0, 1, 1, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Described:
    """A stored picture as models see it: `prepared`, without views, and the backbone's features, float32 (1280,)."""

    stored: Stored
    prepared: Prepared
    features: NDArray[np.float32]


def load_described(album: Album, pictures: Sequence[Stored]) -> list[Described]:
    """Return what is known of those pictures whose features were computed already."""
    found = (_load(album, stored) for stored in pictures)
    return [described for described in found if described is not None]


def describe_rest(album: Album, pictures: Sequence[Stored], backbone: Backbone) -> Iterator[Stored]:
    """Compute the features of those pictures that have none yet, and yield each that is done.

    A picture that was deleted meanwhile, or cannot be read, is left out.
    """
    for stored in pictures:
        if _load(album, stored) is None:
            with suppress(PictureError, FileNotFoundError):
                _describe(album, stored, backbone)
        yield stored


def _describe(album: Album, stored: Stored, backbone: Backbone) -> None:
    prepared = prepare(read_picture(stored.path))
    arrays = {
        "image": prepared.image,
        "kind": np.array(prepared.kind),
        "features": backbone.features(prepared.views).astype(np.float32),
        "made_by": np.array(_made_by()),
    }
    path = album.features_path(stored)
    path.parent.mkdir(exist_ok=True)
    write_file(path, render_npz(**arrays))
    if not stored.path.exists():  # deleted meanwhile
        path.unlink(missing_ok=True)


def _load(album: Album, stored: Stored) -> Described | None:
    """Return what is known of a picture; None where it is not there, damaged, or of another version."""
    try:
        arrays = load_arrays(album.features_path(stored))
        image, kind, features = arrays["image"], str(arrays["kind"]), arrays["features"].astype(np.float32)
        if str(arrays["made_by"]) != _made_by() or kind not in KINDS:
            return None
        if image.shape != IMAGE_SHAPE or image.dtype != np.uint8 or features.shape != (N_FEATURES,):
            return None
    except (ArchiveError, KeyError, ValueError, TypeError):
        return None
    return Described(stored, Prepared(image, kind, (), (), _NO_VIEWS), features)


@cache
def _made_by() -> str:
    return f"{PREPARATION}-{sha256(BACKBONE.read_bytes()).hexdigest()[:16]}"
