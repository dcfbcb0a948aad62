"""Mistakes: which images do contenders get wrong, which mistakes do they share, and which labels may be wrong?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.label_issues import AccuracyWithout, compare_without
from fmnist.evaluation.metrics import FrequentConfusion
from fmnist.evaluation.mistakes import (
    Selection,
    SelectionCounts,
    SharedMistakes,
    SortKey,
    count_selection,
    count_shared_mistakes,
    order,
    select,
    values_by,
)
from fmnist.views.confusion import Cell
from fmnist.views.judged import Judged
from fmnist.views.parts import Column, Table
from fmnist.wording import be, join, percent, plural, true_minus

CAVEAT = (
    "A label counts as likely wrong where the mean of the chosen runs' probabilities is confident of another class "
    "(confident learning, Northcutt et al. 2021). The runs never learned from these images, but from labels of the "
    "same making: their agreement is a reason to check the label, not proof that it is wrong. Other runs may question "
    "other labels. The accuracies without these images are no better estimates: the runs together err on every one of "
    "them, so leaving them out raises nearly every accuracy, whether the labels are wrong or the images hard."
)
_DISPUTED_COLUMNS = (
    Column("key", machine=True),
    Column("Run"),
    Column("All images (%)", "%.2f"),
    Column("Without disputed (%)", "%.2f"),
    Column("Change (points)", "%+.2f"),
    Column("Disputed, wrong"),
    Column("Disputed, right"),
)
_DIGITS = 6  # of confidences and losses in the file: as precise as what is stored


@dataclass(frozen=True)
class Options:
    """Which images are shown, and in which order."""

    selection: Selection
    sort: SortKey = "confidence"
    descending: bool = True


@dataclass(frozen=True, eq=False)
class Mistakes:
    """The images that match a selection: their positions in the test set, in order, and what there is to count."""

    names: Sequence[str]
    options: Options
    positions: np.ndarray
    counts: SelectionCounts
    shared: SharedMistakes


@dataclass(frozen=True, eq=False)
class Disputed:
    """The labels that contenders dispute together: how many of how many, and each one's accuracy without them."""

    keys: Sequence[str]
    names: Sequence[str]
    disputed: int
    total: int
    accuracies: Sequence[AccuracyWithout]


@dataclass(frozen=True, eq=False)
class Images:
    """Some test images in order, with a title, and the position of the contender whose predictions they show."""

    title: str
    positions: np.ndarray
    model: int


def compute(judged: Judged, options: Options) -> Mistakes:
    """Select and order the images, and count their mistakes and those that the contenders share."""
    judgement, model = judged.judgement, options.selection.model
    mask = select(judgement, options.selection)
    return Mistakes(
        names=judged.names,
        options=options,
        positions=order(judgement, mask, options.sort, model, options.descending),
        counts=count_selection(judgement, mask, model),
        shared=count_shared_mistakes(judgement),
    )


def compute_disputed(judged: Judged) -> Disputed:
    """Count the disputed labels and measure each contender's accuracy without these images."""
    disputed = judged.judgement.issues.disputed
    accuracies = compare_without(judged.judgement.correct, disputed)
    return Disputed(judged.keys, judged.names, int(disputed.sum()), len(disputed), accuracies)


def images_of_cell(judged: Judged, cell: Cell, model: int) -> Images:
    """Return the images that one contender puts in a cell of its confusion matrix, most confident first."""
    mask = select(judged.judgement, Selection(model, true_class=cell.true, predicted_class=cell.predicted))
    return _title(judged, f"{cell.name} by {judged.names[model]}", mask, model)


def images_only_of(judged: Judged, cell: Cell, model: int, other: int) -> Images:
    """Return the images that one contender puts in a cell and another one does not, most confident first."""
    here = (judged.judgement.labels == cell.true) & (judged.judgement.predicted == cell.predicted)
    return _title(judged, f"{cell.name} only by {judged.names[model]}", here[model] & ~here[other], model)


def finding(mistakes: Mistakes) -> str:
    """Say who is right or wrong on how many images, and which mistake the contender looked at makes most often."""
    names, selection, counts = mistakes.names, mistakes.options.selection, mistakes.counts
    filtered = selection != Selection(selection.model, right=selection.right, wrong=selection.wrong)
    within = " within the filters" if filtered else ""
    by = "" if selection.wrong in ((), (selection.model,)) else names[selection.model]
    usual = _describe_usual(counts.most_frequent, by)
    if not selection.right and not selection.wrong:
        wrong = f"{names[selection.model]} is wrong on {counts.wrong[selection.model]:,}"
        return f"{wrong} of the {counts.images:,} images{within}{usual}."
    groups = [_verdict(names, selection.right, "right"), _verdict(names, selection.wrong, "wrong")]
    who = " and ".join(group for group in groups if group)
    of_all = "" if filtered else f" of {counts.total:,}"  # of how many within the filters, nobody counted
    return f"{who} on {counts.images:,}{of_all} images{within}{usual}."


def describe_overlap(shared: SharedMistakes) -> str:
    """Say how the mistakes of several contenders overlap, or how many a single one makes."""
    if shared.models == 1:
        return f"This model is right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}."
    who = "Both" if shared.models == 2 else f"All {shared.models}"
    return (
        f"{who} models are right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}; "
        f"some are right and some wrong on {shared.divided:,}."
    )


def describe_disputed(disputed: Disputed) -> str:
    """Say how many labels the contenders dispute, and each one's accuracy without these images and with them."""
    who = {1: "This model disputes", 2: "Both models together dispute"}.get(
        len(disputed.names), f"All {len(disputed.names)} models together dispute"
    )
    if not disputed.disputed:
        return f"{who} no label."
    reached = [
        f"{name} {percent(one.on_undisputed)} instead of {percent(one.on_all)}"
        for name, one in zip(disputed.names, disputed.accuracies, strict=True)
    ]
    return f"{who} {disputed.disputed:,} of {disputed.total:,} labels. Accuracy without these images: {join(reached)}."


def describe_value(judged: Judged, options: Options, position: int) -> str:
    """Return what an image is ordered by, as in "loss 2.31"; nothing for the confidence, which is shown anyway."""
    value = float(values_by(judged.judgement, options.sort, options.selection.model)[position])
    notes: dict[SortKey, str] = {
        "loss": f"loss {value:.2f}",
        "margin": f"margin {true_minus(f'{value:+.2f}')}",
        "disagreement": f"disagree {value:.2f}",
        "support": f"label {percent(value, 1)}",
    }
    return notes.get(options.sort, "")


def table(judged: Judged, positions: np.ndarray) -> Table:
    """Return the images at some positions of the test set, with every contender's answer, confidence and loss."""
    judgement = judged.judgement
    columns = [Column("image"), Column("true"), Column("disputed")]
    values = [positions.tolist(), _name_classes(judgement.labels[positions])]
    values.append(judgement.issues.disputed[positions].tolist())
    for number, (key, name) in enumerate(zip(judged.keys, judged.names, strict=True)):
        columns += [Column(f"{name} {what}", key=f"{key} {what}") for what in ("predicted", "confidence", "loss")]
        values.append(_name_classes(judgement.predicted[number, positions]))
        values.append(np.round(judgement.confidence[number, positions].astype(float), _DIGITS).tolist())
        values.append(np.round(judgement.loss[number, positions].astype(float), _DIGITS).tolist())
    return Table(columns, list(zip(*values, strict=True)))


def disputed_table(disputed: Disputed) -> Table:
    """Return each contender's accuracy with the disputed images and without, in percent."""
    rows = [
        [
            key,
            name,
            100 * one.on_all,
            100 * one.on_undisputed,
            100 * (one.on_undisputed - one.on_all),
            one.wrong,
            disputed.disputed - one.wrong,
        ]
        for key, name, one in zip(disputed.keys, disputed.names, disputed.accuracies, strict=True)
    ]
    return Table(_DISPUTED_COLUMNS, rows)


def _title(judged: Judged, title: str, mask: np.ndarray, model: int) -> Images:
    positions = order(judged.judgement, mask, "confidence", model)
    return Images(f"{title}: {plural(len(positions), 'image')}", positions, model)


def _describe_usual(confusion: FrequentConfusion | None, by: str) -> str:
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
    return f"{join(chosen)} {be(len(chosen))} {word}"


def _name_classes(labels: np.ndarray) -> list[str]:
    return [CLASS_NAMES[label] for label in labels]
