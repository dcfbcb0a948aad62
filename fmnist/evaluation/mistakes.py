"""Which images do models get wrong? Selections and orders over many models' predictions of the same images."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_predictions
from fmnist.evaluation.label_issues import LabelIssues, find_label_issues
from fmnist.evaluation.metrics import SMALLEST_PROB, FrequentConfusion, count_confusions, frequent_confusions

SortKey = Literal["confidence", "loss", "margin", "disagreement", "support"]


@dataclass(frozen=True)
class Judgement:
    """What m models make of n images.

    `labels` (n,), `disagreement` (n,) and `issues` belong to the images, the others (m, n) to each model and image.
    `confidence` is the probability of the predicted class; `loss` the cross-entropy in nats; `margin` the probability
    of the true class less that of the best other one, negative where the model is wrong; `disagreement` the mean
    total variation distance, 0 to 1, of the models' probabilities from their mean; `issues` what that mean makes of
    the labels.
    """

    labels: np.ndarray
    predicted: np.ndarray
    confidence: np.ndarray
    loss: np.ndarray
    margin: np.ndarray
    disagreement: np.ndarray
    issues: LabelIssues

    @property
    def correct(self) -> np.ndarray:
        """Which model is right about which image, bool (m, n)."""
        return self.predicted == self.labels


@dataclass(frozen=True)
class Selection:
    """Which images to show; what is left at its default does not restrict.

    `predicted_class` and `confidence` (both ends included) are those of model `model`; `right` and `wrong` name the
    models, by position, that must be right or wrong ("A right, B wrong" is right=(a,), wrong=(b,)); `agreement` asks
    whether all models predict the same class, `label` whether the models together dispute the image's label.
    """

    model: int = 0
    true_class: int | None = None
    predicted_class: int | None = None
    right: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()
    confidence: tuple[float, float] = (0.0, 1.0)
    agreement: Literal["any", "same", "different"] = "any"
    label: Literal["any", "disputed", "undisputed"] = "any"


@dataclass(frozen=True)
class SelectionCounts:
    """What a selection holds: `images` of `total`, how many of them each model gets wrong, and the usual mistake."""

    images: int
    total: int
    wrong: tuple[int, ...]
    most_frequent: FrequentConfusion | None


@dataclass(frozen=True)
class SharedMistakes:
    """How the mistakes of `models` overlap: images that all get right, all get wrong, or only some."""

    models: int
    all_right: int
    all_wrong: int
    divided: int


def judge(labels: np.ndarray, probs: np.ndarray) -> Judgement:
    """Return what m models make of n images, from labels (n,) and probs (m, n, 10).

    Raises ValueError where `check_predictions` does.
    """
    probs = np.asarray(probs)
    if probs.ndim != 3 or not len(probs):
        raise ValueError(f"probs must have shape (models, n, {N_CLASSES}), not {probs.shape}")
    checked = [check_predictions(labels, one) for one in probs]
    labels, probs = checked[0][0], np.stack([one.astype(np.float32) for _, one in checked])
    truth = labels[None, :, None]
    true_probs = np.take_along_axis(probs, truth, axis=2)[..., 0]
    others, mean = probs.copy(), probs.mean(axis=0)
    np.put_along_axis(others, truth, -1.0, axis=2)
    return Judgement(
        labels=labels,
        predicted=probs.argmax(axis=2),
        confidence=np.minimum(probs.max(axis=2), 1.0),  # a row may sum to a little more than 1
        loss=-np.log(np.clip(true_probs, SMALLEST_PROB, 1.0)),
        margin=true_probs - others.max(axis=2),
        disagreement=np.abs(probs - mean).sum(axis=2).mean(axis=0) / 2,
        issues=find_label_issues(labels, mean),
    )


def select(judgement: Judgement, selection: Selection) -> np.ndarray:
    """Return which images the selection holds, bool (n,)."""
    correct, predicted = judgement.correct, judgement.predicted
    confidence, (low, high) = judgement.confidence[selection.model], selection.confidence
    mask = correct[list(selection.right)].all(axis=0) & ~correct[list(selection.wrong)].any(axis=0)
    mask &= (confidence >= low) & (confidence <= high)
    if selection.true_class is not None:
        mask &= judgement.labels == selection.true_class
    if selection.predicted_class is not None:
        mask &= predicted[selection.model] == selection.predicted_class
    if selection.agreement != "any":
        mask &= (predicted == predicted[0]).all(axis=0) == (selection.agreement == "same")
    if selection.label != "any":
        mask &= judgement.issues.disputed == (selection.label == "disputed")
    return mask


def order(judgement: Judgement, mask: np.ndarray, key: SortKey, model: int = 0, descending: bool = True) -> np.ndarray:
    """Return the positions of the images in `mask`, bool (n,), by one model's `key`; equal ones keep their order."""
    positions, values = np.flatnonzero(mask), values_by(judgement, key, model)
    ranking = -values[positions] if descending else values[positions]
    return positions[np.argsort(ranking, kind="stable")]


def values_by(judgement: Judgement, key: SortKey, model: int = 0) -> np.ndarray:
    """Return what the images are ordered by, (n,): one model's quantity, or one of all models together."""
    shared = {"disagreement": judgement.disagreement, "support": judgement.issues.support}
    return shared[key] if key in shared else np.asarray(getattr(judgement, key)[model])


def count_selection(judgement: Judgement, mask: np.ndarray, model: int = 0) -> SelectionCounts:
    """Return what the images in `mask`, bool (n,), hold; the most frequent mistake is that of one model among them."""
    counts = count_confusions(judgement.labels[mask], judgement.predicted[model, mask])
    frequent = frequent_confusions(counts, limit=1)
    return SelectionCounts(
        images=int(mask.sum()),
        total=len(mask),
        wrong=tuple(int(count) for count in (~judgement.correct[:, mask]).sum(axis=1)),
        most_frequent=frequent[0] if frequent else None,
    )


def count_shared_mistakes(judgement: Judgement) -> SharedMistakes:
    """Return how the mistakes of the models overlap."""
    wrong = ~judgement.correct
    times = wrong.sum(axis=0)
    all_right, all_wrong = int((times == 0).sum()), int((times == len(wrong)).sum())
    return SharedMistakes(len(wrong), all_right, all_wrong, divided=len(times) - all_right - all_wrong)
