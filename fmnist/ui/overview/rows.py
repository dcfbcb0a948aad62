"""Which models the Overview lists: recipes, kinds, a search and what is hidden; and the table that leads on."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.seed_group import SeedGroup
from fmnist.contenders.selection import mean_accuracy, reasons_to_hide
from fmnist.contenders.titles import recipe_title
from fmnist.runs.layout import user_store
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.codecs import SomeOf, Text
from fmnist.ui.confusion.link import address_difference
from fmnist.ui.models import show_hidden
from fmnist.ui.show import offer_csv, show_selectable
from fmnist.views.parts import Table

_OWN = "own"
_SEARCH = Parameter("search", "", Text(), "text")
_FIRST = ("Model", "Accuracy (%)", "95% CI", "Rank", "Runs", "Parameters", "Latency (ms)", "Verdict")


def choose_rows(models: Sequence[Contender]) -> tuple[list[Contender], dict[str, str]]:
    """Let the user filter the models; return those to list, and why some of all are hidden at first, by key."""
    hidden = reasons_to_hide([model for model in models if isinstance(model, SeedGroup)])
    kinds = {key: title for key, title in _list_kinds(models).items() if key}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        parameter: Parameter[list[str]] = Parameter("kinds", [], SomeOf(kinds), "recipe that exists here")
        chosen = choose(parameter, lambda key: _show_kinds(kinds, key))
        search = choose(_SEARCH, _show_search)
        shown = show_hidden(hidden, sum(len(model.members) for model in models if model.key in hidden))
    listed = [
        model
        for model in models
        if (shown or model.key not in hidden)
        and (not chosen or _kinds_of(model) & set(chosen))
        and search.strip().casefold() in model.title.casefold()
    ]
    return listed, hidden


def find_floor(models: Sequence[Contender], hidden: Mapping[str, str]) -> float:
    """Return the lowest accuracy of the models that are not hidden: the axes begin near it."""
    shown = [model for model in models if isinstance(model, SeedGroup) and model.key not in hidden]
    return min((mean_accuracy(model) for model in shown), default=0.0) if hidden else 0.0


def show_rows(table: Table, listed: Sequence[Contender]) -> None:
    """Show the table of the models; two selected rows lead to the pages that compare them."""
    keys = [str(row[0]) for row in table.rows]  # other rows are another table, of which none is selected
    chosen = [keys[place] for place in show_selectable(table, f"leaderboard_{crc32(repr(keys).encode())}", _FIRST)]
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(table, "leaderboard.csv")
        if len(chosen) == 2:
            _link_pair(chosen, {model.key: model for model in listed})
        else:
            st.caption("Select two rows to compare them.")


def _link_pair(chosen: Sequence[str], models: Mapping[str, Contender]) -> None:
    a, b = chosen
    names = f"{models[a].title} and {models[b].title}"
    links = (
        ("Compare", "pages/overview.py", ":material/compare_arrows:", {"a": a, "b": b, "compare": "true"}),
        ("Curves", "pages/curves.py", ":material/show_chart:", {"runs": list(chosen)}),
        ("Confusion", "pages/confusion.py", ":material/grid_on:", address_difference(models[a], models[b])),
    )
    for label, page, icon, query in links:
        st.page_link(page, label=label, icon=icon, query_params=query, help=f"{label}: {names}")


def _show_kinds(kinds: Mapping[str, str], key: str) -> list[str]:
    chosen = st.pills(
        "Recipe",
        list(kinds),
        default=standing_value(key),
        format_func=kinds.__getitem__,
        selection_mode="multi",
        key=key,
        wrap=True,
    )
    return [kind for kind in kinds if kind in chosen]


def _show_search(key: str) -> str:
    return st.text_input("Search", standing_value(key, ""), key=key, placeholder="Name", width=180)


def _list_kinds(models: Sequence[Contender]) -> dict[str, str]:
    """Return what the models can be filtered by, as key to title."""
    titles = {model.recipe: recipe_title(model.recipe) for model in models if isinstance(model, OfRuns)}
    titles |= {model.kind: model.kind.capitalize() for model in models if not isinstance(model, OfRuns)}
    return titles | ({_OWN: "My runs"} if any(_is_own(model) for model in models) else {})


def _kinds_of(model: Contender) -> set[str]:
    kind = model.recipe if isinstance(model, OfRuns) else model.kind
    return {kind, _OWN} if _is_own(model) else {kind}


def _is_own(model: Contender) -> bool:
    """Return whether any of its runs is the user's."""
    return isinstance(model, OfRuns) and any(run.directory.parent == user_store() for run in model.runs)
