"""A trial's process without a network: `python -m tiny_trial DIRECTORY`, in the place of Keras by FMNIST_TRIAL_MODULE.

Its loss follows from the settings alone, best at a learning rate of 0.01 and a batch size of 50, and falls with each
epoch. A learning rate of 1 diverges.
"""

import math
import sys

from tiny_training import train_epochs

from fmnist.jobs.reporting import Reporter
from fmnist.jobs.training_process import main
from fmnist.recipes.config import RunConfig
from fmnist.runs.run import ReadableRun


def loss_of(config: RunConfig, epoch: int) -> float:
    """Return the made-up validation loss of an epoch."""
    return abs(math.log10(config.learning_rate) + 2) + config.batch_size / 1000 + 1 / (epoch + 1)


def fit_trial(run: ReadableRun, reporter: Reporter) -> bool:
    """Pretend to train, from the backup where there is one; return whether it was stopped."""
    reporter.note(evaluated=False)
    return train_epochs(run, reporter, loss_of)


if __name__ == "__main__":
    sys.exit(main(fit_trial))
