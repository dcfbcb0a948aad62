"""The process that measures runs: `python -m fmnist.stress.process FOLDER IMAGES RUN…` tells FOLDER how far it is."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from fmnist.dataset import DataUnavailableError, load_dataset
from fmnist.inference.serving import ModelFileError
from fmnist.jobs.confine import lower_priority
from fmnist.runs.reading import find_run
from fmnist.runs.run import RunError
from fmnist.runs.stress import save_stress
from fmnist.runs.writing import write_file
from fmnist.stress.measuring import measure_stress
from fmnist.stress.progress import PROGRESS, Progress

_TELL_SECONDS = 0.3


def main(arguments: Sequence[str]) -> int:
    """Measure runs and keep the results with them; return 1, with a line on standard error, where that cannot be."""
    folder, images, *keys = arguments
    lower_priority()
    try:
        runs = [find_run(key) for key in keys]
        measured = measure_stress(runs, load_dataset(), int(images), _Teller(Path(folder)))
        for run, results in zip(runs, measured, strict=True):
            save_stress(run, results)
    except (RunError, ModelFileError, DataUnavailableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"The results could not be stored: {error.strerror}.\n")
        return 1
    return 0


class _Teller:
    """Writes the progress into a folder, a few times a second at most."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._told > _TELL_SECONDS:
            self._told = time.monotonic()
            write_file(self._path, json.dumps(asdict(Progress(done, total))).encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
