"""The map that this process computes: one at a time, in a process of its own that can be stopped."""

from fmnist.jobs.aside import Desk, Job

DESK = Desk("fmnist.maps.process", "map")


def start_mapping(run: str) -> Job:
    """Begin to map a run, given by its key, and return at once; raises InputError."""
    return DESK.start([run])
