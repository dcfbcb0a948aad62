"""The folder that an export is written into: only what an earlier export left there is replaced."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from fmnist.errors import InputError
from fmnist.export.checking import Row
from fmnist.export.formats import FORMATS
from fmnist.export.web_app import NAMES
from fmnist.runs.writing import write_file
from fmnist.wording import shorten

RECORD, CARD, PROGRAM = "export.json", "README.md", "predict.py"

_OURS = {RECORD, CARD, PROGRAM, *(one.file for one in FORMATS.values()), *NAMES}
_OUR_NAMES = {name.split("/")[0] for name in _OURS}


def check_folder(folder: Path) -> None:
    """See that a folder is new, empty or of an earlier export.

    Raises:
        InputError: if it holds other files, or is none.
        OSError: if it cannot be read.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is not a folder: choose another one.")
    names = {path.name for path in folder.glob("[!.]*")}  # hidden files are the system's
    foreign = sorted(names - _OUR_NAMES if _is_ours(folder) else names)
    if foreign:
        raise InputError(f"{folder} holds files of something else ({shorten(foreign)}): choose a new or empty folder.")


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of an export, each whole or not at all, and remove those of an earlier one.

    The record comes first, since it marks the folder as ours. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: name != RECORD):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, files[name])
    kept = {name.split("/")[0] for name in files}
    for name in _OURS - set(files) - kept:
        top = name.split("/")[0]
        _remove(folder / (name if top in kept else top))


def read_contents(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of some files of a folder, and of all files in those that are folders, by relative name."""
    parts = [part for name in names for part in [folder / name, *(folder / name).rglob("*")] if part.is_file()]
    return {part.relative_to(folder).as_posix(): part.read_bytes() for part in parts}


def render_record(run: str, rows: Sequence[Row]) -> str:
    """Return the record of an export as JSON: the key of its run, and a row for each file."""
    return json.dumps({"run": run, "files": [asdict(row) for row in rows]}, indent=2) + "\n"


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_ours(folder: Path) -> bool:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and {"run", "files"} <= set(record)
