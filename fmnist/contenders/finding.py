"""Find contenders: all that the stores hold, or one by its key. A new kind is one file and one entry here."""

from collections.abc import Sequence

from fmnist.contenders import ensemble, hidden_run, imported, mirrored, seed_group, single_run
from fmnist.contenders.contender import FASHION_MNIST, Contender
from fmnist.contenders.imported import Imported
from fmnist.contenders.kind import Kind, Listing
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.errors import InputError
from fmnist.imports.hidden import START, hidden_set
from fmnist.runs.marks import hidden_keys
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, RunError

KINDS: tuple[Kind, ...] = (  # any other key is a run's
    *(seed_group.KIND, ensemble.KIND, mirrored.KIND, imported.KIND),
    single_run.KIND,
)
_ON_HIDDEN: tuple[Kind, ...] = (imported.KIND, hidden_run.KIND)  # what is compared while labels are hidden
_OWN_RUNS = (seed_group.KIND, single_run.KIND)


def list_contenders(kinds: Sequence[Kind] | None = None) -> Listing:
    """Return everything that can be compared, by kind, and what cannot be read; that never hides the others.

    What the user hides is left out. While labels are hidden, that is what was tested on these images.
    """
    test_set, hidden = test_set_in_use(), hidden_keys()
    listings = [kind.list_all() for kind in (_kinds() if kinds is None else kinds)]
    found = [one for listing in listings for one in listing.contenders if one.test_set == test_set]
    return Listing(
        [one for one in found if one.key not in hidden],
        [thing for listing in listings for thing in listing.unusable if thing.key not in hidden],
    )


def test_set_in_use() -> str:
    """Return the key of the test set whose models are compared; raises InputError."""
    hidden = hidden_set()
    return FASHION_MNIST if hidden is None else hidden.key


def are_hidden(contenders: Sequence[Contender]) -> bool:
    """Return whether contenders were tested on hidden images, of which only aggregates may be shown."""
    return any(one.test_set.startswith(START) for one in contenders)


def list_models() -> Listing:
    """Return what stands on the leaderboard: seed groups, ensembles and imported models, but no single runs."""
    return list_contenders([kind for kind in _kinds() if kind.is_model])


def list_compared(readable: Sequence[CompleteRun] | None = None) -> list[Contender]:
    """Return the models that the Overview compares: tested on the same images, with predictions that can be read.

    A run that cannot be read leaves the other runs of its model. `readable` are the runs where they are known.
    """
    added = [one for one in list_others().contenders if _can_be_read(one)]
    if hidden_set() is not None:
        return added
    if readable is None:
        readable = [run for run in list_runs() if isinstance(run, CompleteRun) and _can_be_read(SingleRun(run))]
    return [*seed_group.group_seeds(readable), *added]


def list_others() -> Listing:
    """Return the models that are no runs of this project: ensembles and imported models.

    While labels are hidden, that is everything that was tested on these images.
    """
    return list_contenders([kind for kind in _kinds() if kind not in _OWN_RUNS])


def find_contender(key: str) -> Contender:
    """Return the contender with that key, as in "deeper_cnn:tuned", "deeper_cnn-tuned-s1" or "import-3f2a90ab17cd".

    Raises:
        RunError: if there is no such run with results, or no finished run of such a group.
        InputError: if there is no such ensemble or imported model, or it cannot be read.
    """
    found = (kind.find(key) for kind in ([hidden_run.KIND] if hidden_set() else []) + [*KINDS])
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


def _kinds() -> tuple[Kind, ...]:
    return KINDS if hidden_set() is None else _ON_HIDDEN


def _can_be_read(contender: Contender) -> bool:
    try:
        return contender.classes("test") is not None
    except (RunError, InputError):
        return False
