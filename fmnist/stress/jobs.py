"""The measurement that this process runs: one at a time, in a process of its own that can be stopped."""

from collections.abc import Sequence

from fmnist.jobs.aside import Desk, Job
from fmnist.stress.limits import IMAGES

DESK = Desk("fmnist.stress.process", "measurement")


def start_measuring(runs: Sequence[str], images: int = IMAGES) -> Job:
    """Begin to measure runs, given by their keys, and return at once; raises InputError."""
    return DESK.start(runs, str(images))
