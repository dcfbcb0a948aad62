"""Small pictures with words as a row or grid of buttons; all pictures lie on one sheet, which loads at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.ui.component import register_component
from fmnist.ui.pictures import image_source
from fmnist.views.inside_pictures import count_columns, lay_sheet

_tiles = register_component(__file__, isolate_styles=False)


@dataclass(frozen=True, eq=False)
class Tile:
    """A button: the value that it stands for, its picture, its title, and lines below that.

    Without a picture it has words alone. `bar` is a share to be drawn, and `mark` a word that sets it apart.
    """

    value: int
    title: str
    picture: NDArray[np.uint8] | None = None
    lines: tuple[str, ...] = ()
    bar: float | None = None
    mark: str = ""
    enabled: bool = True


@dataclass(frozen=True, eq=False)
class Laid:
    """Tiles as the browser takes them, with the sheet of their pictures, and the values that can be taken."""

    data: dict[str, object]
    values: frozenset[int]


def lay_tiles(tiles: Sequence[Tile]) -> Laid:
    """Lay the pictures of tiles on one sheet; what comes of it is much smaller than the pictures, and kept instead."""
    pictures = [tile.picture for tile in tiles if tile.picture is not None]
    data = {
        "sheet": image_source(lay_sheet(pictures)) if pictures else "",
        "columns": count_columns(len(pictures)) or 1,
        "pictures": len(pictures),
        "ratio": pictures[0].shape[1] / pictures[0].shape[0] if pictures else 1,
        "tiles": _as_data(tiles),
    }
    return Laid(data, frozenset(tile.value for tile in tiles if tile.enabled))


def show_tiles(
    laid: Laid,
    key: str,
    label: str,
    chosen: int | None,
    on_choose: Callable[[int], None],
    *,
    side: int = 56,
    row: bool = False,
) -> None:
    """Show tiles, each picture `side` screen pixels high; `on_choose` is called with the value of one that is taken.

    In a `row` they lie side by side, and scroll.
    """

    def choose() -> None:
        taken = st.session_state[key].get("taken")
        if isinstance(taken, int) and taken in laid.values:  # the browser may send anything
            on_choose(int(taken))

    data = {**laid.data, "label": label, "side": side, "row": row, "chosen": chosen}
    _tiles(key=key, data=data, on_taken_change=choose)


def _as_data(tiles: Sequence[Tile]) -> list[dict[str, object]]:
    described, place = [], 0
    for tile in tiles:
        has = tile.picture is not None
        described.append(
            {
                "value": tile.value,
                "title": tile.title,
                "lines": list(tile.lines),
                "bar": tile.bar,
                "mark": tile.mark,
                "enabled": tile.enabled,
                "place": place if has else -1,
            }
        )
        place += has
    return described
