"""The Mistakes page's parts, each remembered as a whole, and the file of its images."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.remember import remember
from fmnist.ui.show import show_table
from fmnist.views import judged, mistakes
from fmnist.views.mistakes import Images, Options
from fmnist.views.parts import Finding, Table, file_stem


@dataclass(frozen=True, eq=False)
class SelectionParts:
    """What is said of a selection, and its images."""

    finding: Finding
    images: Images


@dataclass(frozen=True, eq=False)
class DisputedParts:
    """What is said and shown of the labels that the chosen runs dispute."""

    finding: str
    table: Table


def select_images(contenders: Sequence[Contender], options: Options) -> SelectionParts:
    """Return the images that match a selection, and what there is to say of them."""
    return remember(_build_selection, contenders, options)


def offer_images(contenders: Sequence[Contender], images: Images) -> None:
    """Offer images as a table, with every model's answer."""
    st.download_button(
        "Download CSV",
        lambda: mistakes.table(judged.compute(contenders), images.positions).to_csv(),
        f"{file_stem('mistakes', [contenders[images.model].key])}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        help="These images as a table, with every model's answer",
    )


def show_disputed(contenders: Sequence[Contender]) -> None:
    """Say how many labels the chosen models question, and show each one's accuracy with these images and without."""
    parts = remember(_build_disputed, contenders)
    st.markdown(parts.finding)
    show_table(parts.table, "disputed_labels", f"{file_stem('disputed_labels', [one.key for one in contenders])}.csv")
    st.caption(mistakes.CAVEAT)
    st.caption("To see these images, choose “Possibly mislabelled” under “More”.")


def _build_selection(contenders: Sequence[Contender], options: Options) -> SelectionParts:
    found = mistakes.compute(judged.compute(contenders), options)
    return SelectionParts(mistakes.finding(found), Images("", found.positions, options.selection.model))


def _build_disputed(contenders: Sequence[Contender]) -> DisputedParts:
    disputed = mistakes.compute_disputed(judged.compute(contenders))
    return DisputedParts(mistakes.describe_disputed(disputed), mistakes.disputed_table(disputed))
