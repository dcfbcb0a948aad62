"""How well the robust network tells that it has seen nothing like a picture: clothes against all else.

Clothes are the validation images as its recipe changes images, under another seed than the limit was set by. Against
them: handwritten digits (scikit-learn's, as drawings) and the pictures of a folder, both prepared as the page does, and
noise, which is given to the network as it is.
"""

from pathlib import Path
from typing import Any

import numpy as np

from fmnist.dataset import Dataset, split_indices
from fmnist.inference.familiarity import measure_unlikeness
from fmnist.inference.picture import PictureError, picture_from_array, read_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import load_reader
from fmnist.runs.run import ReadableRun, RunError
from fmnist.training.batches import augment_batch
from fmnist.training.reference import share_evenly

_SEED = 1000
_NOISE = 500
_DIGITS = 1797  # all of them
_DIGIT = 32  # times enlarged, from 8 pixels


def measure(run: ReadableRun, dataset: Dataset, folder: Path | None = None, digits: int = _DIGITS) -> dict[str, Any]:
    """Return for each kind of other picture the area under the ROC curve, and the share that is over the limit.

    Args:
        run: a run of a recipe that turns images into pictures.
        dataset: whose validation images are the clothes.
        folder: pictures of anything but clothes.
        digits: how many of scikit-learn's.

    Raises:
        RunError: if the run holds pictures against nothing, or no picture of the folder can be read.
    """
    from sklearn.metrics import roc_auc_score

    reader = load_reader(run)
    if reader.reference is None:
        raise RunError(f"{run.id} cannot tell what is unlike its training images: train one with the robust recipe.")
    features, limit = reader.reference.features, reader.reference.limit
    rng = np.random.default_rng(_SEED)
    _, val = split_indices()
    clothes = augment_batch(dataset.train_images[val], dataset.train_labels[val], share_evenly(run.config), rng)
    known = measure_unlikeness(reader.classifier, clothes, features)
    rows = []
    for name, images in _list_others(rng, folder, digits).items():
        other = measure_unlikeness(reader.classifier, images, features)
        truth = np.repeat([0, 1], [len(known), len(other)])
        auroc = float(roc_auc_score(truth, np.concatenate([known, other])))
        rows.append({"against": name, "n": len(images), "auroc": auroc, "told": float((other > limit).mean())})
    return {"run": run.id, "clothes": len(known), "clothes_passed": float((known <= limit).mean()), "rows": rows}


def _list_others(rng: np.random.Generator, folder: Path | None, digits: int) -> dict[str, np.ndarray]:
    from sklearn.datasets import load_digits

    written = (255 - 255 / 16 * load_digits().images[:digits]).clip(0, 255).astype(np.uint8)
    enlarged = written.repeat(_DIGIT, axis=1).repeat(_DIGIT, axis=2)
    others = {
        "digits": np.stack([prepare(picture_from_array(digit)).image for digit in enlarged]),
        "noise": rng.integers(0, 256, (_NOISE, 28, 28), dtype=np.uint8),
    }
    if folder is not None:
        others[folder.name] = read_pictures(folder)
    return others


def read_pictures(folder: Path) -> np.ndarray:
    """Prepare all pictures below a folder: uint8 (n, 28, 28). What cannot be read is left out.

    Raises:
        RunError: if nothing could be read.
    """
    images = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        try:
            images.append(prepare(read_picture(path)).image)
        except PictureError:
            continue  # a folder, a text
    if not images:
        raise RunError(f"{folder} holds no pictures that could be read.")
    return np.stack(images)
