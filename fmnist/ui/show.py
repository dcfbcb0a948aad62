"""How every page shows its question, its finding, its figures and its tables."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from fmnist.ui.address import Parameter, choose, enter_page
from fmnist.ui.codecs import Flag
from fmnist.ui.frame import draw_frame, sized
from fmnist.ui.hidden import expect_usable
from fmnist.ui.internals import leave_old_navigation
from fmnist.views.parts import Card, Column, Drawn, Finding, Table, Tone

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

_CARD_WIDTH = 170  # pixels: two fit side by side on a phone
_COLORS: Mapping[Tone, Literal["green", "red", "orange", "gray"]] = {
    "good": "green",
    "bad": "red",
    "caution": "orange",
    "neutral": "gray",
}
_ICONS: Mapping[Tone, str | None] = {  # the colour alone would say nothing to some readers
    "good": ":material/check:",
    "bad": ":material/close:",
    "caution": ":material/warning:",
    "neutral": None,
}


def show_header(title: str, question: str) -> None:
    """Show the page's title with the question that it answers."""
    leave_old_navigation()
    enter_page(title)
    draw_frame(title, question)
    expect_usable()


def show_finding(finding: Finding | str) -> None:
    """Show what the data say, above the figure that shows it: headline, badges, cards; its details are a tooltip."""
    found = Finding(finding) if isinstance(finding, str) else finding
    st.header(found.headline, anchor=False, help=found.details or None)
    if found.badges:
        with st.container(horizontal=True, gap="small"):
            for badge in found.badges:
                st.badge(badge.text, color=_COLORS[badge.tone], icon=_ICONS[badge.tone], help=badge.help or None)
    show_cards(found.cards)


def show_cards(cards: Sequence[Card]) -> None:
    """Show a few numbers side by side."""
    if cards:
        with st.container(horizontal=True, gap="small"):
            for card in cards:
                show_card(card)


def show_claim(finding: Finding) -> None:
    """Show one more claim as a sentence; its details are a tooltip."""
    st.markdown(finding.headline, help=finding.details or None)


def show_evidence(title: str, key: str, draw: Callable[[], None]) -> None:
    """Show an expander whose content is drawn only when it is open; the address says that it is."""

    def show(key: str) -> bool:
        box = st.expander(title, key=key, on_change="rerun")
        if box.open:
            with box:
                draw()
        return bool(box.open)

    choose(Parameter(key, False, Flag(), "choice of what is open", lasts=False), show)


def show_method(details: Sequence[str]) -> None:
    """Show how the page's numbers were computed, folded; nothing where there is nothing to say."""
    if details:
        with st.expander("How this was computed", icon=":material/function:"):
            st.markdown("\n".join(f"- {detail}" for detail in details))


def show_section(title: str) -> None:
    """Show the title of a part of a page, below its finding."""
    st.subheader(title, anchor=False)


def show_drawn(drawn: Drawn, key: str | None = None) -> None:
    """Show a finished figure as wide as its column; the toolbar saves it as PNG.

    Without a key, the name of its file tells it from the page's other figures.
    """
    picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
    config = {"displaylogo": False, "toImageButtonOptions": picture}
    st.plotly_chart(drawn.figure, key=sized(key or drawn.file_name), config=config, alt=drawn.description)


def show_table(table: Table, key: str, file_name: str) -> None:
    """Show a table with a download of it as CSV, which also has the columns for machines."""
    st.dataframe(_style(table), key=key, hide_index=True, column_config=_configure(table), placeholder="–")
    offer_csv(table, file_name, key)


def show_selectable(table: Table, key: str, order: Sequence[str]) -> list[int]:
    """Show a table with some of its columns first, the others on request; return the places of the selected rows."""
    names = {column.name for column in table.shown}
    event = st.dataframe(
        _frame(table),
        key=key,
        hide_index=True,
        column_order=[name for name in order if name in names],
        column_config=_configure(table),
        placeholder="–",
        on_select="rerun",
        selection_mode="multi-row",
    )
    return sorted(event.selection.rows)


def offer_csv(table: Table, file_name: str, key: str = "") -> None:
    """Offer a table as CSV, with the columns for machines."""
    name = f"{key or file_name}_csv"
    icon = ":material/download:"
    st.download_button("Download CSV", table.to_csv, file_name, "text/csv", key=name, icon=icon, type="tertiary")


@lru_cache(maxsize=200)
def _frame(table: Table) -> "pd.DataFrame":
    """Return what people see of a table as a data frame, its columns named as in the file."""
    import pandas as pd

    shown = [place for place, column in enumerate(table.columns) if not column.machine]
    rows = [[row[place] for place in shown] for row in table.rows]
    return pd.DataFrame(rows, columns=[column.name for column in table.shown])


def _style(table: Table) -> "pd.DataFrame | Styler":
    """Return what people see of a table; numbers with a sign have a true minus, and are still sorted as numbers."""
    signed = {column.name: column.write for column in table.shown if _is_signed(column)}
    return _frame(table).style.format(signed, na_rep="–") if signed else _frame(table)


def _is_signed(column: Column) -> bool:
    return "+" in column.format


def show_card(card: Card, width: int = _CARD_WIDTH) -> None:
    """Show a number with what it is; `width` is in pixels."""
    st.metric(
        card.label,
        card.value,
        card.note or None,
        delta_color="off",
        delta_arrow="off",
        help=card.help or None,
        border=True,
        width=width,
        height="stretch",
    )


def _configure(table: Table) -> dict[str, Any]:
    told = [column for column in table.shown if column.format or column.help or column.key]
    return {column.name: _configure_column(column) for column in told}


def _configure_column(column: Column) -> Any:  # noqa: ANN401
    if column.format and not _is_signed(column):
        return st.column_config.NumberColumn(column.title, format=column.format, help=column.help or None)
    return st.column_config.Column(column.title, help=column.help or None)
