"""Arrays in NumPy's files, read without trust: sizes are checked first, and nothing is unpickled."""

import io
import math
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

MOST_BYTES = 2**26  # of the arrays of one file: 60,000 rows of ten probabilities in double precision are a tenth of it

# What reading a damaged archive raises
_DAMAGES = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
_PICKLE = b"\x80"
_READ_HEADER = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class ArchiveError(ValueError):
    """A file cannot be read as arrays; the message goes on after the file's name."""


def parse_npy(data: bytes) -> np.ndarray:
    """Return the array of an `.npy` file.

    Raises:
        ArchiveError: if it is damaged, holds Python objects, or tells of more numbers than it has.
    """
    stream = io.BytesIO(data)
    shape, fortran, dtype = _read_header(stream, data)
    if dtype.hasobject:
        raise ArchiveError("holds pickled Python objects, which are never loaded. Save an array of numbers.")
    count, start = math.prod(shape), stream.tell()
    if min(shape, default=1) < 0 or dtype.itemsize == 0 or count * dtype.itemsize != len(data) - start:
        raise ArchiveError("is damaged: it does not hold as many numbers as it says.")
    flat = np.frombuffer(data, dtype, count, start)
    return flat.reshape(shape, order="F" if fortran else "C")


def parse_npz(data: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of an `.npz` file by name.

    Raises:
        ArchiveError: if it is damaged, would unpack into more than 64 MB, or holds Python objects.
    """
    return _unpack(io.BytesIO(data), None)


def load_arrays(path: Path, wanted: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Return the arrays of an archive on disk by name; of those `wanted` the ones that it has, and only they are read.

    Raises:
        ArchiveError: as `parse_npz` does, or if the file is missing.
    """
    try:
        with path.open("rb") as stream:
            return _unpack(stream, wanted)
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror}.") from error


def render_npz(**arrays: np.ndarray) -> bytes:
    """Return the bytes of a compressed archive of arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    return buffer.getvalue()


def _unpack(stream: BinaryIO, wanted: Collection[str] | None) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise ArchiveError(f"would unpack into more than {MOST_BYTES / 2**20:.0f} MB.")
            names = [name for name in members if wanted is None or name in wanted]
            return {name: parse_npy(archive.read(members[name])) for name in names}
    except ArchiveError:
        raise
    except _DAMAGES as error:
        raise ArchiveError("is damaged, or not a NumPy archive.") from error


def _read_header(stream: io.BytesIO, data: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    if data[:1] == _PICKLE:
        raise ArchiveError("is a pickle, which could run any program. Save it with numpy.save or numpy.savez.")
    try:
        read = _READ_HEADER.get(np.lib.format.read_magic(stream))
        if read is None:
            raise ArchiveError("uses a version of NumPy's format that is not supported.")
        return read(stream)
    except ArchiveError:
        raise
    except Exception as error:  # NumPy parses the header as Python: a hostile one can raise almost anything
        raise ArchiveError("is damaged, or not a NumPy file.") from error
