"""One lesson on the page: predict, look, read on, and a task that the page checks."""

from functools import cache

import streamlit as st

from fmnist.dataset import DataUnavailableError
from fmnist.errors import InputError
from fmnist.inference.serving import ModelFileError
from fmnist.paths import home
from fmnist.runs.run import RunError
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.codecs import OneOf
from fmnist.ui.learn.checks import CHECKS, DONE, Check, Truth
from fmnist.ui.learn.lesson import Lesson, Question, load_lessons
from fmnist.ui.markup import plain
from fmnist.ui.show import show_section

TEACHERS = "teachers"
_SOLVED = "lessons_solved"


def choose_lesson() -> str:
    """Let the user choose a lesson, or the page for teachers; return its key."""
    titles = {key: lesson.title for key, lesson in load_lessons().items()} | {TEACHERS: "For teachers"}
    parameter = Parameter("lesson", next(iter(titles)), OneOf(titles), "lesson that exists here")

    def show(key: str) -> str:
        keys, standing = list(titles), standing_value(key)
        place = 0 if standing is None else keys.index(standing)
        return str(st.radio("Lesson", keys, place, format_func=lambda one: _mark(one, titles[one]), key=key))

    return choose(parameter, show)


def show_lesson(lesson: Lesson) -> None:
    """Show a lesson; what one sees there is folded until it is asked for."""
    st.header(lesson.title, anchor=False)
    st.markdown(lesson.opening)
    check = _compute(lesson.key)
    if check is None:
        return
    show_section("Predict")
    st.markdown(lesson.prediction.text)
    guess = _take_answer(lesson.prediction, f"{lesson.key}_prediction")
    show_section("Look")
    view = lesson.view
    st.page_link(f"pages/{view.page}.py", label=view.label, icon=":material/open_in_new:", query_params=view.query)
    st.markdown(lesson.look)
    with st.expander("What you see", key=f"{lesson.key}_seen"):
        st.markdown(f"**{check.prediction.words}** {_judge(guess, check.prediction)}")
        st.markdown(lesson.seen)
    show_section("Task")
    st.markdown(lesson.task.text)
    if _check_task(lesson, check.task):
        _solved().add(lesson.key)


def show_for_teachers() -> None:
    """Show how to use the lessons and a leaderboard in a class."""
    st.markdown(_read_for_teachers())


def _compute(key: str) -> Check | None:
    """Return what holds in a lesson; None where models or images are missing, which is said."""
    try:
        return CHECKS[key]()
    except (RunError, InputError, ModelFileError, DataUnavailableError) as error:
        st.warning(f"This lesson needs what is missing here. {plain(str(error))}", icon=":material/extension_off:")
        return None


def _judge(guess: str | float | None, truth: Truth) -> str:
    """Say whether a prediction came true; nothing where there is none, or nothing is known yet."""
    if guess is None or truth.answer is None:
        return ""
    return "You predicted it." if truth.agrees(guess) else "You predicted something else."


def _check_task(lesson: Lesson, truth: Truth) -> bool:
    """Say whether the task is solved, by the user's answer or, where there is nothing to enter, by their runs."""
    if truth.answer is None:
        st.info(truth.words, icon=":material/hourglass_empty:")
        return False
    if truth.answer != DONE:
        answer = _take_answer(lesson.task, f"{lesson.key}_task")
        if answer is None:
            return False
        if not truth.agrees(answer):
            st.info("The results say something else. Look again, or open the answer.", icon=":material/search:")
            with st.expander("Answer", key=f"{lesson.key}_answer"):
                st.markdown(truth.words)
            return False
    st.success(truth.words, icon=":material/check_circle:")
    return True


def _take_answer(question: Question, key: str) -> str | float | None:
    """Ask for one of the options, or for a number where there are none; kept for the session."""
    if not question.options:
        return st.number_input("Your answer", value=None, key=key, width=220, persist_state="session")
    options = question.options
    return st.radio(
        "Your answer", list(options), None, format_func=options.__getitem__, key=key, persist_state="session"
    )


def _mark(key: str, title: str) -> str:
    return f"{title} :material/check:" if key in _solved() else title


def _solved() -> set[str]:
    solved: set[str] = st.session_state.setdefault(_SOLVED, set())
    return solved


@cache
def _read_for_teachers() -> str:
    text = (home() / "docs" / "teaching.md").read_text(encoding="utf-8")
    return text.partition("\n")[2].strip()
