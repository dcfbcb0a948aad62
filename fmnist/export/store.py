"""The exports of a store: a folder for each run, with the files to ship, where their answers change, and the job.

`exports/<run id>/files` is what is shipped, written whole when a job has ended well.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np

from fmnist.export.checking import Row
from fmnist.export.folder import RECORD, read_contents
from fmnist.export.formats import FORMATS
from fmnist.runs.archive import ArchiveError, load_arrays, render_npz
from fmnist.runs.layout import EXPORTS, RUN_ID, user_store
from fmnist.runs.run import RunError
from fmnist.runs.schema import read_record
from fmnist.runs.writing import write_file

FILES, CHANGED = "files", "changed.npz"


@dataclass(frozen=True)
class Record:
    """What `export.json` holds."""

    run: Annotated[str, msgspec.Meta(max_length=200)]
    files: list[Row]


@dataclass(frozen=True, eq=False)
class Changed:
    """The test images whose class a file changes: positions (k,), and its probabilities of these (k, 10)."""

    positions: np.ndarray
    probs: np.ndarray


@dataclass(frozen=True, eq=False)
class Exported:
    """A finished export: its folder, and a row for each file."""

    folder: Path
    rows: Sequence[Row]

    def load_changed(self, key: str) -> Changed:
        """Return the images whose class the file of a format changes; raises RunError."""
        try:
            arrays = load_arrays(self.folder / CHANGED, (f"{key}_positions", f"{key}_probs"))
            return Changed(arrays[f"{key}_positions"], arrays[f"{key}_probs"])
        except (ArchiveError, KeyError) as error:
            raise RunError(f"{CHANGED} of this export cannot be read. Export the run again.") from error

    def read_file(self, row: Row) -> bytes:
        """Return the content of a row's file as it is downloaded: a folder becomes a ZIP file; raises OSError."""
        folder, name = self.folder / FILES, row.file.split("/")[0]
        if (folder / name).is_dir():
            return zip_contents(read_contents(folder, [name]))
        return (folder / name).read_bytes()

    def download_name(self, row: Row) -> str:
        """Return the name under which a row's file is downloaded."""
        name = row.file.split("/")[0]
        return f"{name}.zip" if (self.folder / FILES / name).is_dir() else name

    def read_folder(self, name: str) -> bytes:
        """Return all files in a ZIP file, in a folder with that name; raises OSError."""
        folder = self.folder / FILES
        contents = read_contents(folder, [path.name for path in sorted(folder.glob("[!.]*"))])
        return zip_contents({f"{name}/{part}": content for part, content in contents.items()})


def export_folder(run: str) -> Path:
    """Return where the export of a run lies.

    Raises:
        RunError: if it is not the key of a run.
    """
    if not RUN_ID.fullmatch(run):
        raise RunError(f"{run!r} is not the key of a run.")
    return user_store() / EXPORTS / run


def find_exported(run: str) -> Exported | None:
    """Return the finished export of a run; None where there is none, or one that this version cannot read."""
    folder = export_folder(run)
    try:
        record = read_record(folder / FILES / RECORD, Record)
    except RunError:
        return None
    return Exported(folder, [row for row in record.files if _is_ours(row)])


def save_changed(folder: Path, stored: np.ndarray, probs: Mapping[str, np.ndarray]) -> None:
    """Write where the answers of each file differ from those of the run, (10000, 10); raises OSError."""
    before = stored.argmax(axis=1)
    arrays: dict[str, np.ndarray] = {}
    for key, given in probs.items():
        positions = np.flatnonzero(given.argmax(axis=1) != before)
        arrays |= {f"{key}_positions": positions.astype(np.int32), f"{key}_probs": given[positions]}
    write_file(folder / CHANGED, render_npz(**arrays))


def zip_contents(contents: Mapping[str, bytes]) -> bytes:
    """Return files by relative name as a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _is_ours(row: Row) -> bool:
    """Return whether a row names the file of its format: a name never becomes a path unchecked."""
    return row.format in FORMATS and FORMATS[row.format].file == row.file
