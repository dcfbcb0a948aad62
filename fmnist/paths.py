"""Where the parts of the product lie that are not Python modules, and which files and folders the user names."""

import os
from importlib.resources import files
from pathlib import Path

from fmnist.errors import InputError

_PACKAGE = Path(str(files("fmnist")))
_BUNDLED = _PACKAGE / "_home"


def home() -> Path:
    """Return the folder that holds `app.py`, `pages` and `artifacts`.

    In a checkout that is the folder above the package; an installed wheel carries a copy inside the package.
    """
    return _BUNDLED if is_installed() else _PACKAGE.parent


def is_installed() -> bool:
    """Return whether the package was installed from a wheel, rather than imported from a checkout."""
    return _BUNDLED.is_dir()


def own_artifacts() -> Path:
    """Return the folder for what the user makes.

    In a checkout that is `artifacts`; an installed copy, which the next version replaces, uses the platform's folder
    for a user's data, such as `~/.local/share/fmnist-lab`.

    Raises:
        InputError: if that folder is not known, because the user has no home.
    """
    if not is_installed():
        return home() / "artifacts"
    from platformdirs import user_data_path  # only installed copies ask

    folder = user_data_path("fmnist-lab", appauthor=False)
    if not folder.is_absolute():
        raise InputError("No home folder is known for your runs: set FMNIST_ARTIFACTS_DIR to a folder.")
    return folder


def home_is_known() -> bool:
    """Return whether the user has a home folder: one that a container gives a bare number has none."""
    try:
        return bool(Path.home())
    except RuntimeError:
        return False


def named_path(variable: str) -> Path | None:
    """Return the file or folder that an environment variable names, as an absolute path; None where it is not set.

    A child process works in another folder, so a relative path must not reach it.

    Raises:
        InputError: if the path begins with a home folder that is not known; the message names the variable.
    """
    named = os.environ.get(variable)
    if not named:
        return None
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError as error:
        raise InputError(f"{variable} names {named!r}, and the home folder is not known: give a full path.") from error


def is_read_only() -> bool:
    """Return whether runs and models are only shown, as on a public host: FMNIST_READ_ONLY is set, and not to 0."""
    return os.environ.get("FMNIST_READ_ONLY", "0") not in ("", "0")


def expect_writable() -> None:
    """Refuse to make, change or delete anything where all is only shown; raises InputError."""
    if is_read_only():
        raise InputError("This installation is read-only (FMNIST_READ_ONLY): nothing can be made, changed or deleted.")
