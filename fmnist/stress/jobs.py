"""The measurement, and the attacks, that this process runs: one of each at a time, in a process that can be stopped."""

from collections.abc import Sequence

from fmnist.jobs.aside import Desk, Job
from fmnist.jobs.libraries import require_training_libraries
from fmnist.stress import attacks
from fmnist.stress.limits import IMAGES

DESK = Desk("fmnist.stress.process", "measurement")
ATTACK_MODULE = "fmnist.training.adversarial"
ATTACK_DESK = Desk(ATTACK_MODULE, "attack")


def start_measuring(runs: Sequence[str], images: int = IMAGES) -> Job:
    """Begin to measure runs, given by their keys, and return at once; raises InputError."""
    return DESK.start(runs, str(images))


def start_attacking(runs: Sequence[str], images: int = attacks.IMAGES) -> Job:
    """Begin to attack runs, given by their keys, and return at once; raises RunError and InputError."""
    require_training_libraries()
    return ATTACK_DESK.start(runs, str(images))
