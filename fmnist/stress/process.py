"""The process that measures runs: `python -m fmnist.stress.process FOLDER IMAGES RUN…` tells FOLDER how far it is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from fmnist.dataset import load_dataset
from fmnist.inference.serving import ModelFileError
from fmnist.jobs.confine import lower_priority
from fmnist.jobs.telling import Teller, end_with_words
from fmnist.runs.reading import find_run
from fmnist.runs.stress import save_stress
from fmnist.stress.measuring import measure_stress


def main(arguments: Sequence[str]) -> int:
    """Measure runs and keep the results with them; return the exit code."""
    folder, images, *keys = arguments
    lower_priority()

    def work() -> None:
        runs = [find_run(key) for key in keys]
        measured = measure_stress(runs, load_dataset(), int(images), Teller(Path(folder)))
        for run, results in zip(runs, measured, strict=True):
            save_stress(run, results)

    return end_with_words(work, (ModelFileError,))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
