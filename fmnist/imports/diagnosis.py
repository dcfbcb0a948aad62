"""Classic mistakes of exported predictions: what explains an agreement with the labels that is near chance?"""

from collections.abc import Iterator, Sequence

import numpy as np

from fmnist.dataset import CLASS_NAMES, N_CLASSES, official_labels
from fmnist.evaluation.metrics import count_confusions
from fmnist.wording import join, percent

NEAR_CHANCE = 0.2  # no trained network is as bad; chance is 0.1
_EXPLAINED = 0.5  # agreement from which an explanation counts
_GAIN = 0.15  # by which naming classes anew must raise the agreement where it is above chance
_TOO_GOOD = 0.975  # above every published result
_MOST_NAMED = 3

_ALPHABETICAL = tuple(sorted(range(N_CLASSES), key=CLASS_NAMES.__getitem__))


def diagnose(
    labels: np.ndarray, classes: np.ndarray, scores: np.ndarray | None = None, *, official: bool = True
) -> str:
    """Return what is probably wrong with predictions, in a sentence or two; "" where nothing is.

    Args:
        labels: the true classes of the test images, (n,).
        classes: the predicted ones in the order of the file, (n,).
        scores: ten numbers an image as the file holds them, (n, 10), or None for labels alone.
        official: whether these are the official test images, for which there are published results.
    """
    agreement = float((classes == labels).mean())
    if official and agreement > _TOO_GOOD:
        return f"An accuracy of {percent(agreement)} is above every published result: were test images trained on?"
    if agreement >= NEAR_CHANCE:
        return _explain_names(labels, classes, agreement + _GAIN)
    start = f"The accuracy is {percent(agreement, 1)}, near chance."
    causes = _explain_order(labels, classes, scores)
    cause = _explain_names(labels, classes, _EXPLAINED) or next(causes, "")
    return f"{start} {cause or 'The rows may be shuffled, or the model was fed other images than it was trained for.'}"


def _explain_names(labels: np.ndarray, classes: np.ndarray, least: float) -> str:
    """Say which classes stand for which others, where that raises the agreement to at least `least`."""
    counts = count_confusions(labels, classes)
    true = counts.argmax(axis=0)  # the class that each predicted one mostly stands for
    used = np.flatnonzero(counts.sum(axis=0))
    explained = counts[true, np.arange(N_CLASSES)].sum() / len(labels)
    if explained < max(least, _EXPLAINED) or len(set(true[used])) < len(used) or (true[used] == used).all():
        return ""
    would = f"Put in order, it would be {percent(float(explained), 1)}."
    for shift, what in ((1, "count from 1, so each is one too high"), (-1, "are each one too low")):
        if ((used - shift) % N_CLASSES == true[used]).all():
            return f"The classes {what}. {would}"
    if all(_ALPHABETICAL[predicted] == true[predicted] for predicted in used):
        return f"The classes are in alphabetical order of their names. {would}"
    moved = [f"{place} means {CLASS_NAMES[true[place]]}" for place in used if true[place] != place]
    more = f" and {len(moved) - _MOST_NAMED} more" if len(moved) > _MOST_NAMED else ""
    named = f"{', '.join(moved[:_MOST_NAMED])}{more}" if more else join(moved)
    return f"The classes are in another order: {named}. {would}"


def _explain_order(labels: np.ndarray, classes: np.ndarray, scores: np.ndarray | None) -> Iterator[str]:
    """Say in which other order the rows may be, the surest explanation first."""
    count = len(labels)
    if scores is not None and scores.shape == (count, N_CLASSES):
        turned = scores.reshape(N_CLASSES, count).argmax(axis=0)
        if _agrees(turned, labels):
            yield "The array was reshaped where it should have been transposed: use array.T, not array.reshape."
    if blocks := _find_blocks(labels, classes):
        yield f"The rows are sorted by class: {blocks}. Predict the test images in their official order."
    if _agrees(classes[::-1], labels):
        yield "The rows are in reverse order."
    if _agrees(classes, official_labels()[0][:count]):
        yield "These are predictions of the first training images, not of the test images."


def _find_blocks(labels: np.ndarray, classes: np.ndarray) -> str:
    """Return which class comes first and last where each block of rows is mostly one class, no two the same."""
    blocks = np.repeat(np.arange(N_CLASSES), np.bincount(labels, minlength=N_CLASSES))  # equally many in the test set
    counts = count_confusions(blocks, classes)
    main = counts.argmax(axis=1)
    if len(set(main)) < N_CLASSES or counts[np.arange(N_CLASSES), main].sum() < _EXPLAINED * len(labels):
        return ""
    return f"first {CLASS_NAMES[main[0]]}, last {CLASS_NAMES[main[-1]]}"


def _agrees(classes: np.ndarray | Sequence[int], labels: np.ndarray) -> bool:
    return bool(np.mean(np.asarray(classes) == labels) >= _EXPLAINED)
