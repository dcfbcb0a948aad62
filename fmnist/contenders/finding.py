"""Find contenders: all that the stores hold, or one by its key."""

from collections.abc import Iterable, Sequence

from fmnist.contenders.contender import Contender
from fmnist.contenders.seed_group import SeedGroup, group_seeds
from fmnist.contenders.single_run import SingleRun
from fmnist.errors import InputError
from fmnist.runs.reading import find_run, list_runs
from fmnist.runs.run import CompleteRun, Run, RunError


def list_groups(runs: Iterable[Run]) -> list[SeedGroup]:
    """Return the seed groups of the complete runs among these."""
    return group_seeds(run for run in runs if isinstance(run, CompleteRun))


def find_contender(key: str) -> SingleRun | SeedGroup:
    """Return the contender with that key: a run's, or a seed group's as in "deeper_cnn:tuned".

    Raises:
        RunError: if there is no such run with results, or no finished run of such a group.
    """
    if ":" not in key:
        return SingleRun(find_run(key))
    found = next((group for group in list_groups(list_runs()) if group.key == key), None)
    if found is None:
        raise RunError(f"There is no finished run of {key!r}. `python -m fmnist runs` lists the runs there are.")
    return found


def check_test_set(contenders: Sequence[Contender]) -> None:
    """Refuse to compare contenders that were tested on different images.

    Raises:
        InputError: if their test sets differ; the message names two of them.
    """
    other = next((one for one in contenders if one.test_set != contenders[0].test_set), None)
    if other is not None:
        raise InputError(f"{contenders[0].title} and {other.title} were tested on different images.")
