"""Ask a run about validation and test images and their mirror images, and keep the mean of both."""

import time

from fmnist.dataset import Dataset, split_indices
from fmnist.ensembles.mirrored import MIRRORED, SCHEMA, START, MirroredRecord
from fmnist.errors import InputError
from fmnist.inference.serving import Classifier
from fmnist.runs.archive import render_npz
from fmnist.runs.layout import PREDICTIONS, served_path
from fmnist.runs.run import CompleteRun
from fmnist.runs.shelf import Item


def mirror_run(run: CompleteRun, dataset: Dataset) -> Item[MirroredRecord]:
    """Store a variant of a run that answers by the mean of its probabilities for an image and its mirror image.

    Raises:
        InputError: if the run keeps no served weights, or the store cannot be written.
        ModelFileError: if its served file cannot be used.
    """
    if not run.served:
        raise InputError(f"{run.id} keeps no weights, so it cannot be asked about mirror images.")
    classifier = Classifier(served_path(run.directory))
    parts = {"val": dataset.train_images[split_indices()[1]], "test": dataset.test_images}
    arrays = {f"{part}_probs": classifier.probs_both_ways(images) for part, images in parts.items()}
    record = MirroredRecord(SCHEMA, run.id, time.time())
    return MIRRORED.save(f"{START}{run.id}", record, {PREDICTIONS: render_npz(**arrays)})
