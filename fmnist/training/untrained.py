"""The network of a run before its training: `python -m fmnist.training.untrained FOLDER RUN…` puts it beside the run.

The seed gives its weights, so they need not have been kept. FOLDER is told how many runs are done.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import keras

from fmnist.jobs.confine import lower_priority
from fmnist.jobs.telling import Teller, end_with_words
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import untrained_path
from fmnist.runs.reading import find_run
from fmnist.training.acceleration import restore
from fmnist.training.exporting import export_served
from fmnist.training.fit import start_network


def build_untrained(config: RunConfig) -> keras.Model:
    """Build the network of a configuration with the weights from which its training starts.

    The same weights need the same seed and libraries that draw alike.

    Raises:
        RunError: if it starts from another run, which is no longer there.
    """
    keras.utils.set_random_seed(config.seed)
    steps = math.ceil(config.train_limit / config.batch_size)
    return restore(start_network(config, steps), config.network)


def main(arguments: Sequence[str]) -> int:
    """Write the served files of runs before their training; return the exit code."""
    folder, *keys = arguments
    lower_priority()
    tell = Teller(Path(folder))

    def work() -> None:
        for done, run in enumerate([find_run(key) for key in keys]):
            tell(done, len(keys))
            export_served(build_untrained(run.config), untrained_path(run.directory))

    return end_with_words(work, ())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
