"""Near-duplicates on the Dataset page: the pairs as a gallery, and each model's accuracy with and without them."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.seed_group import SeedGroup, group_seeds
from fmnist.contenders.selection import default_groups, rank_groups, reasons_to_hide
from fmnist.dataset import Dataset
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, RunError
from fmnist.ui import store
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.image_detail import open_image, show_opened_image
from fmnist.ui.inside.tiles import Laid, Tile, lay_tiles, show_tiles
from fmnist.ui.markup import plain
from fmnist.ui.models import stand_ins
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_table
from fmnist.views import duplicates as view
from fmnist.views.parts import Finding, Table

_SIDE = 84


@dataclass(frozen=True, eq=False)
class Parts:
    """What is said of the near-duplicates."""

    finding: Finding
    table: Table


def show_duplicates(dataset: Dataset) -> None:
    """Show the near-duplicates, and what they mean for the models that are here; one that is clicked opens."""
    groups = _list_models()
    parts = remember(_build, groups)
    show_claim(Finding(parts.finding.headline, " ".join(view.METHOD)))
    show_tiles(_tiles(), "pairs", "Test images and their nearest training images", None, _open, side=_SIDE)
    st.caption("Left: the test image. Right: its near-duplicate in the training file. Open one to see what models say.")
    if not groups:
        return
    st.markdown(parts.finding.details)
    show_table(parts.table, "without_duplicates", "near-duplicates.csv")
    show_opened_image(stand_ins(default_groups(groups)), dataset, view.known_pairs().image)


def _open(place: int) -> None:
    open_image(int(view.known_pairs().image[place]))


@st.cache_resource(show_spinner=False)
def _tiles() -> Laid:
    pairs, images = view.known_pairs(), store.dataset()
    tiles = []
    for place, (image, other) in enumerate(zip(pairs.image, pairs.other, strict=True)):
        picture = view.picture_pair(images.test_images[image], images.train_images[other])
        title, lines = view.describe_pair(pairs, place)
        tiles.append(Tile(place, title, picture, lines))
    return lay_tiles(tiles)


def _list_models() -> list[SeedGroup]:
    """Return the models with readable answers, the best first; none while labels are hidden."""
    if labels_are_hidden():
        return []
    groups = group_seeds(run for run in list_runs() if isinstance(run, CompleteRun))
    hidden = reasons_to_hide(groups)
    return [group for group in rank_groups(groups) if group.key not in hidden and _is_readable(group)]


def _is_readable(group: SeedGroup) -> bool:
    try:
        return group.classes("test") is not None
    except RunError as error:
        st.caption(plain(str(error)))
        return False


def _build(models: Sequence[Contender]) -> Parts:
    duplicates = view.compute(models)
    return Parts(view.finding(duplicates), view.table(duplicates))
