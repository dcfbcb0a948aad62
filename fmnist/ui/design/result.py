"""What the layers make: the finding, the drawing, costs by layer, training time, and the code to copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from fmnist.architectures.catalogue import Architecture
from fmnist.architectures.keras_code import write_keras
from fmnist.architectures.layers import Layers
from fmnist.architectures.torch_code import write_torch
from fmnist.jobs.forecast import forecast
from fmnist.recipes.catalogue import RECIPES
from fmnist.ui.choices import choose_option
from fmnist.ui.inside.link import link_layers
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_evidence, show_finding, show_section, show_table
from fmnist.ui.train.paces import known_paces
from fmnist.ui.train.words import describe_pace
from fmnist.views import design, design_figure
from fmnist.views.parts import Card, Drawn, Finding, Table
from fmnist.wording import brief_duration

_WRITERS = {"keras": write_keras, "torch": write_torch}
_LIBRARIES = {"keras": "Keras", "torch": "PyTorch"}
_CODE_HEIGHT = 420  # pixels within which it scrolls
_TIMED = ("quick", "tuned")


@dataclass(frozen=True, eq=False)
class Parts:
    """The finished parts of one design."""

    design: design.Design
    finding: Finding
    figures: dict[str, Drawn]
    table: Table


def build(layers: Layers) -> Parts:
    """Return what the page shows of layers, built once for all sessions."""
    return remember(_build, [], layers)


def show_summary(parts: Parts) -> None:
    """Show how large the network is and how long it trains, or what is wrong with it."""
    found = parts.finding
    if not parts.design.problem:
        found = replace(found, cards=(*found.cards, _time_card(parts.design.layers)))
    show_finding(found)
    if parts.design.problem:
        st.warning(found.details, icon=":material/build:")


def show_network(parts: Parts) -> None:
    """Show the drawing, and on request the costs by layer and the code."""
    show_section("Map after each layer")
    show_drawn(parts.figures["network"])
    link_layers(parts.design.layers)
    show_evidence("Costs by layer", "costs", lambda: _show_costs(parts))
    if not parts.design.problem:
        show_evidence("Copy as code", "code", lambda: _show_code(parts.design.layers))


def _build(_: Sequence[Any], layers: Layers) -> Parts:
    found = design.compute(layers)
    return Parts(found, design.finding(found), design_figure.figures(found), design.table(found))


def _show_costs(parts: Parts) -> None:
    show_drawn(parts.figures["costs"])
    show_table(parts.table, "layers_table", "layers.csv")
    st.caption(f"{design.NOTE} {design.LIMITS}")


def _show_code(layers: Layers) -> None:
    library = choose_option("Library", _LIBRARIES, key="written_for")
    with st.container(height=_CODE_HEIGHT):  # the code's own scrolling would be out of the keyboard's reach
        st.code(_WRITERS[library](layers), language="python", wrap_lines=True)


def _time_card(layers: Layers) -> Card:
    """Return how long the quick recipe takes on all images, and the tuned one."""
    network, paces = Architecture("design", "This network", "", layers), known_paces()
    configs = [RECIPES[name].configure_for(network, 0) for name in _TIMED]
    forecasts = [forecast(config, paces) for config in configs]
    quick, tuned = (f"~{brief_duration(known.seconds)}" if known else "unknown" for known in forecasts)
    return Card("Training time", quick, f"quick; tuned {tuned}", describe_pace(configs[:1], forecasts[:1]))
