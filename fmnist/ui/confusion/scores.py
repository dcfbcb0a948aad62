"""The third view of the Confusion page: scores by class, and how well probabilities separate each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES
from fmnist.ui.choices import choose_name
from fmnist.ui.confusion.images import name_stand_ins
from fmnist.ui.guards import leave_out_labels_alone
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.markup import plain
from fmnist.ui.models import stand_ins
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_evidence, show_finding, show_section, show_table
from fmnist.views import class_curves, class_scores
from fmnist.views.class_curves import Separation
from fmnist.views.parts import Drawn, Finding, Table, file_stem

_CLASSES = {str(label): name for label, name in enumerate(CLASS_NAMES)}


@dataclass(frozen=True, eq=False)
class ScoreParts:
    """What is said and shown of the scores by class, and the hardest class."""

    finding: Finding
    panels: Drawn
    table: Table
    hardest: int


def show_scores(models: Sequence[Contender], finding: DeltaGenerator, controls: DeltaGenerator) -> None:  # noqa: ARG001
    """Show precision, recall, F1 and top-2 accuracy by class of all models, and curves on request."""
    parts = remember(_build_scores, models)
    with finding:
        show_finding(parts.finding)
    show_drawn(parts.panels)
    file = f"{file_stem('scores', [model.key for model in models])}.csv"
    show_evidence("Scores as a table", "score_table", lambda: show_table(parts.table, "scores", file))
    if not labels_are_hidden():  # each step of a curve tells the label of an image
        show_evidence("ROC and precision–recall curves", "ranking", lambda: _show_curves(models, parts.hardest))


def _show_curves(models: Sequence[Contender], hardest: int) -> None:
    scored = leave_out_labels_alone(stand_ins(models))
    if not scored:
        return
    separations = remember(_separate, scored)
    show_claim(class_curves.finding(separations))
    label = int(choose_name("Class", _CLASSES, "class", "class", default=str(hardest)))
    drawn = remember(_draw_curves, scored, label)
    for column, name, title in zip(
        st.columns(2, gap="medium"), ("roc", "precision_recall"), ("ROC curve", "Precision–recall curve"), strict=True
    ):
        with column:
            show_section(title)
            show_drawn(drawn[name])
    for text in filter(None, [class_curves.METHOD, name_stand_ins(models, "Curves and areas")]):
        st.caption(plain(text))
    file = f"{file_stem('areas', [one.key for one in scored])}.csv"
    show_table(class_curves.table(separations), "areas", file)


def _build_scores(contenders: Sequence[Contender]) -> ScoreParts:
    scores = class_scores.compute(contenders)
    panels = class_scores.figures(scores)["class_scores"]
    return ScoreParts(class_scores.finding(scores), panels, class_scores.table(scores), class_scores.hardest(scores))


def _separate(contenders: Sequence[Contender]) -> list[Separation]:
    return class_curves.compute(contenders)


def _draw_curves(contenders: Sequence[Contender], label: int) -> dict[str, Drawn]:
    return class_curves.figures(remember(_separate, contenders), label)
