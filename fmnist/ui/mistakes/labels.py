"""Labels that the models dispute: how many, and what each model reaches with these images and without them."""

import pandas as pd
import streamlit as st

from fmnist.evaluation.label_issues import compare_without
from fmnist.ui.judged import Judged
from fmnist.ui.show import show_table
from fmnist.views.mistake_sentences import disputed_sentence

_CAVEAT = (
    "A label counts as likely wrong where the mean of the chosen runs' probabilities is confident of another class "
    "(confident learning, Northcutt et al. 2021). The runs never learned from these images, but from labels of the "
    "same making: that they agree against a label is a reason to look, no proof. The accuracies without these images "
    "are no better estimates: the runs together err on every one of them, so that leaving them out raises nearly every "
    "accuracy, whether the labels are wrong or the images hard."
)


def show_label_issues(judged: Judged) -> None:
    """Say how many labels the chosen runs dispute, and show each one's accuracy with these images and without."""
    disputed = judged.judgement.issues.disputed
    accuracies = compare_without(judged.judgement.correct, disputed)
    st.markdown(f"**{disputed_sentence(judged.names, accuracies, int(disputed.sum()), len(disputed))}**")
    rows = [
        {
            "Run": name,
            "All images (%)": 100 * one.on_all,
            "Without disputed (%)": 100 * one.on_undisputed,
            "Change (points)": 100 * (one.on_undisputed - one.on_all),
            "Disputed, wrong": one.wrong,
            "Disputed, right": int(disputed.sum()) - one.wrong,
        }
        for name, one in zip(judged.names, accuracies, strict=True)
    ]
    percent = st.column_config.NumberColumn(format="%.2f")
    columns = dict.fromkeys(("All images (%)", "Without disputed (%)"), percent)
    columns |= {"Change (points)": st.column_config.NumberColumn(format="%+.2f")}
    show_table(pd.DataFrame(rows), "disputed", "disputed_labels.csv", columns)
    st.caption(_CAVEAT)
