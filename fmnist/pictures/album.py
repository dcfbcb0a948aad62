"""One browser's pictures on disk, in the form that `score` reads: `<index>_<class>/<id>.png`, and what rests on them.

Features of the pictures lie in `features/`, and `taught.npz` is the model that was fitted on them. Both go with the
pictures.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fmnist.dataset import CLASS_NAMES
from fmnist.errors import InputError
from fmnist.inference.frame import shrink
from fmnist.inference.picture import Picture
from fmnist.paths import expect_writable
from fmnist.pictures.names import find_label, folder_name, parse_folder
from fmnist.pictures.owners import all_pictures, count_bytes, mark_used, remove_folder, remove_forgotten
from fmnist.runs.layout import is_directory
from fmnist.runs.leftovers import clear_leftovers
from fmnist.runs.writing import write_file

SIDE = 336  # pixels of a stored picture at most, those of the canvas: the cut-out sees 320, the backbone 224
MOST_PICTURES = 200
MOST_BYTES = 24 * 2**20  # an export can be uploaded again
MOST_BYTES_OF_ALL = 2 * 2**30  # of all browsers that use this store

_ID = re.compile(r"[0-9a-f]{32}")
_FEATURES, _TAUGHT = "features", "taught.npz"
_PNG = ".png"


@dataclass(frozen=True)
class Stored:
    """A picture on disk: its id, which is a digest of its content, and its label."""

    id: str
    label: int
    path: Path


@dataclass(frozen=True)
class Album:
    """The pictures in one folder; every question is answered by what lies there now."""

    folder: Path

    @property
    def taught(self) -> Path:
        """Where the model lies that was fitted on the pictures."""
        return self.folder / _TAUGHT

    def features_path(self, picture: Stored) -> Path:
        """Return where the features of a picture lie, which need not be there."""
        return self.folder / _FEATURES / f"{picture.id}.npz"

    def list_pictures(self) -> list[Stored]:
        """Return all pictures, by class and then the oldest first."""
        found = []
        for (label, _), folder in self._list_folders():
            for path in folder.glob(f"*{_PNG}"):
                with suppress(FileNotFoundError):  # deleted meanwhile, in another tab
                    if _ID.fullmatch(path.stem):
                        found.append((label, path.stat().st_mtime_ns, path))
        return [Stored(path.stem, label, path) for label, _, path in sorted(found)]

    def class_names(self) -> dict[int, str]:
        """Return the names of the ten classes and of those that were added, by label."""
        return dict(enumerate(CLASS_NAMES)) | dict(named for named, _ in self._list_folders())

    def add(self, picture: Picture, name: str) -> Stored:
        """Store a picture as one of a class, an own or a new one; a picture that is there already changes its class.

        It is stored as PNG, without anything but its pixels.

        Raises:
            InputError: if the name is none, there are too many pictures or classes, or the store cannot be written.
        """
        expect_writable()
        data = encode(picture)
        target = self._plan(hashlib.blake2b(data, digest_size=16).hexdigest(), name)
        before = self.find(target.id)
        if before is not None:
            self._move(before, target)
            return target
        self._expect_room(len(data))
        if not is_directory(self.folder):
            remove_forgotten()
        with self._changing():
            target.path.parent.mkdir(parents=True, exist_ok=True)
            write_file(target.path, data)
        return target

    def find(self, picture_id: str) -> Stored | None:
        """Return the picture with that id, None where there is none."""
        return next((picture for picture in self.list_pictures() if picture.id == picture_id), None)

    def relabel(self, picture_id: str, name: str) -> None:
        """Make a picture one of another class. Raises InputError as `add` does."""
        picture = self.find(picture_id)
        if picture is not None:
            self._move(picture, self._plan(picture_id, name))

    def remove(self, picture_id: str) -> None:
        """Delete a picture with its features and the model that was fitted on it; the last one takes the folder along.

        Raises:
            InputError: if a file cannot be removed.
        """
        picture = self.find(picture_id)
        if picture is None:
            return
        try:
            self.forget_taught()
            self.features_path(picture).unlink(missing_ok=True)
            picture.path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"{picture.path} cannot be removed: {error.strerror}.") from error
        _tidy(picture.path.parent)
        if not self.list_pictures():
            self.clear()

    def clear(self) -> None:
        """Delete all pictures and whatever was made of them. Raises InputError if that cannot be done."""
        remove_folder(self.folder)

    def forget_taught(self) -> None:
        """Delete the model that was fitted on the pictures."""
        self.taught.unlink(missing_ok=True)

    def mark_used(self) -> None:
        """Note that the pictures were used today, and remove what ended processes left half written."""
        if is_directory(self.folder):
            for folder in (self.folder, self.folder / _FEATURES, *(path for _, path in self._list_folders())):
                clear_leftovers(folder)
            mark_used(self.folder)

    def take_over(self, other: "Album") -> None:
        """Take the pictures of another album, which is gone then. Raises InputError as `add` does."""
        names = other.class_names()
        for picture in other.list_pictures():
            if self.find(picture.id) is None:
                self._move(picture, self._plan(picture.id, names[picture.label]))
        other.clear()

    def _plan(self, picture_id: str, name: str) -> Stored:
        """Return where a picture of a class lies, which may be a new one; raises InputError."""
        known = self.class_names()
        label = find_label(name, known)
        folder = self.folder / folder_name(label, known.get(label, name))
        return Stored(picture_id, label, folder / f"{picture_id}{_PNG}")

    def _move(self, picture: Stored, target: Stored) -> None:
        if picture.path != target.path:
            with self._changing():
                target.path.parent.mkdir(parents=True, exist_ok=True)
                picture.path.replace(target.path)
                _tidy(picture.path.parent)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Change the pictures, and forget what they taught; raises InputError where that cannot be done."""
        try:
            yield
            self.forget_taught()
        except OSError as error:
            raise InputError(f"The store {self.folder} cannot be written: {error.strerror}.") from error

    def _list_folders(self) -> list[tuple[tuple[int, str], Path]]:
        if not is_directory(self.folder):
            return []
        folders = ((parse_folder(path.name), path) for path in self.folder.iterdir() if path.is_dir())
        return sorted((named, path) for named, path in folders if named is not None)

    def _expect_room(self, size: int) -> None:
        """Refuse a picture that is one too many, of this browser or of all."""
        if len(self.list_pictures()) >= MOST_PICTURES or count_bytes(self.folder) + size > MOST_BYTES:
            most = f"{MOST_PICTURES} pictures and {MOST_BYTES // 2**20} MB"
            raise InputError(f"No picture was stored: {most} are the most. Delete some first.")
        if count_bytes(all_pictures()) + size > MOST_BYTES_OF_ALL:
            raise InputError("No picture was stored: this server holds as many pictures as it may.")


def encode(picture: Picture) -> bytes:
    """Return a picture as PNG with its transparency, no side above `SIDE`, and without metadata."""
    pixels = shrink(picture.pixels, SIDE)
    if picture.alpha is not None:
        pixels = np.dstack([pixels, shrink(picture.alpha, SIDE)])
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _tidy(folder: Path) -> None:
    """Remove the folder of a class that has no pictures left."""
    with suppress(OSError):
        folder.rmdir()
