"""Where the parts of the product lie that are not Python modules: the app, its pages and the shipped runs."""

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("fmnist")))


def home() -> Path:
    """Return the folder that holds `app.py`, `pages` and `artifacts`.

    In a checkout that is the folder above the package; an installed wheel carries a copy inside the package.
    """
    bundled = _PACKAGE / "_home"
    return bundled if bundled.is_dir() else _PACKAGE.parent
