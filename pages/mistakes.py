"""Mistakes: which images, and why?"""

import streamlit as st

from fmnist.evaluation.mistakes import count_selection, count_shared_mistakes, order, select
from fmnist.ui.browse import browse_images
from fmnist.ui.choices import choose_runs
from fmnist.ui.guards import complete_runs, dataset_or_offer
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.judged import judge_runs, selection_frame
from fmnist.ui.mistakes.filters import choose_classes, choose_order, choose_selection
from fmnist.ui.mistakes.labels import show_label_issues
from fmnist.ui.show import show_finding, show_header
from fmnist.views.mistake_sentences import overlap_sentence, selection_sentence

show_header("Mistakes", "Which images are classified wrong, and why?")
judged = judge_runs(choose_runs(complete_runs()))
finding = st.container()
chosen = choose_selection(judged)
with st.container(horizontal=True, vertical_alignment="bottom"):
    selection = choose_classes(chosen)
    key, descending = choose_order()
    mask = select(judged.judgement, selection)
    positions = order(judged.judgement, mask, key, selection.model, descending)
    st.download_button(
        "CSV",
        lambda: selection_frame(judged, positions).to_csv(index=False),
        "mistakes.csv",
        "text/csv",
        icon=":material/download:",
        help="These images as a table, with every run's answer",
    )

with finding:
    show_finding(selection_sentence(judged.names, selection, count_selection(judged.judgement, mask, selection.model)))
    st.caption(overlap_sentence(count_shared_mistakes(judged.judgement)))
    if selection.label != "any":
        show_label_issues(judged)
dataset = dataset_or_offer()
if dataset is not None:
    browse_images(judged, dataset, positions, selection.model, "page", key)
    show_opened_image(judged, dataset, positions)
