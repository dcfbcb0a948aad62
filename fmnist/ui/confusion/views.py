"""The three views of the Confusion page: matrices side by side, the difference of two, scores by class."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.metrics import class_scores, frequent_confusions
from fmnist.evaluation.mistakes import Selection, select
from fmnist.evaluation.significance import ConfusionDifference, compare_confusions
from fmnist.ui.choices import choose_run
from fmnist.ui.confusion.cell import RUN_KEY, allow_touch, choose_cell, show_cell_images, show_clickable
from fmnist.ui.judged import Judged
from fmnist.ui.show import show_figure, show_finding, show_table
from fmnist.views.class_scores import NamedScores, class_scores_figure
from fmnist.views.confusion import Look, Unit, confusion_difference_figure, confusion_figures
from fmnist.views.mistake_sentences import (
    cell_name,
    confusion_difference_sentence,
    confusions_sentence,
    frequent_sentence,
    weakest_class_sentence,
)

UNITS = {"counts": "Images", "row": "Row % (recall)", "column": "Column % (precision)"}
_WIDE, _NARROW = 480, 324  # pixels of a matrix: one or two to a row, or three
_FREQUENT = 12
_SUPPORT = "Images of the class"
_ADVICE = "Colours go by the square root. Click a cell to see its images, or choose its classes here."


def show_matrices(judged: Judged, unit: str) -> None:
    """Show one matrix a run, the images of the chosen cell, and the most frequent mistakes of all."""
    counts, names = judged.counts, judged.names
    show_finding(confusions_sentence(names, counts))
    width = _WIDE if len(names) <= 2 else _NARROW
    matrices = st.container(horizontal=True)
    st.caption(_ADVICE)
    with st.container(horizontal=True):
        cell, asked = choose_cell(), choose_run(judged.runs, "Images of", RUN_KEY)
    model = judged.position(asked)
    figures = confusion_figures(dict(zip(names, counts, strict=True)), cast(Unit, unit), Look(width, _ink(), cell))
    for run, name, one, figure in zip(judged.runs, names, counts, figures, strict=True):
        with matrices.container(width=width):
            show_clickable(figure, f"matrix_{run.id}", f"Confusion matrix of {name}", run.id)
            st.caption(frequent_sentence(one))
    if cell:
        mask = select(judged.judgement, Selection(model, true_class=cell.true, predicted_class=cell.predicted))
        show_cell_images(judged, [(f"{cell_name(*cell)} by {names[model]}", mask, model)])
    st.markdown("##### Most frequent mistakes")
    number = st.column_config.NumberColumn(format="localized")
    columns = dict.fromkeys([*names, _SUPPORT], number)
    show_table(_mistakes_table(names, counts), "frequent", "confusions.csv", columns)
    allow_touch()


def show_difference(judged: Judged) -> None:
    """Show where two runs differ, and the images that one has in the chosen cell and the other has not."""
    if len(judged.runs) < 2:
        st.info("Choose a second run above to see the difference.", icon=":material/arrow_upward:")
        return
    with st.container(horizontal=True):
        run_a, run_b = choose_run(judged.runs, "Run", "a"), choose_run(judged.runs, "less run", "b", judged.runs[1])
    a, b = judged.position(run_a), judged.position(run_b)
    labels, names = judged.judgement.labels, (judged.names[a], judged.names[b])
    difference = compare_confusions(labels, judged.probs[a], judged.probs[b])
    show_finding(confusion_difference_sentence(*names, difference))
    left, right = st.columns(2)
    with left.container(width=_WIDE):
        matrix = st.container()
        with st.container(horizontal=True):
            cell = choose_cell()
    with matrix:
        figure = confusion_difference_figure(difference, names, Look(_WIDE, _ink(), cell))
        show_clickable(figure, "difference", f"Confusion matrix of {names[0]} less that of {names[1]}")
    with right:
        st.caption(
            f"Images in each cell. Blue: more by {names[0]}. Red: more by {names[1]}. Framed, with an asterisk and in "
            "the table: beyond chance at 5 % (McNemar's exact test in each cell, Holm's correction for 100 cells)."
        )
        table = _difference_table(names, (judged.counts[a], judged.counts[b]), difference)
        p_value = {"p (Holm)": st.column_config.NumberColumn(format="%.1e")}
        show_table(table, "cells", "difference.csv", p_value)
    if cell:
        here = (labels == cell.true) & (judged.judgement.predicted == cell.predicted)
        parts = [(here[a] & ~here[b], a), (here[b] & ~here[a], b)]
        show_cell_images(judged, [(f"{cell_name(*cell)} only by {judged.names[i]}", mask, i) for mask, i in parts])
    allow_touch()


def show_scores(judged: Judged) -> None:
    """Show precision, recall and F1 by class of all runs."""
    runs = [
        NamedScores(name, run.config.model, class_scores(counts))
        for name, run, counts in zip(judged.names, judged.runs, judged.counts, strict=True)
    ]
    show_finding(weakest_class_sentence(judged.names, [run.scores for run in runs]))
    show_figure(class_scores_figure(runs), "class_scores", "Precision, recall and F1 by class for each run.")
    percent = {
        score: st.column_config.NumberColumn(format="%.2f") for score in ("Precision (%)", "Recall (%)", "F1 (%)")
    }
    show_table(_scores_table(runs), "scores", "class_scores.csv", percent)


def _ink() -> str:
    """Return the text colour of the theme that the user sees."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))


def _mistakes_table(names: Sequence[str], counts: Sequence[np.ndarray]) -> pd.DataFrame:
    frequent = frequent_confusions(np.sum(counts, axis=0), limit=_FREQUENT)
    columns = {"Mistake": [cell_name(one.true, one.predicted) for one in frequent]}
    columns |= {
        name: [one[cell.true, cell.predicted] for cell in frequent] for name, one in zip(names, counts, strict=True)
    }
    return pd.DataFrame(columns | {_SUPPORT: [cell.support // len(names) for cell in frequent]})


def _difference_table(
    names: Sequence[str], counts: Sequence[np.ndarray], difference: ConfusionDifference
) -> pd.DataFrame:
    """One row for each cell beyond chance, the largest difference first."""
    cells = [tuple(cell) for cell in np.argwhere(difference.beyond_chance).tolist()]
    cells.sort(key=lambda cell: -abs(difference.counts[cell]))
    columns = {"Cell": [cell_name(*cell) for cell in cells]}
    columns |= {name: [one[cell] for cell in cells] for name, one in zip(names, counts, strict=True)}
    columns |= {"Difference": [difference.counts[cell] for cell in cells]}
    return pd.DataFrame(columns | {"p (Holm)": [float(f"{difference.p_values[cell]:.2g}") for cell in cells]})


def _scores_table(runs: Sequence[NamedScores]) -> pd.DataFrame:
    """One row a run and class, scores in percent."""
    frames = [
        pd.DataFrame(
            {
                "Run": run.name,
                "Class": CLASS_NAMES,
                "Precision (%)": 100 * run.scores.precision,
                "Recall (%)": 100 * run.scores.recall,
                "F1 (%)": 100 * run.scores.f1,
                "Images": run.scores.support,
            }
        )
        for run in runs
    ]
    return pd.concat(frames, ignore_index=True)
