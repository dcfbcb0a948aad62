"""Find the images that models get wrong: filter and sort by the predictions of several models."""

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
    """The predictions of m models for n images, and quantities derived from them.

    `labels` (n,), `disagreement` (n,) and `issues` describe the images; the other arrays (m, n) describe each model
    and image. `confidence` is the probability of the predicted class, `loss` the cross-entropy in nats, and `margin`
    the probability of the true class minus the highest other one, negative where the model is wrong. `disagreement` is
    the mean total variation distance, 0 to 1, between the models' probabilities and their mean; `issues` are the label
    issues according to that mean.
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
        """Whether each model classifies each image correctly, bool (m, n)."""
        return self.predicted == self.labels


@dataclass(frozen=True)
class Selection:
    """A filter for images; settings left at their default do not restrict it.

    `predicted_class` and `confidence` (both ends included) refer to model `model`. `right` and `wrong` hold the
    positions of the models that must be right or wrong: "A right, B wrong" is right=(a,), wrong=(b,). `agreement`
    filters by whether all models predict the same class, `label` by whether the models together dispute the label.
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
    """The size of a selection, how many of its images each model gets wrong, and the most frequent mistake."""

    images: int
    total: int
    wrong: tuple[int, ...]
    most_frequent: FrequentConfusion | None


@dataclass(frozen=True)
class SharedMistakes:
    """How the mistakes of `models` overlap: images that all classify correctly, none does, or only some do."""

    models: int
    all_right: int
    all_wrong: int
    divided: int


def judge(labels: np.ndarray, probs: np.ndarray) -> Judgement:
    """Derive what the predictions of m models say about n images, from labels (n,) and probs (m, n, 10).

    Raises:
        ValueError: if `check_predictions` refuses the labels or the probabilities of a model.
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
    """Return which images match the selection, bool (n,)."""
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
    """Sort the images in `mask`, bool (n,), by one model's `key` and return their positions; the sort is stable."""
    positions, values = np.flatnonzero(mask), values_by(judgement, key, model)
    ranking = -values[positions] if descending else values[positions]
    return positions[np.argsort(ranking, kind="stable")]


def values_by(judgement: Judgement, key: SortKey, model: int = 0) -> np.ndarray:
    """Return the values of a sort key, (n,): those of one model, or of all models together."""
    shared = {"disagreement": judgement.disagreement, "support": judgement.issues.support}
    return shared[key] if key in shared else np.asarray(getattr(judgement, key)[model])


def count_selection(judgement: Judgement, mask: np.ndarray, model: int = 0) -> SelectionCounts:
    """Count the images in `mask`, bool (n,), and their mistakes; the most frequent one is that of `model`."""
    counts = count_confusions(judgement.labels[mask], judgement.predicted[model, mask])
    frequent = frequent_confusions(counts, limit=1)
    return SelectionCounts(
        images=int(mask.sum()),
        total=len(mask),
        wrong=tuple(int(count) for count in (~judgement.correct[:, mask]).sum(axis=1)),
        most_frequent=frequent[0] if frequent else None,
    )


def count_shared_mistakes(judgement: Judgement) -> SharedMistakes:
    """Count how the mistakes of the models overlap."""
    wrong = ~judgement.correct
    times = wrong.sum(axis=0)
    all_right, all_wrong = int((times == 0).sum()), int((times == len(wrong)).sum())
    return SharedMistakes(len(wrong), all_right, all_wrong, divided=len(times) - all_right - all_wrong)
