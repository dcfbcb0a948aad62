"""Which runs read people's own pictures: the robust one first, then the best of each architecture."""

from collections.abc import Iterable, Sequence

from fmnist.runs.run import CompleteRun, ReadableRun


def is_robust(run: ReadableRun) -> bool:
    """Return whether a run was trained on drawings and photographs as well."""
    return run.config.recipe == "robust"


def best_for_pictures(runs: Iterable[CompleteRun]) -> CompleteRun | None:
    """Return the run that reads pictures best: of those with weights a robust one, then the best on validation."""
    served = [run for run in runs if run.served]
    return max(served, key=lambda run: (is_robust(run), run.evaluation.val_accuracy), default=None)


def one_per_architecture(runs: Sequence[CompleteRun]) -> list[CompleteRun]:
    """Return the runs to ask at first, all with weights: the robust one, then the best other run of each architecture.

    The best has the highest validation accuracy.
    """
    lead = best_for_pictures(filter(is_robust, runs))
    plain = [run for run in runs if not is_robust(run)]
    architectures = dict.fromkeys(run.config.model for run in plain)
    others = (best_for_pictures(run for run in plain if run.config.model == one) for one in architectures)
    return [run for run in (lead, *others) if run is not None]
