"""Learn: short lessons, each a question that the dashboard answers."""

import streamlit as st

from fmnist.ui.hidden import stop_if_hidden
from fmnist.ui.learn.board import TEACHERS, choose_lesson, show_for_teachers, show_lesson
from fmnist.ui.learn.lesson import load_lessons
from fmnist.ui.show import show_header

show_header("Learn", "Predict, look, and check what you found.")
contents, lesson = st.columns([3, 9], gap="large")
with contents:
    chosen = choose_lesson()
with lesson:
    if chosen == TEACHERS:
        show_for_teachers()
    else:
        stop_if_hidden("the checks of the lessons")
        show_lesson(load_lessons()[chosen])
