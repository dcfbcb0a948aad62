"""The Mistakes page's parts, each remembered as a whole, and the file of its images."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.remember import remember
from fmnist.ui.show import show_table
from fmnist.views import judged, mistakes
from fmnist.views.mistakes import Images, Options
from fmnist.views.parts import Table


@dataclass(frozen=True, eq=False)
class SelectionParts:
    """What is said of a selection, and its images."""

    finding: str
    overlap: str
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
    """Offer images as a table, with every run's answer."""
    st.download_button(
        "CSV",
        lambda: mistakes.table(judged.compute(contenders), images.positions).to_csv(),
        "mistakes.csv",
        "text/csv",
        icon=":material/download:",
        help="These images as a table, with every run's answer",
    )


def show_disputed(contenders: Sequence[Contender]) -> None:
    """Say how many labels the chosen runs dispute, and show each one's accuracy with these images and without."""
    parts = remember(_build_disputed, contenders)
    st.markdown(f"**{parts.finding}**")
    show_table(parts.table, "disputed", "disputed_labels.csv")
    st.caption(mistakes.CAVEAT)


def _build_selection(contenders: Sequence[Contender], options: Options) -> SelectionParts:
    found = mistakes.compute(judged.compute(contenders), options)
    overlap = mistakes.describe_overlap(found.shared)
    return SelectionParts(mistakes.finding(found), overlap, Images("", found.positions, options.selection.model))


def _build_disputed(contenders: Sequence[Contender]) -> DisputedParts:
    disputed = mistakes.compute_disputed(judged.compute(contenders))
    return DisputedParts(mistakes.describe_disputed(disputed), mistakes.disputed_table(disputed))
