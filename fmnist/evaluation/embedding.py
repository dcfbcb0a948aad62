"""Images laid out by a network's features, and their nearest neighbours among these.

A layout in two dimensions distorts: that two images lie close together shows nothing. Neighbours are therefore found
among the features themselves.
"""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 10
_COMPONENTS = 50  # before t-SNE, as its authors do: fewer distances to compute, and less noise
_PERPLEXITY = 30
_STEPS = 1_000  # of t-SNE
_TELLS_STEPS = 2  # scikit-learn's level of verbosity at which it prints every fiftieth step
_STEP = re.compile(r"\[t-SNE\] Iteration (\d+)")

Report = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where n images lie, float32 (n, 2) each by principal components and by t-SNE, scaled to −1 … 1.

    `nearest`, (n, k), are each image's nearest neighbours, the nearest first.
    """

    pca: np.ndarray
    tsne: np.ndarray
    nearest: np.ndarray


def lay_out(features: np.ndarray, seed: int = 0, report: Report | None = None) -> Layout:
    """Lay images out by their features, float (n, d); minutes for 10,000 images.

    `report` is told now and then how many of all steps of t-SNE are done.

    t-SNE (van der Maaten and Hinton 2008) in scikit-learn's Barnes-Hut approximation begins with the principal
    components, which keeps classes where they are from network to network.

    Raises:
        ValueError: unless there are more images than neighbours.
    """
    from sklearn.manifold import TSNE

    components = _reduce(features, seed)
    start = 1e-4 * components[:, :2] / components[:, 0].std()
    perplexity = min(_PERPLEXITY, (len(features) - 1) / 3)
    settings = {"init": start, "perplexity": perplexity, "random_state": seed, "max_iter": _STEPS}
    with redirect_stdout(_StepReader(report)):
        tsne = TSNE(**settings, verbose=_TELLS_STEPS if report else 0).fit_transform(components)
    return Layout(_scale(components[:, :2]), _scale(tsne), find_nearest(features))


class _StepReader(io.StringIO):
    """Reads from what scikit-learn prints how many steps are done: it has no other way to tell."""

    def __init__(self, report: Report | None) -> None:
        super().__init__()
        self._report = report

    def write(self, text: str) -> int:
        """Pass on the number of a step, and keep nothing."""
        found = _STEP.search(text)
        if self._report is not None and found is not None:
            self._report(min(int(found[1]), _STEPS), _STEPS)
        return len(text)


def find_nearest(features: np.ndarray, count: int = NEIGHBOURS) -> np.ndarray:
    """Return the nearest other images of each by the distance of features, int (n, count).

    Raises:
        ValueError: unless there are more images than that.
    """
    from sklearn.neighbors import NearestNeighbors

    if len(features) <= count:
        raise ValueError(f"{len(features)} images have no {count} neighbours each")
    found = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(features).kneighbors(return_distance=False)
    return np.asarray(found)


def share_alike(nearest: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the share of each image's neighbours, (n, k), that have its own label, (n,)."""
    return np.asarray((labels[nearest] == labels[:, None]).mean(axis=1))


def _reduce(features: np.ndarray, seed: int) -> np.ndarray:
    """Return the first principal components; each sign is such that the longest loading is positive."""
    from sklearn.decomposition import PCA

    count = min(_COMPONENTS, *features.shape)
    return np.asarray(PCA(count, svd_solver="randomized", random_state=seed).fit_transform(features))


def _scale(places: np.ndarray) -> np.ndarray:
    centred = places - (places.max(axis=0) + places.min(axis=0)) / 2
    return np.asarray(centred / np.abs(centred).max(), dtype=np.float32)
