"""Whose pictures they are: each browser holds a key, and the folder of its pictures is named by the key's digest.

Who reads the folders' names cannot make a key of them, and who has no key finds no pictures.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from fmnist.errors import InputError
from fmnist.runs.layout import user_store

FORGOTTEN_DAYS = 400  # without use, after which a browser has lost its key and nobody can reach the pictures
FOLDER = "pictures"

_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_DIGITS = 32
_GRAVE = ".deleted"


def make_key() -> str:
    """Return a new key that nobody can guess."""
    return secrets.token_urlsafe(24)


def is_key(text: object) -> bool:
    """Return whether a text, which may come from anybody, has the form of a key."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


def folder_of(key: str) -> Path:
    """Return the folder of the pictures of the browser with that key; it need not be there."""
    if not is_key(key):
        raise ValueError("This is no key.")
    return all_pictures() / hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]


def all_pictures() -> Path:
    """Return the folder that holds the folders of all browsers."""
    return user_store() / FOLDER


def store_name() -> str:
    """Return what tells this store from others that a browser may know at the same address."""
    return hashlib.sha256(str(user_store()).encode()).hexdigest()[:8]


def mark_used(folder: Path) -> None:
    """Note that a folder was used today, so that it is not forgotten."""
    with suppress(OSError):
        os.utime(folder)


def remove_forgotten() -> None:
    """Remove the pictures of browsers that have not used them for so long that they have lost their key.

    What a process that was killed had begun to remove goes, too.
    """
    limit = time.time() - FORGOTTEN_DAYS * 24 * 3600
    with suppress(OSError):
        for folder in [*all_pictures().iterdir()]:
            if folder.name.endswith(_GRAVE):
                _remove_for_good(folder)
            elif folder.is_dir() and not folder.is_symlink() and folder.stat().st_mtime < limit:
                remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, and the one above it where that is empty then.

    Raises:
        InputError: if it cannot be removed.
    """
    grave = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}{_GRAVE}")
    try:
        folder.rename(grave)  # at once: what is being written meanwhile does not come between
        _remove_for_good(grave)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise InputError(f"{folder} cannot be removed: {error.strerror}.") from error
    with suppress(OSError):
        folder.parent.rmdir()


def _remove_for_good(grave: Path) -> None:
    while grave.exists():
        with suppress(FileNotFoundError):  # another process removes it, too
            shutil.rmtree(grave)


def count_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.lstat().st_size for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    found = []
    for where, _, names in os.walk(folder):
        found += [Path(where, name) for name in names]
    return found
