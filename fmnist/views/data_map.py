"""Map: where do the test images lie in a network's features, and are their neighbours of the same class?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.embedding import NEIGHBOURS, Layout, share_alike
from fmnist.jobs.telling import Progress
from fmnist.runs.embedding import load_embedding
from fmnist.runs.run import RunError
from fmnist.views import judged
from fmnist.views.judged import Judged
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.wording import percent, shorten

LAYOUTS = {"tsne": "t-SNE", "pca": "PCA"}
COLOURS = {"class": "Class", "right": "Right or wrong", "confidence": "Confidence", "disputed": "Doubtful labels"}
CAVEAT = (
    "A layout in two dimensions distorts distances, and t-SNE most of all: gaps and sizes of its islands mean nothing. "
    f"The shares count the {NEIGHBOURS} nearest neighbours of each image among the features that the last layer reads."
)


@dataclass(frozen=True)
class Options:
    """How images are laid out, one of LAYOUTS, and coloured, one of COLOURS; perhaps one image, marked in each map."""

    layout: str = "tsne"
    colour: str = "class"
    marked: int | None = None


@dataclass(frozen=True, eq=False)
class DataMap:
    """Some runs, what each says of the test images, and where these lie in its features.

    `alike`, float (m, 10000), is the share of each image's neighbours that have its class.
    """

    judged: Judged
    layouts: Sequence[Layout]
    alike: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """The true classes, (10000,)."""
        return self.judged.judgement.labels


def has_map(run: SingleRun) -> bool:
    """Return whether a run's layout has been computed; a damaged one counts, as it is told when it is read."""
    try:
        return load_embedding(run.run) is not None
    except RunError:
        return True


def compute(runs: Sequence[SingleRun]) -> DataMap:
    """Read the layouts of runs.

    Raises:
        RunError: if one has none, or it or the predictions cannot be read.
    """
    layouts = [_load(run) for run in runs]
    answers = judged.compute(runs)
    alike = np.stack([share_alike(layout.nearest, answers.judgement.labels) for layout in layouts])
    return DataMap(answers, layouts, alike)


def finding(data_map: DataMap) -> Finding:
    """Say in whose features neighbours share a class most often, and where they do so least."""
    shares = data_map.alike.mean(axis=1)
    best = int(shares.argmax())
    by_class = [data_map.alike[best, data_map.labels == label].mean() for label in range(N_CLASSES)]
    hardest = int(np.argmin(by_class))
    name = data_map.judged.names[best]
    headline = f"{percent(float(shares[best]), 1)} of an image's neighbours in {name} share its class."
    cards = [Card(name, percent(float(share), 1)) for name, share in zip(data_map.judged.names, shares, strict=True)]
    least = Card(f"Least: {CLASS_NAMES[hardest]}", percent(float(by_class[hardest]), 1), name)
    return Finding(headline, CAVEAT, cards=(*cards, least))


def table(data_map: DataMap) -> Table:
    """Return the share of neighbours with the same class, by class and run, in percent."""
    named = zip(data_map.judged.keys, data_map.judged.names, strict=True)
    columns = [Column("Class"), *(Column(name, "%.1f", key=key) for key, name in named)]
    rows = [
        [class_name, *(100 * float(alike[data_map.labels == label].mean()) for alike in data_map.alike)]
        for label, class_name in enumerate(CLASS_NAMES)
    ]
    return Table(columns, [*rows, ["All", *(100 * float(alike.mean()) for alike in data_map.alike)]])


def can_be_mapped(run: SingleRun) -> bool:
    """Return whether a map of a run could be computed: it has weights, and no map yet."""
    return run.run.served is not None and not has_map(run)


def describe_mapping(keys: Sequence[str], progress: Progress) -> str:
    """Say how far the computation of maps is."""
    if not progress.total:
        return f"{shorten(keys)}: preparing"
    return f"{shorten(keys)}: step {progress.done:,} of {progress.total:,} of t-SNE"


def neighbours(data_map: DataMap, model: int, image: int) -> np.ndarray:
    """Return an image and its nearest neighbours in one run's features, the nearest first."""
    return np.concatenate([[image], data_map.layouts[model].nearest[image]])


def _load(run: SingleRun) -> Layout:
    layout = load_embedding(run.run)
    if layout is None:
        raise RunError(f"{run.key} has no map yet: `python -m fmnist map {run.key}` computes it.")
    return layout
