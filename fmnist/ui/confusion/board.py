"""Two views of the Confusion page: one model's matrix, and the difference of two models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.contender import Contender
from fmnist.ui.choices import choose_contender, choose_option
from fmnist.ui.confusion.cell import allow_touch, choose_cell, show_clickable
from fmnist.ui.confusion.images import name_stand_ins, show_opened_images
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_evidence, show_finding, show_table
from fmnist.views import confusion, difference
from fmnist.views.confusion import Unit
from fmnist.views.confusion_figure import Style, draw_matrix
from fmnist.views.parts import Drawn, Finding, Table, file_stem

_UNITS = {"row": "Row % (recall)", "column": "Column % (precision)", "counts": "Images"}
_HEIGHT = 746  # pixels of the figure in the widest column; frame.css cuts off what a narrower one leaves empty
_ADVICE = "Click a cell, or choose its classes, to see the images."
_COLOUR = "Colour is on a square-root scale."


@dataclass(frozen=True, eq=False)
class MatrixParts:
    """What is said of all matrices and of each, the end of their colour range in each unit, and the mistakes."""

    finding: Finding
    names: Sequence[str]
    frequent: Sequence[str]
    limits: Mapping[Unit, float]
    table: Table


@dataclass(frozen=True, eq=False)
class DifferenceParts:
    """What is said and shown of a difference besides the matrix."""

    finding: Finding
    explanation: str
    table: Table


def show_matrix(models: Sequence[Contender], finding: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Show the matrix of one of the models, with a switch between them, and the most frequent mistakes of all.

    What is found goes into `finding`, and the choice of numbers into `controls`.
    """
    parts = remember(_build_matrices, models)
    with finding:
        show_finding(parts.finding)
    with controls:
        unit = cast(Unit, choose_option("Numbers", _UNITS, "unit"))
    model = _choose_model(models, parts.names)  # in a row of its own, where many names wrap
    place = models.index(model)
    left, right = st.columns([5, 3], gap="medium")
    with right:
        cell = choose_cell()
        _explain(f"{_advise()} {_COLOUR}", parts.frequent[place], name_stand_ins([model]))
    with left:
        # each matrix is remembered by itself, so that other choices of models find it again
        show_clickable(remember(_draw, [model], parts.names[place], unit, parts.limits[unit], _style(cell)))
    file = f"{file_stem('confusions', [one.key for one in models])}.csv"
    show_evidence("Most frequent mistakes", "frequent", lambda: show_table(parts.table, "mistakes", file))
    show_evidence("This matrix as a table", "table", lambda: _show_cells(model, unit))
    show_opened_images(cell, [model], models)
    allow_touch()


def show_difference(models: Sequence[Contender], finding: DeltaGenerator, controls: DeltaGenerator) -> None:
    """Show where two models differ, and the images that one has in the chosen cell and the other has not."""
    if len(models) < 2:
        st.info("Select a second model to see the difference.", icon=":material/checklist:")
        return
    with controls:
        a = choose_contender(models, "Model A", "a", what="model")
        b = choose_contender(models, "Model B", "b", models[1], what="model")
    if a is b:
        st.info("Choose two different models.", icon=":material/compare_arrows:")
        return
    options = difference.Options(models.index(a), models.index(b))
    parts = remember(_build_difference, models, options)
    with finding:
        show_finding(parts.finding)
    left, right = st.columns([5, 3], gap="medium")
    with right:
        cell = choose_cell()
        _explain(_advise(), parts.explanation, name_stand_ins([a, b]))
    with left:
        show_clickable(remember(_draw_difference, models, options, _style(cell)))
    file = f"{file_stem('difference', [a.key, b.key])}.csv"
    if parts.table.rows:
        show_evidence("Cells that differ significantly", "cells", lambda: show_table(parts.table, "differing", file))
    show_opened_images(cell, [a, b], models)
    allow_touch()


def _choose_model(models: Sequence[Contender], names: Sequence[str]) -> Contender:
    """Let the user switch between models."""
    titles = {model.key: name for model, name in zip(models, names, strict=True)}
    chosen = choose_option("Model", titles, "of")
    return next(model for model in models if model.key == chosen)


def _advise() -> str:
    return "" if labels_are_hidden() else _ADVICE


def _show_cells(model: Contender, unit: Unit) -> None:
    show_table(
        remember(_list_cells, [model], unit), "cells_table", f"{file_stem(f'confusion-{unit}', [model.key])}.csv"
    )


def _explain(*texts: str) -> None:
    for text in filter(None, texts):
        st.caption(plain(text))


def _style(cell: confusion.Cell | None) -> Style:
    """Return how a matrix is drawn in the theme that the user sees."""
    ink = str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
    return Style(_HEIGHT, ink, cell)


def _build_matrices(contenders: Sequence[Contender]) -> MatrixParts:
    confusions = confusion.compute(contenders)
    return MatrixParts(
        finding=confusion.finding(confusions),
        names=[matrix.name for matrix in confusions.matrices],
        frequent=[confusion.describe_frequent(matrix) for matrix in confusions.matrices],
        limits={unit: confusions.limit(unit) for unit in get_args(Unit)},
        table=confusion.table(confusions),
    )


def _draw(contenders: Sequence[Contender], name: str, unit: Unit, limit: float, style: Style) -> Drawn:
    (matrix,) = confusion.compute(contenders).matrices
    return draw_matrix(replace(matrix, name=name), unit, limit, style)


def _list_cells(contenders: Sequence[Contender], unit: Unit) -> Table:
    (matrix,) = confusion.compute(contenders).matrices
    return confusion.table_of_cells(matrix, unit)


def _build_difference(contenders: Sequence[Contender], options: difference.Options) -> DifferenceParts:
    found = difference.compute(contenders, options)
    return DifferenceParts(difference.finding(found), difference.explain(found), difference.table(found))


def _draw_difference(contenders: Sequence[Contender], options: difference.Options, style: Style) -> Drawn:
    return difference.figures(difference.compute(contenders, options), style)["difference"]
