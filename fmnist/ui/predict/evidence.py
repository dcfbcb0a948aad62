"""Behind an answer: every model's, what the models were given, what the answer rests on, and similar images."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from fmnist.contenders.titles import distinct_titles
from fmnist.inference.prepare import Prepared
from fmnist.ui.choices import choose_option
from fmnist.ui.inside.link import can_be_opened, link_picture, link_test_image
from fmnist.ui.markup import plain
from fmnist.ui.pictures import steps_html
from fmnist.ui.predict.answers import (
    PHOTOS,
    TAUGHT,
    UNFAMILIAR,
    Answer,
    best_classes,
    from_small_image,
    role_of,
    write_share,
)
from fmnist.ui.predict.maps import show_maps
from fmnist.ui.predict.nearest import show_nearest
from fmnist.ui.predict.results import Result
from fmnist.ui.predict.strip import describe_calibration
from fmnist.ui.show import show_evidence

VIEWS = {"input": "What the model saw", "map": "Heat map", "similar": "Similar images"}
_BAR = 110  # pixels, with the number: the table's first three columns fit a phone
_WHOLE = " The photo reader also sees the whole picture in colour."
_TREATED_AS = {
    "catalogue": "a catalogue picture (one item on a plain background)",
    "photo": "a photo (an item on a busy background)",
    "sketch": "a sketch (filled outline)",
    "raw": "an image of the data set (only resized)",
}


def show_behind(result: Result) -> None:
    """Show all answers on request, and one view of the picture at a time: only that one is computed."""
    if not result.answers:
        _show_input(result)
        return
    show_evidence("All models", "answers", lambda: _show_all(result.answers))
    _SHOW[choose_option("View of the picture", VIEWS, key="look", bare=True)](result)
    _offer_inside(result)


def tabulate_answers(answers: Sequence[Answer]) -> list[dict[str, str | float | None]]:
    """Return one row a model: its answer, its confidence in percent, its next guess, and what to know about it."""
    names = distinct_titles([answer.contender for answer in answers])
    return [_tabulate(answer, name) for answer, name in zip(answers, names, strict=True)]


def describe_kind(prepared: Prepared) -> str:
    """Say as what kind of picture it was treated."""
    return f"Treated as {_TREATED_AS[prepared.kind]}."


def _tabulate(answer: Answer, name: str) -> dict[str, str | float | None]:
    if answer.probs is None:
        return {"Model": name, "Answer": None, "Confidence": None, "Next guess": None, "Note": answer.problem}
    first, second, *_ = best_classes(answer.probs)
    return {
        "Model": name,
        "Answer": answer.names[first],
        "Confidence": 100 * answer.confidence,
        "Next guess": f"{answer.names[second]}, {write_share(answer.probs[second])}",
        "Note": UNFAMILIAR if answer.unfamiliar else None,
    }


def _offer_inside(result: Result) -> None:
    """Offer to look inside the first model that answered and can be opened."""
    able = [answer.contender.key for answer in from_small_image(result.answers) if can_be_opened(answer.contender)]
    if able and result.subject.test_image is not None:
        link_test_image(result.subject.test_image, able[0])
    elif able:
        link_picture(result.prepared.image, able[0])


def _show_all(answers: Sequence[Answer]) -> None:
    confidence = st.column_config.ProgressColumn(width=_BAR, format="%.1f%%", min_value=0, max_value=100)
    rows = tabulate_answers(answers)
    columns = [name for name in rows[0] if name != "Note" or any(row[name] for row in rows)]
    config = {"Confidence": confidence}
    st.dataframe(
        rows, key="answers_table", hide_index=True, column_order=columns, column_config=config, placeholder="–"
    )
    st.caption(plain(describe_calibration(answers)))


def _show_input(result: Result) -> None:
    by_photos = any(role_of(answer) in (PHOTOS, TAUGHT) for answer in result.answers)
    st.caption(f"{describe_kind(result.prepared)}{_WHOLE if by_photos else ''}")
    st.html(steps_html(result.prepared.steps))


_SHOW: Mapping[str, Callable[[Result], None]] = {
    "input": _show_input,
    "map": lambda result: show_maps(result.prepared, result.answers),
    "similar": lambda result: show_nearest(result.prepared.image, result.answers),
}
