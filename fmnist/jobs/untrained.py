"""Networks as they were before their training, made by a process with TensorFlow."""

from collections.abc import Sequence

from fmnist.jobs.aside import Desk, Job
from fmnist.jobs.libraries import require_training_libraries

MODULE = "fmnist.training.untrained"
DESK = Desk(MODULE, "network")


def start_untrained(runs: Sequence[str]) -> Job:
    """Begin to make the untrained networks of runs, given by their keys; raises RunError and InputError."""
    require_training_libraries()
    return DESK.start(runs)
