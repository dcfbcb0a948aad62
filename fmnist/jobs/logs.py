"""What worker and training processes log: to standard error, which goes to a file where nobody looks at it."""

import logging
import os

from fmnist.errors import InputError

_FORMAT = "%(asctime)s %(levelname)s %(message)s"
_VARIABLE, _DEFAULT = "FMNIST_LOG_LEVEL", "INFO"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def start_logging() -> None:
    """Write what this package logs to standard error, from the level on that FMNIST_LOG_LEVEL names, or INFO.

    Raises:
        InputError: if there is no such level.
    """
    level = (os.environ.get(_VARIABLE) or _DEFAULT).upper()
    if level not in _LEVELS:
        raise InputError(f"{_VARIABLE} must be one of {', '.join(_LEVELS)}, not {level!r}.")
    ours = logging.getLogger("fmnist")  # and not the root, through which libraries would speak, too
    ours.setLevel(level)
    if not ours.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(_FORMAT))
        ours.addHandler(handler)
