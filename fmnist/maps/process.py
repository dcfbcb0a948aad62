"""The process that maps a run: `python -m fmnist.maps.process FOLDER RUN` tells FOLDER how far it is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from fmnist.dataset import load_dataset
from fmnist.inference.serving import ModelFileError
from fmnist.jobs.confine import lower_priority
from fmnist.jobs.telling import Teller, end_with_words
from fmnist.maps.laying import map_run
from fmnist.runs.reading import find_run


def main(arguments: Sequence[str]) -> int:
    """Map a run, and keep the map with it; return the exit code."""
    folder, key = arguments
    lower_priority()
    return end_with_words(lambda: _map(key, Teller(Path(folder))), (ModelFileError,))


def _map(key: str, tell: Teller) -> None:
    map_run(find_run(key), load_dataset(), tell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
