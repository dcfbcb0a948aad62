"""The pictures of the Predict page with their answers: a list of several, and a table of probabilities."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.frame import shrink
from fmnist.inference.prepare import Prepared, prepare
from fmnist.ui.pictures import SHOWN_SIDE, image_source
from fmnist.ui.predict.answers import (
    Answer,
    ask_model,
    describe_answers,
    first_choices,
    order_answers,
)
from fmnist.ui.predict.sources import Subject
from fmnist.ui.show import show_finding
from fmnist.views.agreement import describe_truth
from fmnist.views.parts import Column, Table

_PICTURE_COLUMNS = ("number", "picture", "run", "kind", "temperature")

NO_ITEM = "No item found."

_LIST_STYLE = """<style>
.pictures { display: grid; gap: .5rem; margin: 0 }
.pictures div { display: flex; gap: .75rem; align-items: center; font-size: .875rem; line-height: 1.3 }
.pictures img { width: 56px; height: 56px; image-rendering: pixelated; flex: none }
.pictures p { margin: 0; font-size: .875rem }
.pictures span { display: block; opacity: .75; overflow-wrap: anywhere }
</style>"""


@dataclass(frozen=True, eq=False)
class Result:
    """A picture, what was made of it, and what the models say; no `answers` where nothing was found in it."""

    subject: Subject
    prepared: Prepared
    answers: Sequence[Answer]

    @property
    def sentence(self) -> str:
        """The answers in words."""
        if not self.answers:
            return NO_ITEM
        truth = self.subject.label
        judged = "" if truth is None else f" {describe_truth(truth, first_choices(self.answers))}"
        return describe_answers(self.answers) + judged


def answer_pictures(
    subjects: Sequence[Subject], contenders: Sequence[Contender], kind: str, reader: str = "auto"
) -> list[Result]:
    """Prepare every picture and ask every model about it; the answer of `reader` comes first."""
    return [_answer(subject, contenders, kind, reader) for subject in subjects]


def choose_result(results: Sequence[Result]) -> Result:
    """Return the picture to look into; of several all answers are listed, and the user chooses one."""
    if len(results) == 1:
        return results[0]
    show_finding(f"{len(results)} pictures")
    rows = [_row(number, result) for number, result in enumerate(results, start=1)]  # telephones repeat names
    st.html(f'{_LIST_STYLE}<section class="pictures">{"".join(rows)}</section>')
    position = st.selectbox(
        "Show picture", range(len(results)), format_func=lambda i: f"{i + 1}. {results[i].subject.name}", key="picture"
    )
    return results[position or 0]


def offer_probabilities(results: Sequence[Result]) -> None:
    """Offer all ten probabilities of every model for every picture as a table."""
    st.download_button(
        "Download all probabilities",
        lambda: probabilities_table(results).to_csv(),
        "predictions.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
    )


def probabilities_table(results: Sequence[Result]) -> Table:
    """Return one row a picture and model, one column a class: the calibrated probabilities, and their temperature.

    Classes that the user taught come last; models that do not know them have nothing there.
    """
    given = [answer for result in results for answer in result.answers if answer.probs is not None]
    names = max((answer.names for answer in given), key=len, default=CLASS_NAMES)
    rows = [
        [
            number,
            result.subject.name,
            answer.contender.key,
            result.prepared.kind,
            answer.temperature,
            *answer.probs.tolist(),
            *[None] * (len(names) - len(answer.probs)),
        ]
        for number, result in enumerate(results, start=1)
        for answer in result.answers
        if answer.probs is not None
    ]
    return Table([Column(name) for name in (*_PICTURE_COLUMNS, *names)], rows)


def _answer(subject: Subject, contenders: Sequence[Contender], kind: str, reader: str) -> Result:
    prepared = _prepare(subject.key, kind, subject)
    if not prepared.has_item:
        return Result(subject, prepared, ())
    given = [_ask(_Question(subject.key, kind, _identify(one), one, prepared)) for one in contenders]
    return Result(subject, prepared, order_answers(given, prepared.kind, reader))


@dataclass(frozen=True)
class _Question:
    """A picture and a model as they are now: compared by what identifies them, answered by what is carried along."""

    picture: str
    kind: str
    model: Hashable
    contender: Contender = field(compare=False, repr=False)
    prepared: Prepared = field(compare=False, repr=False)


def _identify(contender: Contender) -> Hashable:
    return contender.key, contender.title, contender.version


def _ask(question: _Question) -> Answer:
    """Ask a model once about each of the last pictures: of thirteen uploads a click would ask all again."""
    try:
        return _ask_once(question)
    except _NoAnswerError as error:
        return error.answer


class _NoAnswerError(Exception):
    """A model could not answer, which may be different at the next click."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.problem)
        self.answer = answer


@lru_cache(maxsize=2_000)
def _ask_once(question: _Question) -> Answer:
    answer = ask_model(question.contender, question.prepared)
    if answer.probs is None:
        raise _NoAnswerError(answer)
    return answer


@st.cache_resource(max_entries=64, show_spinner=False)
def _prepare(key: str, kind: str, _subject: Subject) -> Prepared:  # noqa: ARG001
    """Prepare a picture; what is kept of its steps is as large as it is shown, not as large as it came."""
    prepared = prepare(_subject.picture, kind)
    steps = tuple(replace(step, image=shrink(step.image, SHOWN_SIDE)) for step in prepared.steps)
    return replace(prepared, steps=steps)


def tell_warnings(prepared: Prepared) -> list[str]:
    """Return a picture's warnings, to be read below the statement that no item was found, which they do not repeat."""
    return [warning.removeprefix(f"{NO_ITEM} ") for warning in prepared.warnings]


def _row(number: int, result: Result) -> str:
    name, sentence = escape(result.subject.name), escape(result.sentence)
    warnings = escape(" ".join(tell_warnings(result.prepared)))
    source = image_source(result.prepared.image)
    text = f"<p><b>{sentence}</b><span>{number}. {name}</span><span>{warnings}</span></p>"
    return f'<div><img src="{source}" alt="{name}">{text}</div>'
