"""The board of the user's own pictures: how the models read them, the pictures, and what they teach."""

from collections.abc import Mapping, Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.titles import distinct_titles
from fmnist.inference.serving import ModelFileError
from fmnist.pictures.album import Album, Stored
from fmnist.pictures.features import Described
from fmnist.runs.run import RunError
from fmnist.ui.markup import plain
from fmnist.ui.own_pictures.lesson import load_own, show_lesson
from fmnist.ui.own_pictures.reading import ask_all, read_pictures
from fmnist.ui.own_pictures.wall import show_opened, show_wall
from fmnist.ui.show import show_drawn, show_evidence, show_finding, show_section, show_table
from fmnist.ui.store import find_taught
from fmnist.views import own_pictures as view


def show_beginning() -> None:
    """Say what to do while there are no pictures."""
    show_finding(view.finding([], 0))
    st.markdown(view.BEGIN)
    st.page_link("pages/predict.py", label="Draw or upload a picture", icon=":material/draw:")


def show_board(album: Album, contenders: Sequence[Contender]) -> None:
    """Show accuracies, the pictures themselves, and the lesson."""
    pictures, place = album.list_pictures(), st.container()
    described = _read(album, pictures)
    answers, problems = ask_all(contenders, described)
    rows = view.compute(contenders, answers, [one.stored.label for one in described])
    taught, contender = load_own(album), find_taught(album)
    listed = rows if taught is None or contender is None else view.add_taught(rows, contender, taught)
    with place:
        show_finding(view.finding(listed, len(pictures)))
    for problem in problems:
        st.caption(plain(problem))
    if listed:
        show_drawn(view.figures(listed)["accuracies"])
        table = view.table(listed)
        show_evidence("Accuracies as a table", "table", lambda: show_table(table, "own_rows", "accuracies.csv"))
    show_section("Your pictures")
    best = rows[0] if rows else None
    said = answers[best.key] if best else []
    by_id = dict(zip((one.stored.id for one in described), said, strict=False))
    show_wall(album, pictures, by_id, best.title if best else "no model")
    show_lesson(album, described, taught)
    _show_opened(album, pictures, described, contenders, answers)


def _show_opened(
    album: Album,
    pictures: Sequence[Stored],
    described: Sequence[Described],
    contenders: Sequence[Contender],
    answers: Mapping[str, Sequence[int]],
) -> None:
    """Show the opened picture, with what each model says of it."""
    titles = dict(zip((one.key for one in contenders), distinct_titles(contenders), strict=True))
    said = {
        one.stored.id: {titles[key]: labels[place] for key, labels in answers.items()}
        for place, one in enumerate(described)
    }
    show_opened(album, pictures, said)


def _read(album: Album, pictures: Sequence[Stored]) -> list[Described]:
    try:
        return read_pictures(album, pictures)
    except (RunError, ModelFileError) as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return []
