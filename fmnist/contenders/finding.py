"""Find contenders: all that the stores hold, or one by its key. A new kind is one file and one entry here."""

from collections.abc import Sequence

from fmnist.contenders import ensemble, imported, seed_group, single_run
from fmnist.contenders.contender import FASHION_MNIST, Contender
from fmnist.contenders.imported import Imported
from fmnist.contenders.kind import Kind, Listing
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.errors import InputError
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, RunError

KINDS: tuple[Kind, ...] = (seed_group.KIND, ensemble.KIND, imported.KIND, single_run.KIND)  # any other key is a run's


def list_contenders(kinds: Sequence[Kind] = KINDS) -> Listing:
    """Return everything that can be compared, by kind, and what cannot be read; that never hides the others."""
    listings = [kind.list_all() for kind in kinds]
    return Listing(
        [contender for listing in listings for contender in listing.contenders],
        [thing for listing in listings for thing in listing.unusable],
    )


def list_models() -> Listing:
    """Return what stands on the leaderboard: seed groups, ensembles and imported models, but no single runs."""
    return list_contenders([kind for kind in KINDS if kind.is_model])


def list_compared(readable: Sequence[CompleteRun] | None = None) -> list[Contender]:
    """Return the models that the Overview compares: tested on the official images, with predictions that can be read.

    A run that cannot be read leaves the other runs of its model. `readable` are the runs where they are known.
    """
    if readable is None:
        readable = [run for run in list_runs() if isinstance(run, CompleteRun) and _can_be_read(SingleRun(run))]
    added = [one for one in list_others().contenders if one.test_set == FASHION_MNIST and _can_be_read(one)]
    return [*seed_group.group_seeds(readable), *added]


def list_others() -> Listing:
    """Return the models that are no runs of this project: ensembles and imported models."""
    return list_contenders([kind for kind in KINDS if kind not in (seed_group.KIND, single_run.KIND)])


def find_contender(key: str) -> Contender:
    """Return the contender with that key, as in "deeper_cnn:tuned", "deeper_cnn-tuned-s1" or "import-3f2a90ab17cd".

    Raises:
        RunError: if there is no such run with results, or no finished run of such a group.
        InputError: if there is no such ensemble or imported model, or it cannot be read.
    """
    found = (kind.find(key) for kind in KINDS)
    return next(contender for contender in found if contender is not None)


def split_replicates(contender: Contender) -> list[Contender]:
    """Return contenders with one row of predictions each: runs, the files of an imported model, or the one itself."""
    if isinstance(contender, Imported):
        return list(contender.split())
    return [SingleRun(run) for run in contender.runs] if isinstance(contender, OfRuns) else [contender]


def check_test_set(contenders: Sequence[Contender]) -> None:
    """Refuse to compare contenders that were tested on different images.

    Raises:
        InputError: if their test sets differ; the message names two of them.
    """
    other = next((one for one in contenders if one.test_set != contenders[0].test_set), None)
    if other is not None:
        raise InputError(f"{contenders[0].title} and {other.title} were tested on different images.")


def _can_be_read(contender: Contender) -> bool:
    try:
        return contender.classes("test") is not None
    except (RunError, InputError):
        return False
