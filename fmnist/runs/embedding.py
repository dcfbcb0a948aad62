"""Where the test images lie in a run's features: kept, as a layout takes minutes."""

import numpy as np

from fmnist.dataset import N_TEST
from fmnist.evaluation.embedding import Layout
from fmnist.runs.archive import load_arrays, render_npz
from fmnist.runs.layout import EMBEDDING
from fmnist.runs.run import Run, RunError
from fmnist.runs.writing import write_file


def load_embedding(run: Run) -> Layout | None:
    """Read where the 10,000 test images lie; None where that has not been computed.

    Raises:
        RunError: if the file is damaged.
    """
    path = run.directory / EMBEDDING
    if not path.exists():
        return None
    try:
        arrays = load_arrays(path)
        pca, tsne = (arrays[name].astype(np.float32) for name in ("pca", "tsne"))
        layout = Layout(pca, tsne, arrays["nearest"].astype(np.int64))
        _check(layout)
    except (ValueError, KeyError, TypeError, MemoryError) as error:
        raise RunError(f"{run.id}: {EMBEDDING} is damaged; compute the map again.") from error
    return layout


def save_embedding(run: Run, layout: Layout) -> None:
    """Write where the test images lie, in halves, which are finer than a screen.

    Raises:
        ValueError: if it is no layout of the 10,000 test images.
        OSError: if the file cannot be written.
    """
    _check(layout)
    data = render_npz(
        pca=layout.pca.astype(np.float16),
        tsne=layout.tsne.astype(np.float16),
        nearest=layout.nearest.astype(np.uint16),
    )
    write_file(run.directory / EMBEDDING, data)


def _check(layout: Layout) -> None:
    places, nearest = np.stack([layout.pca, layout.tsne]), layout.nearest
    if places.shape != (2, N_TEST, 2) or not np.isfinite(places).all():
        raise ValueError("pca and tsne need two finite numbers for each test image")
    if nearest.ndim != 2 or len(nearest) != N_TEST or not 0 <= nearest.min() <= nearest.max() < N_TEST:
        raise ValueError("nearest needs positions of test images for each test image")
