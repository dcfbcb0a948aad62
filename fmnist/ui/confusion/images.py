"""The images of a cell in a dialog, each of which opens there; what is open is in the URL."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.address import Parameter, recall
from fmnist.ui.browse import browse_images
from fmnist.ui.codecs import Flag
from fmnist.ui.guards import dataset_or_offer, with_images
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.image_detail import close_image, image_is_open, named_image, show_image
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.models import listed_key, stand_in, stand_ins
from fmnist.ui.remember import remember
from fmnist.ui.show import show_section
from fmnist.views import judged
from fmnist.views.confusion import Cell
from fmnist.views.mistakes import Images, images_of_cell, images_only_of
from fmnist.wording import join

_OPEN = Parameter("gallery", False, Flag(), "choice of what is open", lasts=False)
_PAGES = ("page", "page2")  # of the two parts


def open_images() -> None:
    """Open the images of the chosen cell from the next run of the page on."""
    st.session_state[_OPEN.key] = True


def show_opened_images(cell: Cell | None, asked: Sequence[Contender], models: Sequence[Contender]) -> None:
    """Show the images of a cell over the page where the user has opened them.

    One model is asked for its own images, or two for those that the other one has not. All `models` answer where an
    image is opened.
    """
    opened = recall(_OPEN)
    if cell is not None and (image_is_open() or opened):
        st.dialog(cell.name, width="large", on_dismiss=_close)(_show)(cell, asked, models)


def name_stand_ins(models: Sequence[Contender], what: str = "Numbers cover all seeds; images") -> str:
    """Say which run stands for each model with several seeds, in `what`; nothing where there is none.

    While labels are hidden no single image is shown, so none stands for a model.
    """
    if labels_are_hidden():
        return ""
    runs = [stand_in(model).title for model in models if stand_in(model).key != listed_key(model)]
    return f"{what} come from {join(runs)}." if runs else ""


def _go_back() -> None:
    close_image()
    open_images()  # where a link has opened the image alone


def _close() -> None:
    st.session_state[_OPEN.key] = False
    close_image()
    for page in _PAGES:
        st.query_params.pop(page, None)


@send_in_full()
def _show(cell: Cell, asked: Sequence[Contender], models: Sequence[Contender]) -> None:
    shown = [stand_in(model) for model in asked]
    scored = with_images(shown, stand_ins(models))
    dataset = dataset_or_offer() if scored else None
    if dataset is None:
        return
    keys = [one.key for one in scored]
    parts = remember(_find, scored, cell, *(keys.index(one.key) for one in shown))
    index = named_image()
    if index is not None:
        st.button("All images", icon=":material/arrow_back:", on_click=_go_back)
        show_image(scored, dataset, np.concatenate([images.positions for images in parts]), index)
        return
    if name_stand_ins(asked):
        st.caption(plain(name_stand_ins(asked)))
    for images, page in zip(parts, _PAGES, strict=False):
        show_section(plain(images.title))
        browse_images(judged.compute(scored), dataset, images, page)


def _find(contenders: Sequence[Contender], cell: Cell, *places: int) -> list[Images]:
    judgement = judged.compute(contenders)
    if len(places) == 1:
        return [images_of_cell(judgement, cell, *places)]
    a, b = places
    return [images_only_of(judgement, cell, a, b), images_only_of(judgement, cell, b, a)]
