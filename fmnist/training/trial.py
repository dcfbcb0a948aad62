"""The process of a trial: `python -m fmnist.training.trial DIRECTORY` trains a run and leaves it unevaluated.

A search chooses by the validation results in the history. The test images are not even loaded.
"""

import sys

from fmnist.dataset import load_training_part
from fmnist.jobs.reporting import Reporter
from fmnist.jobs.training_process import main
from fmnist.runs.run import ReadableRun
from fmnist.runs.writing import save_config
from fmnist.training.acceleration import arrange_threads
from fmnist.training.fit import describe_environment, train_network


def fit_trial(run: ReadableRun, reporter: Reporter) -> bool:
    """Train a run to its end, and return whether it was stopped; its history is what remains."""
    reporter.note(evaluated=False)
    arrange_threads(run.config.network, run.config.batch_size)
    save_config(run.directory, run.config, run.recipe_settings, describe_environment(run.config))
    _, stopped = train_network(run.directory, run.config, load_training_part(), reporter)
    return stopped


if __name__ == "__main__":
    sys.exit(main(fit_trial))
