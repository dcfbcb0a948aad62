"""Mistakes: which images do contenders get wrong, which mistakes do they share, and which labels may be wrong?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.dataset import CLASS_NAMES, CLASS_PLURALS
from fmnist.evaluation.label_issues import AccuracyWithout, compare_without
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
from fmnist.views.parts import Badge, Column, Finding, Table
from fmnist.wording import join, percent, plural, points, signed_points, true_minus

CAVEAT = (
    "A label is questioned where the models' mean probability is confident of another class "
    "(confident learning, Northcutt et al. 2021). "
    "The models never saw these images, but learned from labels of the same source. "
    "Their agreement is a reason to check the label, not proof that it is wrong. "
    "Other models may question other labels. "
    "Accuracy without these images is no better estimate. "
    "The models together err on all of them, so leaving them out helps nearly every model."
)
LABELS = {"any": "Any", "disputed": "Possibly mislabelled", "undisputed": "Undisputed"}
AGREEMENTS = {"any": "Any", "same": "All predict the same", "different": "Predictions differ"}
_DISPUTED_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("All (%)", "%.2f", "Accuracy on all images"),
    Column("Without (%)", "%.2f", "Accuracy without the images whose labels are questioned"),
    Column("Change", "%+.2f", "In percentage points"),
    Column("Wrong", help="Mistakes among the images whose labels are questioned"),
    Column("Right", help="Correct predictions among the images whose labels are questioned"),
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
    return _title(judged, judged.names[model], mask, model)


def images_only_of(judged: Judged, cell: Cell, model: int, other: int) -> Images:
    """Return the images that one contender puts in a cell and another one does not, most confident first."""
    here = (judged.judgement.labels == cell.true) & (judged.judgement.predicted == cell.predicted)
    return _title(judged, f"Only {judged.names[model]}", here[model] & ~here[other], model)


def finding(mistakes: Mistakes) -> Finding:
    """Say who is right or wrong on how many images; badges name the usual mistake and the filters."""
    badges = [*_badge_usual(mistakes), *_badge_shared(mistakes.shared), *_badge_filters(mistakes.options.selection)]
    return Finding(_headline(mistakes), describe_overlap(mistakes.shared), tuple(badges))


def describe_overlap(shared: SharedMistakes) -> str:
    """Say how the mistakes of several contenders overlap, or how many a single one makes."""
    if shared.models == 1:
        return f"This model is right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}."
    who = "Both" if shared.models == 2 else f"All {shared.models}"
    return (
        f"{who} models are right on {shared.all_right:,} images and wrong on {shared.all_wrong:,}; "
        f"they disagree on {shared.divided:,}."
    )


def describe_disputed(disputed: Disputed) -> str:
    """Say how many labels the contenders question, and what accuracy gains without these images."""
    several = len(disputed.names) > 1
    who = f"Together the {len(disputed.names)} models question" if several else "This model questions"
    if not disputed.disputed:
        return f"{who} no label."
    gains = sorted(one.on_undisputed - one.on_all for one in disputed.accuracies)
    raises = points(gains[0], 1) != points(0, 1) and gains[0] > 0
    least, most = ((points if raises else signed_points)(gain, 1) for gain in (gains[0], gains[-1]))
    span = f"about {most}" if least == most else f"{least} to {most}"
    effect = "raises" if raises else "changes"
    labels = f"{disputed.disputed:,} of {disputed.total:,} labels"
    return f"{who} {labels}. Leaving them out {effect} accuracy by {span} points."


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


def _headline(mistakes: Mistakes) -> str:
    names, selection, counts = mistakes.names, mistakes.options.selection, mistakes.counts
    filtered = selection != Selection(selection.model, right=selection.right, wrong=selection.wrong)
    within, images = " within these filters" if filtered else "", plural(counts.images, "image")
    if not selection.right and not selection.wrong:
        of_these = f"these {images}" if filtered else images
        return f"{names[selection.model]} gets {counts.wrong[selection.model]:,} of {of_these} wrong."
    right, wrong = _name_models(names, selection.right), _name_models(names, selection.wrong)
    if right and wrong:
        misses = "misses" if len(selection.wrong) == 1 else "miss"
        return f"{right} {_get(selection.right)} {images} right that {wrong} {misses}."
    # of how many within the filters, nobody counted
    of_all = images if filtered else f"{counts.images:,} of {plural(counts.total, 'image')}"
    who, word = (right, "right") if right else (wrong, "wrong")
    return f"{who} {_get(selection.right or selection.wrong)} {of_all} {word}{within}."


def _get(subjects: Sequence[int]) -> str:
    return "gets" if len(subjects) == 1 else "get"


def _name_models(names: Sequence[str], members: Sequence[int]) -> str:
    if len(members) == len(names) > 1:
        return "Both models" if len(names) == 2 else f"All {len(names)} models"
    return join([names[member] for member in members])


def _badge_usual(mistakes: Mistakes) -> list[Badge]:
    confusion, selection = mistakes.counts.most_frequent, mistakes.options.selection
    if confusion is None:
        return []
    kind = f"{CLASS_PLURALS[confusion.true]} seen as {CLASS_PLURALS[confusion.predicted]}"
    by = f"Counted for {mistakes.names[selection.model]}." if len(mistakes.names) > 1 else ""
    return [Badge(f"Most often {kind} ({confusion.count:,})", help=by)]


def _badge_shared(shared: SharedMistakes) -> list[Badge]:
    if shared.models == 1:
        return []
    who = "Both models" if shared.models == 2 else f"All {shared.models} models"
    return [
        Badge(f"{who} wrong on {shared.all_wrong:,}", help="Counts all test images, regardless of the filters."),
        Badge(f"They disagree on {shared.divided:,}", help="Some models are right and some are wrong."),
    ]


def _badge_filters(selection: Selection) -> list[Badge]:
    """Name the filters, some of which stand behind a button on the page."""
    low, high = selection.confidence
    told = {
        f"Labelled {_name_class(selection.true_class)}": selection.true_class is not None,
        f"Predicted {_name_class(selection.predicted_class)}": selection.predicted_class is not None,
        f"Confidence {100 * low:.0f}% to {100 * high:.0f}%": (low, high) != (0.0, 1.0),
        AGREEMENTS[selection.agreement]: selection.agreement != "any",
        LABELS[selection.label]: selection.label != "any",
    }
    return [Badge(f"Filter: {words}", "caution") for words, active in told.items() if active]


def _name_class(label: int | None) -> str:
    return "" if label is None else CLASS_NAMES[label]


def _name_classes(labels: np.ndarray) -> list[str]:
    return [CLASS_NAMES[label] for label in labels]
