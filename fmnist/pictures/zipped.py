"""Pictures as a ZIP file of folders, as `score` reads them: what goes out, and what comes in, which may be hostile.

Names in a file never become paths: of each only its folder's name is read, as that of a class.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fmnist.errors import InputError
from fmnist.inference.picture import MAX_BYTES, PictureError, load_picture
from fmnist.pictures.album import MOST_PICTURES, Album
from fmnist.pictures.names import folder_name, parse_folder

FOLDER = "my-pictures"
MOST_UNPACKED = 500 * 2**20  # bytes of all pictures of a file together

_MOST_ENTRIES = 4 * MOST_PICTURES
_DAMAGES = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Entry:
    """A picture of a ZIP file: its name, and that of its class."""

    info: zipfile.ZipInfo
    class_name: str

    @property
    def name(self) -> str:
        """The name of the picture's file, without its folders."""
        return PurePosixPath(self.info.filename).name


def export_zip(album: Album) -> bytes:
    """Return all pictures of an album as a ZIP file."""
    names, stream = album.class_names(), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # PNG does not become smaller
        for picture in album.list_pictures():
            folder = folder_name(picture.label, names[picture.label])
            archive.writestr(f"{FOLDER}/{folder}/{picture.path.name}", picture.path.read_bytes())
    return stream.getvalue()


def list_entries(data: bytes) -> list[Entry]:
    """Return the pictures of a ZIP file that lie in folders `<index>_<name>`, at any depth.

    Raises:
        InputError: if it is no ZIP file, holds no such pictures, too many of them, or too many bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except _DAMAGES as error:
        raise InputError("The file is damaged, or no ZIP file: export it again.") from error
    entries = [entry for entry in map(_as_entry, infos[: _MOST_ENTRIES + 1]) if entry is not None]
    if not entries:
        raise InputError("The ZIP file holds no pictures in folders named <index>_<name>, such as 0_tshirt or 10_hat.")
    if len(infos) > _MOST_ENTRIES or sum(entry.info.file_size for entry in entries) > MOST_UNPACKED:
        most = f"{_MOST_ENTRIES:,} files and {MOST_UNPACKED // 2**20} MB"
        raise InputError(f"The ZIP file holds too much: {most} are the most, unpacked.")
    return entries


def import_entries(album: Album, data: bytes, entries: list[Entry]) -> Iterator[str]:
    """Store the pictures of a ZIP file one after the other; yield "" for each, or why it was left out.

    Raises:
        InputError: if the album is full, or the store cannot be written.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in entries:
            try:
                with archive.open(entry.info) as stream:
                    picture = load_picture(stream.read(MAX_BYTES + 1))
            except PictureError as error:
                yield f"{entry.name}: {error}"
                continue
            except _DAMAGES:
                yield f"{entry.name}: The file is damaged, or locked by a password."
                continue
            album.add(picture, entry.class_name)
            yield ""


def _as_entry(info: zipfile.ZipInfo) -> Entry | None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if info.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
        return None
    named = parse_folder(path.parent.name)
    return None if named is None else Entry(info, named[1])
