"""What is true in each lesson: computed from the models at hand, never written down, so that it holds for any results.

A lesson's check is one function here, named in `CHECKS` by the lesson's key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, N_TRAIN
from fmnist.evaluation.calibration import answer_above
from fmnist.evaluation.significance import compare
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.runs.reading import find_run, list_runs
from fmnist.runs.run import CompleteRun
from fmnist.ui import store
from fmnist.ui.inside.networks import open_network
from fmnist.ui.predict.examples import EXAMPLES, draw_example
from fmnist.views.confidences import calibrate
from fmnist.wording import percent, span

_SHIRT = CLASS_NAMES.index("Shirt")
_ALIKE = 0.005  # confidence and accuracy that differ by less are the same to a reader
_SURE = 0.9
DONE = "done"  # the answer to a task that runs fulfil, not words


@dataclass(frozen=True)
class Truth:
    """What holds, as the key of an option or a number, and the same in words; `tolerance` is for a number.

    None says that it cannot be told yet; `words` then say what is missing.
    """

    answer: str | float | None
    words: str
    tolerance: float = 0.0

    def agrees(self, answer: str | float) -> bool:
        """Return whether an answer is right."""
        if isinstance(self.answer, float):
            return abs(float(answer) - self.answer) <= self.tolerance + 1e-9
        return answer == self.answer


@dataclass(frozen=True)
class Check:
    """What is true about a lesson's prediction and about its task."""

    prediction: Truth
    task: Truth


def _check_depth() -> Check:
    basic, deeper = (_accuracy(f"{name}:textbook") for name in ("basic_cnn", "deeper_cnn"))
    tuned, deeper_tuned = (_accuracy(f"{name}:tuned") for name in ("basic_cnn", "deeper_cnn"))
    by_depth, by_recipe = deeper - basic, tuned - basic
    more = "depth" if by_depth > by_recipe else "recipe"
    words = f"The deeper network adds {by_depth:.2f} points, the tuned recipe {by_recipe:.2f}."
    gain = deeper_tuned - deeper
    return Check(
        Truth(more, words), Truth(gain, f"From {deeper:.2f}% to {deeper_tuned:.2f}%: {gain:.2f} points.", 0.01)
    )


def _check_overfitting() -> Check:
    losses = {
        recipe: [epoch.val_loss for epoch in find_contender(f"basic_cnn-{recipe}-s0").trainings()[0].epochs]
        for recipe in ("textbook", "tuned")
    }
    rises = {recipe: values[-1] / min(values) - 1 for recipe, values in losses.items()}
    risen = [recipe for recipe, rise in rises.items() if rise > 0.01]  # a hundredth is noise
    words = " ".join(
        f"{recipe.capitalize()}: lowest {min(values):.3f}, at the end {values[-1]:.3f}."
        for recipe, values in losses.items()
    )
    best = int(np.argmin(losses["textbook"])) + 1
    answer = "both" if len(risen) == len(rises) else next(iter(risen), "neither")
    return Check(Truth(answer, words), Truth(float(best), f"At epoch {best}, with {min(losses['textbook']):.3f}."))


def _check_drawing() -> Check:
    trouser, boot = _answer("Trouser, sketch", "raw"), _answer("Ankle boot, sketch", "auto")
    return Check(
        Truth(str(trouser), f"It answers {CLASS_NAMES[trouser]}."), Truth(str(boot), f"It answers {CLASS_NAMES[boot]}.")
    )


def _check_confidence() -> Check:
    answers = calibrate(find_contender("basic_cnn-textbook-s0"))
    confidence = answers.confidence["trained"]
    claimed, achieved = float(confidence.mean()), float(answers.correct.mean())
    off = claimed - achieved
    said = "equal" if abs(off) < _ALIKE else "lower" if off > 0 else "higher"
    words = f"Mean confidence {percent(claimed)}, accuracy {percent(achieved)}."
    covered = 100 * answer_above(answers.labels, confidence, answers.correct, _SURE).coverage
    return Check(Truth(said, words), Truth(covered, f"It answers {covered:.1f}% of the images.", 0.1))


def _check_lead() -> Check:
    one, other = (correct_answers(find_contender(f"basic_cnn-tuned-s{seed}")) for seed in (4, 2))
    result = compare(one, other)
    low, high = (100 * end for end in (result.ci_low, result.ci_high))
    holds = "contains" if low <= 0 <= high else "does not contain"
    words = f"The 95% interval of the difference, {span(result.ci_low, result.ci_high)} points, {holds} zero."
    significant = "no" if result.verdict == "undecided" else "yes"
    return Check(Truth(significant, words), Truth(high, f"Up to {high:.2f} points.", 0.01))


def _check_shirts() -> Check:
    best, ann = (_share_of_shirts(key) for key in ("deeper_cnn:tuned", "ann:textbook"))
    wrong = np.where(np.arange(len(CLASS_NAMES)) == _SHIRT, 0, best)
    top = int(wrong.argmax())
    words = f"{wrong[top]:.1f}% of all shirts are predicted as {CLASS_NAMES[top]}."
    return Check(Truth(str(top), words), Truth(float(ann[0]), f"{ann[0]:.1f}% of all shirts.", 0.1))


def _check_first_layer() -> Check:
    (silent, units), (silent_then, _) = (_count_silent("ann-tuned-s1", image) for image in (0, 1))
    responding = units - silent
    nearest = min((5, 35, 70, 125), key=lambda guess: abs(guess - responding))
    words = f"{responding} of {units} units respond to the boot."
    return Check(Truth(str(nearest), words), Truth(float(silent_then), f"{silent_then} of {units} units stay at zero."))


def _check_labels() -> Check:
    few, more = (_own_accuracy(share) for share in (1, 10))
    if few is None:
        return Check(Truth(None, "Train it first."), Truth(None, "There is no such run on 1% of the images yet."))
    nearest = min((40, 60, 75, 88), key=lambda guess: abs(guess - few))
    prediction = Truth(str(nearest), f"Your run reaches {few:.1f}%.")
    if more is None:
        return Check(prediction, Truth(None, f"1% of the images: {few:.1f}%. Now train it on 10%."))
    whole = _accuracy("ann:textbook")
    words = f"1% of the images: {few:.1f}%. 10%: {more:.1f}%. All: {whole:.1f}%."
    return Check(prediction, Truth(DONE, words))


CHECKS: Mapping[str, Callable[[], Check]] = {
    "depth": _check_depth,
    "overfitting": _check_overfitting,
    "drawing": _check_drawing,
    "confidence": _check_confidence,
    "lead": _check_lead,
    "shirts": _check_shirts,
    "first-layer": _check_first_layer,
    "labels": _check_labels,
}
"""By the key of a lesson; each raises RunError or InputError where a model is missing or cannot be read."""


def _accuracy(key: str) -> float:
    """Return a model's mean test accuracy in percent."""
    return 100 * float(correct_answers(find_contender(key)).mean())


def _answer(name: str, kind: str) -> int:
    """Return what Basic CNN (textbook) answers about one of the examples, prepared as this kind of picture."""
    example = next(example for example in EXAMPLES if example.name == name)
    prepared = prepare(picture_from_array(draw_example(example)), kind)
    return int(store.reader(find_contender("basic_cnn-textbook-s1")).read(prepared).probs.argmax())


def _share_of_shirts(key: str) -> np.ndarray:
    """Return as which class a model predicts shirts, in percent of all shirts, the mean over its seeds, (10,)."""
    contender = find_contender(key)
    shirts = np.asarray(contender.classes("test"))[:, np.asarray(contender.labels("test")) == _SHIRT]
    return np.asarray(100 * np.bincount(shirts.ravel(), minlength=len(CLASS_NAMES)) / shirts.size)


def _count_silent(key: str, image: int) -> tuple[int, int]:
    """Return how many units stay at zero for a test image in a run's first layer with weights, and how many it has."""
    opened = open_network(SingleRun(find_run(key)))
    first = next(stage for row in opened.stages for stage in row if opened.weights(stage))
    values = opened.activations(store.dataset().test_images[image]).of(first)
    return int((values <= 0).sum()), values.size


def _own_accuracy(share: int) -> float | None:
    """Return the test accuracy, in percent, of the latest ANN (textbook) trained on so many percent of the images."""
    found = [
        run
        for run in list_runs()
        if isinstance(run, CompleteRun)
        and (run.config.model, run.config.recipe) == ("ann", "textbook")
        and run.config.train_limit == N_TRAIN * share // 100
    ]
    return 100 * float(correct_answers(SingleRun(found[-1])).mean()) if found else None
