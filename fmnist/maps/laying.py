"""Lay the test images out by the features of a run, and keep the layout with it."""

from fmnist.dataset import Dataset
from fmnist.evaluation.embedding import Layout, Report, lay_out
from fmnist.inference.serving import Classifier
from fmnist.runs.embedding import save_embedding
from fmnist.runs.run import ReadableRun, RunError


def map_run(run: ReadableRun, dataset: Dataset, report: Report | None = None) -> Layout:
    """Compute and keep a run's map, which takes minutes; `report` is told how many steps of how many are done.

    Raises:
        RunError: if the run's weights were not kept.
        ModelFileError: if the served model is damaged.
        OSError: if the map cannot be written.
    """
    if run.served is None:
        raise RunError(f"{run.id} has no weights, so there are no features to lay out.")
    layout = lay_out(Classifier(run.served).features(dataset.test_images), report=report)
    save_embedding(run, layout)
    return layout
