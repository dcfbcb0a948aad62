"""Many test images as one grid, each of which can be opened with the mouse and the keyboard; long lists in pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.dataset import CLASS_NAMES
from fmnist.ui.address import read_value
from fmnist.ui.codecs import Number
from fmnist.ui.component import register_component
from fmnist.ui.pictures import image_source

PAGE_SIZE = 60

# Not isolated: a dialog that closes finds the button that opened it only in the page's own tree
_grid = register_component(__file__, isolate_styles=False)


@dataclass(frozen=True, eq=False)
class Tile:
    """One image in the gallery: its position in its set, uint8 (28, 28), two labels, a probability and a note.

    `kind` says of which set it is.
    """

    index: int
    image: NDArray[np.uint8]
    true: int
    predicted: int
    confidence: float | None
    note: str = ""
    kind: str = "test image"

    @property
    def verdict(self) -> str:
        """Whether the prediction is right, in a word."""
        return "right" if self.true == self.predicted else "wrong"

    @property
    def description(self) -> str:
        """The tile in words, for who cannot see it."""
        said = "predicted correctly" if self.true == self.predicted else f"predicted as {CLASS_NAMES[self.predicted]}"
        parts = (CLASS_NAMES[self.true], said, self.sure, self.note)
        return f"{self.kind} {self.index:,}: {', '.join(filter(None, parts))}"

    @property
    def name(self) -> str:
        """What the picture says before the words beside it, all of which together name the button."""
        return f"Open {self.kind} {self.index:,}, {self.verdict}:"

    @property
    def sure(self) -> str:
        """The confidence in words; "" where it is not known."""
        if self.confidence is None:
            return ""
        percent = f"{100 * self.confidence:.1f}%" if self.confidence < 0.9995 else "> 99.9%"
        return f"{percent} sure"


def show_gallery(tiles: Sequence[Tile], key: str, label: str, on_open: Callable[[int], None]) -> None:
    """Show one page of images; `on_open` is called with the position of the one that the user opens."""

    show_tiles([_as_data(tile) for tile in tiles], key, label, on_open)


def show_tiles(tiles: Sequence[Mapping[str, object]], key: str, label: str, on_open: Callable[[int], None]) -> None:
    """Show buttons with pictures, as `gallery.js` takes them; `on_open` is called with the index of the opened one."""

    def open_tile() -> None:
        on_open(int(st.session_state[key]["opened"]))

    _grid(key=key, data={"label": label, "tiles": list(tiles)}, on_opened_change=open_tile)


def choose_page(positions: np.ndarray, key: str) -> slice:
    """Let the user turn the pages of positions (n,), the number in the URL; another selection begins at page 1."""
    pages, selection = max(1, ceil(len(positions) / PAGE_SIZE)), hash(positions.tobytes())
    known = f"{key}_of" in st.session_state
    st.session_state[f"{key}_of"] = selection
    start = 1 if known else int(read_value(key, Number(1, pages), "page that exists here") or 1)
    # the selection is part of the key, and the URL is written by hand, as a bound widget would keep its old page
    page = st.pagination(pages, default=start, key=f"{key}_{selection}") if pages > 1 else 1
    if page > 1:
        st.query_params[key] = str(page)
    else:
        st.query_params.pop(key, None)
    return slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)


def _as_data(tile: Tile) -> dict[str, object]:
    return {
        "index": tile.index,
        "source": image_source(tile.image),
        "alt": tile.description,
        "name": tile.name,
        "true": CLASS_NAMES[tile.true],
        "predicted": CLASS_NAMES[tile.predicted],
        "verdict": tile.verdict,
        "note": tile.note or tile.sure,
    }
