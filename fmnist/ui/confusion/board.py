"""The three views of the Confusion page: matrices side by side, the difference of two, scores by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.choices import choose_contender
from fmnist.ui.confusion.cell import RUN_KEY, allow_touch, choose_cell, show_cell_images, show_clickable
from fmnist.ui.guards import with_images
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding, show_section, show_table
from fmnist.views import class_scores, confusion, difference, judged
from fmnist.views.confusion import Cell, Unit
from fmnist.views.confusion_figure import Style, draw_matrix
from fmnist.views.mistakes import Images, images_of_cell, images_only_of
from fmnist.views.parts import Drawn, Finding, Table

UNITS = {"counts": "Images", "row": "Row % (recall)", "column": "Column % (precision)"}
_WIDE, _NARROW = 480, 324  # pixels of a matrix: one or two to a row, or three
_ADVICE = "Colours go by the square root. Click a cell to see its images, or choose its classes here."


@dataclass(frozen=True, eq=False)
class MatrixParts:
    """What is said of all matrices and of each, the end of their colour range in each unit, and the mistakes."""

    finding: str
    names: Sequence[str]
    captions: Sequence[str]
    limits: Mapping[Unit, float]
    table: Table


@dataclass(frozen=True, eq=False)
class DifferenceParts:
    """What is said and shown of a difference besides the matrix."""

    finding: Finding
    explanation: str
    table: Table


@dataclass(frozen=True, eq=False)
class ScoreParts:
    """What is said and shown of the scores by class."""

    finding: str
    panels: Drawn
    table: Table


def show_matrices(contenders: Sequence[Contender], asked_unit: str) -> None:
    """Show one matrix a run, the images of the chosen cell, and the most frequent mistakes of all."""
    parts, unit = remember(_build_matrices, contenders), cast(Unit, asked_unit)
    show_finding(parts.finding)
    width = _WIDE if len(contenders) <= 2 else _NARROW
    matrices = st.container(horizontal=True)
    st.caption(_ADVICE)
    with st.container(horizontal=True):
        cell, asked = choose_cell(), choose_contender(contenders, "Images of", RUN_KEY)
    style = Style(width, _ink(), cell)
    for contender, name, caption in zip(contenders, parts.names, parts.captions, strict=True):
        with matrices.container(width=width):
            # each matrix is remembered by itself, so that other choices of runs find it again
            show_clickable(remember(_draw, [contender], name, unit, parts.limits[unit], style), contender.key)
            st.caption(caption)
    scored = with_images([asked], contenders) if cell else []
    if cell and scored:
        show_cell_images(scored, [remember(_find_images, scored, cell, scored.index(asked))])
    show_section("Most frequent mistakes")
    show_table(parts.table, "frequent", "confusions.csv")
    allow_touch()


def show_difference(contenders: Sequence[Contender]) -> None:
    """Show where two contenders differ, and the images that one has in the chosen cell and the other has not."""
    if len(contenders) < 2:
        st.info("Choose a second run above to see the difference.", icon=":material/arrow_upward:")
        return
    with st.container(horizontal=True):
        a = choose_contender(contenders, "Model A", "a")
        b = choose_contender(contenders, "Model B", "b", contenders[1])
    options = difference.Options(contenders.index(a), contenders.index(b))
    parts = remember(_build_difference, contenders, options)
    show_finding(parts.finding)
    left, right = st.columns(2)
    with left.container(width=_WIDE):
        matrix = st.container()
        with st.container(horizontal=True):
            cell = choose_cell()
    with matrix:
        show_clickable(remember(_draw_difference, contenders, options, Style(_WIDE, _ink(), cell)))
    with right:
        st.caption(parts.explanation)
        show_table(parts.table, "cells", "difference.csv")
    scored = with_images([a, b], contenders) if cell else []
    if cell and scored:
        pair = difference.Options(scored.index(a), scored.index(b))
        show_cell_images(scored, remember(_find_both, scored, cell, pair))
    allow_touch()


def show_scores(contenders: Sequence[Contender]) -> None:
    """Show precision, recall and F1 by class of all runs."""
    parts = remember(_build_scores, contenders)
    show_finding(parts.finding)
    show_drawn(parts.panels)
    show_table(parts.table, "scores", "class_scores.csv")


def _ink() -> str:
    """Return the text colour of the theme that the user sees."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))


def _build_matrices(contenders: Sequence[Contender]) -> MatrixParts:
    confusions = confusion.compute(contenders)
    return MatrixParts(
        finding=confusion.finding(confusions),
        names=[matrix.name for matrix in confusions.matrices],
        captions=[confusion.describe_frequent(matrix) for matrix in confusions.matrices],
        limits={unit: confusions.limit(unit) for unit in get_args(Unit)},
        table=confusion.table(confusions),
    )


def _draw(contenders: Sequence[Contender], name: str, unit: Unit, limit: float, style: Style) -> Drawn:
    (matrix,) = confusion.compute(contenders).matrices
    return draw_matrix(replace(matrix, name=name), unit, limit, style)


def _find_images(contenders: Sequence[Contender], cell: Cell, model: int) -> Images:
    return images_of_cell(judged.compute(contenders), cell, model)


def _build_difference(contenders: Sequence[Contender], options: difference.Options) -> DifferenceParts:
    found = difference.compute(contenders, options)
    return DifferenceParts(difference.finding(found), difference.explain(found), difference.table(found))


def _draw_difference(contenders: Sequence[Contender], options: difference.Options, style: Style) -> Drawn:
    return difference.figures(difference.compute(contenders, options), style)["difference"]


def _find_both(contenders: Sequence[Contender], cell: Cell, options: difference.Options) -> list[Images]:
    both, (a, b) = judged.compute(contenders), (options.a, options.b)
    return [images_only_of(both, cell, a, b), images_only_of(both, cell, b, a)]


def _build_scores(contenders: Sequence[Contender]) -> ScoreParts:
    scores = class_scores.compute(contenders)
    panels = class_scores.figures(scores)["class_scores"]
    return ScoreParts(class_scores.finding(scores), panels, class_scores.table(scores))
