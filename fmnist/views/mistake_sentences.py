"""What is mixed up, and by whom, in plain words."""

from collections.abc import Sequence

import numpy as np

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.label_issues import AccuracyWithout
from fmnist.evaluation.metrics import ClassScores, FrequentConfusion, frequent_confusions
from fmnist.evaluation.mistakes import Selection, SelectionCounts, SharedMistakes
from fmnist.evaluation.significance import ConfusionDifference


def cell_name(true: int, predicted: int) -> str:
    """Return a cell of the confusion matrix by name, as in "Shirt → T-shirt/top"."""
    return f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}"


def confusions_sentence(names: Sequence[str], counts: Sequence[np.ndarray]) -> str:
    """Return which mistake the runs, given by name, make most often; `counts` holds their matrices (10, 10)."""
    frequent = frequent_confusions(np.sum(counts, axis=0), limit=1)
    if not frequent:
        return f"{_join(names)} {_be(names)} right on every image."
    true, predicted = frequent[0].true, frequent[0].predicted
    support = int(counts[0].sum(axis=1)[true])
    shares = [f"{name} on {one[true, predicted]:,}" for name, one in zip(names, counts, strict=True)]
    return (
        f"{CLASS_NAMES[true]} is most often mixed up, taken for {CLASS_NAMES[predicted]}: "
        f"by {_join(shares)} of {support:,} images."
    )


def confusion_difference_sentence(name_a: str, name_b: str, difference: ConfusionDifference) -> str:
    """Return in which cells two runs differ by more than chance, the largest difference among the mistakes first."""
    beyond = int(difference.beyond_chance.sum())
    if not beyond:
        return f"Between {name_a} and {name_b} no cell differs by more than chance."
    cells = f"{beyond} of 100 cells {'differs' if beyond == 1 else 'differ'} by more than chance"
    mistakes = np.where(difference.beyond_chance & ~np.eye(len(CLASS_NAMES), dtype=bool), difference.counts, 0)
    true, predicted = divmod(int(np.abs(mistakes).argmax()), len(CLASS_NAMES))
    count = int(mistakes[true, predicted])
    if not count:
        return f"{cells} between {name_a} and {name_b}, on the diagonal alone."
    fewer, other = (name_a, name_b) if count < 0 else (name_b, name_a)
    return (
        f"{fewer} takes {CLASS_NAMES[true]} for {CLASS_NAMES[predicted]} on {abs(count):,} fewer images than {other}; "
        f"{cells}."
    )


def weakest_class_sentence(names: Sequence[str], scores: Sequence[ClassScores]) -> str:
    """Return which class has the lowest mean F1, and what each run, given by name, reaches there."""
    f1 = np.stack([score.f1 for score in scores])
    weakest = int(np.nanargmin(f1.mean(axis=0)))
    reached = [f"{name} at {value:.1%}".replace("%", " %") for name, value in zip(names, f1[:, weakest], strict=True)]
    return f"{CLASS_NAMES[weakest]} is the hardest class, by F1: {', '.join(reached)}."


def selection_sentence(names: Sequence[str], selection: Selection, counts: SelectionCounts) -> str:
    """Return who is right or wrong about how many images, and the usual mistake of the model looked at."""
    filtered = selection != Selection(selection.model, right=selection.right, wrong=selection.wrong)
    within = " within the filters" if filtered else ""
    by = "" if selection.wrong in ((), (selection.model,)) else names[selection.model]
    usual = _usual_mistake(counts.most_frequent, by)
    if not selection.right and not selection.wrong:
        wrong = f"{names[selection.model]} is wrong on {counts.wrong[selection.model]:,}"
        return f"{wrong} of the {counts.images:,} images{within}{usual}."
    groups = [
        _verdict(names, members, word) for members, word in ((selection.right, "right"), (selection.wrong, "wrong"))
    ]
    who = " and ".join(group for group in groups if group)
    of_all = "" if filtered else f" of {counts.total:,}"  # of how many within the filters, nobody counted
    return f"{who} on {counts.images:,}{of_all} images{within}{usual}."


def overlap_sentence(shared: SharedMistakes) -> str:
    """Return how the mistakes of several models overlap, or how many one model makes."""
    if shared.models == 1:
        return f"This model is right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}."
    who = "Both" if shared.models == 2 else f"All {shared.models}"
    return (
        f"{who} models are right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}; "
        f"some are right and some wrong on {shared.divided:,}."
    )


def disputed_sentence(names: Sequence[str], accuracies: Sequence[AccuracyWithout], disputed: int, total: int) -> str:
    """Return how many of `total` labels the models dispute, and each one's accuracy without these images and with."""
    who = {1: "This model disputes", 2: "Both models together dispute"}.get(
        len(names), f"All {len(names)} models together dispute"
    )
    if not disputed:
        return f"{who} no label."
    reached = [
        f"{name} {100 * one.on_undisputed:.2f} % instead of {100 * one.on_all:.2f} %"
        for name, one in zip(names, accuracies, strict=True)
    ]
    return f"{who} {disputed:,} of {total:,} labels. Accuracy without these images: {_join(reached)}."


def disputed_label_sentence(label: int, suggested: int, support: float) -> str:
    """Return what the models' mean makes of one disputed label: the likelier class, and the label's own probability."""
    return (
        f"Likely mislabelled: the mean of the models says {CLASS_NAMES[suggested]} and gives "
        f"{CLASS_NAMES[label]} {100 * support:.1f} %."
    )


def frequent_sentence(counts: np.ndarray, limit: int = 3) -> str:
    """Return the usual mistakes in a matrix of counts (10, 10), as in "Most often Shirt → Coat: 54 of 1,000"."""
    frequent = frequent_confusions(counts, limit)
    cells = (f"{cell_name(one.true, one.predicted)}: {one.count:,} of {one.support:,}" for one in frequent)
    return f"Most often {'; '.join(cells)}." if frequent else "No mistakes."


def _usual_mistake(confusion: FrequentConfusion | None, by: str) -> str:
    if confusion is None:
        return ""
    kind = f"{CLASS_NAMES[confusion.true]} taken for {CLASS_NAMES[confusion.predicted]}"
    return f", most often {kind} ({f'by {by}: ' if by else ''}{confusion.count:,})"


def _verdict(names: Sequence[str], members: Sequence[int], word: str) -> str:
    if not members:
        return ""
    if len(members) == len(names) > 1:
        return f"{'Both models' if len(names) == 2 else f'All {len(names)} models'} are {word}"
    chosen = [names[member] for member in members]
    return f"{_join(chosen)} {_be(chosen)} {word}"


def _join(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _be(subjects: Sequence[str]) -> str:
    return "is" if len(subjects) == 1 else "are"
