"""Views to begin with: questions that a lesson asks, as links."""

import streamlit as st

LESSONS = (
    (
        "Where do shirts go?",
        "pages/confusion.py",
        {"runs": ["deeper_cnn:tuned", "ann:textbook"], "view": "matrices"},
    ),
    (
        "What is overfitting?",
        "pages/curves.py",
        {"runs": ["basic_cnn:textbook", "basic_cnn:tuned"], "measure": "loss", "images": "both"},
    ),
    ("How sure is sure?", "pages/confidence.py", {"runs": ["basic_cnn:tuned", "ann:textbook"]}),
)
"""Question, page and what its address names; the models are among the shipped ones."""


def show_lessons(known: set[str]) -> None:
    """Link to the views whose models are all there."""
    links = [lesson for lesson in LESSONS if set(lesson[2]["runs"]) <= known]
    if not links:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Start with a question:")
        for question, page, query in links:
            st.page_link(page, label=question, icon=":material/school:", query_params=query)
