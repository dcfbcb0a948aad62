"""How far a piece of work is, as its process tells whoever started it."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from fmnist.dataset import DataUnavailableError
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_file

PROGRESS = "progress.json"
_TELL_SECONDS = 0.3


@dataclass(frozen=True)
class Progress:
    """How many steps are done, of how many; 0 of 0 before the first."""

    done: int = 0
    total: int = 0


def end_with_words(work: Callable[[], None], expected: tuple[type[Exception], ...]) -> int:
    """Do the work of a process and return its exit code: 1, with a line on standard error, where it meets an error.

    Errors that are `expected`, and of runs, data and files, say what is wrong in their own words.
    """
    errors: tuple[type[Exception], ...] = (RunError, DataUnavailableError, *expected)
    try:
        work()
    except errors as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"The results could not be stored: {error.strerror}.\n")
        return 1
    return 0


class Teller:
    """Writes the progress into a folder, a few times a second at most."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Write how many steps are done, of how many."""
        if time.monotonic() - self._told > _TELL_SECONDS:
            self._told = time.monotonic()
            write_file(self._path, json.dumps(asdict(Progress(done, total))).encode())
