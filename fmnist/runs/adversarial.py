"""What a run answered to images that were changed to mislead it, or another run, kept to be computed with again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, official_labels
from fmnist.runs.archive import load_arrays, render_npz
from fmnist.runs.layout import ADVERSARIAL, RUN_ID
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import Run, RunError
from fmnist.runs.writing import write_file

_MOST_CHANGED = 0.01  # of the answers to unchanged images: rounding differs between processors, weights by more


@dataclass(frozen=True, eq=False)
class Adversarial:
    """Answers to the test images at `positions` (n,), each pixel changed by up to `levels` grey levels, (l,).

    `clean`, uint8 (n,), are the answers to the unchanged images, `fgsm`, (l, n), those to images that FGSM made against
    this run. `pgd`, (k, l, n), are those to images that PGD made against each of the `sources`, runs by their keys, of
    which this run is one. `definition` counts the definitions of the attacks.

    Raises:
        ValueError: if the arrays do not belong together, or hold what they cannot; the message names it.
    """

    definition: int
    positions: np.ndarray
    levels: Sequence[int]
    clean: np.ndarray
    fgsm: np.ndarray
    sources: Sequence[str]
    pgd: np.ndarray

    def __post_init__(self) -> None:
        images, levels = len(self.positions), len(self.levels)
        distinct = len(np.unique(self.positions)) == images > 0
        _require(distinct and self.positions.min() >= 0 and self.positions.max() < N_TEST, "positions")
        _require(0 < levels == len(set(self.levels)) and 0 < min(self.levels) <= max(self.levels) <= 255, "levels")
        _require(self.clean.shape == (images,), "clean")
        _require(self.fgsm.shape == (levels, images), "fgsm")
        _require(len(set(self.sources)) == len(self.sources) and all(map(RUN_ID.fullmatch, self.sources)), "sources")
        _require(self.pgd.shape == (len(self.sources), levels, images), "pgd")
        _require(max(self.clean.max(), self.fgsm.max(), self.pgd.max(initial=0)) < N_CLASSES, "classes")

    @property
    def labels(self) -> np.ndarray:
        """The true classes of the images, uint8 (n,)."""
        return official_labels()[1][self.positions]

    def merged_with(self, earlier: "Adversarial") -> "Adversarial":
        """Return these answers, and earlier ones to images that were made against other runs."""
        same = (self.definition, self.levels) == (earlier.definition, earlier.levels)
        if not same or not np.array_equal(self.positions, earlier.positions):
            return self
        others = [place for place, source in enumerate(earlier.sources) if source not in self.sources]
        sources = (*self.sources, *(earlier.sources[place] for place in others))
        return replace(self, sources=sources, pgd=np.concatenate([self.pgd, earlier.pgd[others]]))


def load_adversarial(run: Run) -> Adversarial | None:
    """Read what a run answered to attacks; None where it has not been attacked.

    Raises:
        RunError: if the file is damaged, or belongs to other weights than the predictions.
    """
    path = run.directory / ADVERSARIAL
    if not path.exists():
        return None
    try:
        results = _read(load_arrays(path))
        _require(run.id in results.sources or not results.sources, "sources")
    except (ValueError, KeyError, TypeError, MemoryError) as error:
        raise RunError(f"{run.id}: {ADVERSARIAL} is damaged; attack the run again.") from error
    expected = load_predictions(run).test_probs[results.positions].argmax(axis=1)
    if np.mean(results.clean != expected) > _MOST_CHANGED:
        raise RunError(f"{run.id}: {ADVERSARIAL} belongs to other weights; attack the run again.")
    return results


def save_adversarial(run: Run, results: Adversarial) -> None:
    """Write what a run answered to attacks, beside what it answered earlier to those on other runs; raises OSError."""
    try:
        earlier = load_adversarial(run)
    except RunError:
        earlier = None
    merged = results if earlier is None else results.merged_with(earlier)
    arrays = {name: getattr(merged, name).astype(np.uint8) for name in ("clean", "fgsm", "pgd")}
    data = render_npz(
        definition=np.array(merged.definition),
        positions=merged.positions.astype(np.int32),
        levels=np.array(merged.levels, np.int32),
        sources=np.array(merged.sources),
        **arrays,
    )
    write_file(run.directory / ADVERSARIAL, data)


def _read(arrays: dict[str, np.ndarray]) -> Adversarial:
    return Adversarial(
        definition=int(arrays["definition"]),
        positions=arrays["positions"],
        levels=tuple(map(int, arrays["levels"])),
        clean=arrays["clean"],
        fgsm=arrays["fgsm"],
        sources=tuple(map(str, arrays["sources"])),
        pgd=arrays["pgd"],
    )


def _require(condition: bool, name: str) -> None:
    if not condition:
        raise ValueError(f"{name} cannot be")
