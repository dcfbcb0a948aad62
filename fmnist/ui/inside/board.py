"""The page Inside: a network's layers in a row, the maps of one of them, and what is behind one map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.inside.network import Activations
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import RunError
from fmnist.ui.inside.close import show_channel
from fmnist.ui.inside.look import show_look
from fmnist.ui.inside.networks import look_at, open_network
from fmnist.ui.inside.scene import Scene
from fmnist.ui.inside.side import Side
from fmnist.ui.inside.subject import Subject
from fmnist.ui.inside.tiles import Laid, Tile, lay_tiles, show_tiles
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_evidence, show_finding, show_section
from fmnist.views import inside
from fmnist.views.inside import Layer
from fmnist.views.inside_pictures import enlarge
from fmnist.views.inside_weights import paint_map, picture_channels

_MOST_TILES = 512
_MAP_SIDE = 56
_EXPLAINED = {
    "weights": "Each picture is a unit’s weights: red adds to it, blue subtracts. The bar is its value.",
    "effects": "Each picture is what a unit reads where: red adds to it, blue subtracts. The bar is its value.",
    "nothing": "The bar is the value of the unit.",
}


@dataclass(frozen=True, eq=False)
class Shown:
    """The tiles of a stage, and what their pictures are."""

    kind: str
    tiles: Laid


def show_networks(runs: Sequence[SingleRun], subject: Subject) -> None:
    """Show the networks side by side, each with its own layer and map; before and after training these are the same."""
    sides = (Side(""), Side("_b", linked=len({run.run.id for run in runs}) < len(runs)))
    for place, run, side in zip(st.columns(len(runs)), runs, sides, strict=False):
        with place:
            try:
                _show_network(Scene(run, subject, side))
            except (RunError, ModelFileError) as error:
                st.warning(plain(f"{run.title}: {error}"), icon=":material/warning:")


def _show_network(scene: Scene) -> None:
    run, side = scene.run, scene.side
    layers = inside.list_layers(scene.opened)
    layer = side.recall_layer(layers)
    show_finding(inside.finding(run.title, scene.probs, scene.subject.label))
    tiles, open_layer = remember(_strip, [run], scene.subject.pixels), side.setter("layer", "map", "at")
    show_tiles(tiles, side.key("strip"), f"Layers of {run.title}", layer.place, open_layer, row=True)
    show_evidence("What the answer rests on", side.key("look"), lambda: show_look(scene))
    show_section(f"{layer.place}. {layer.title}")
    if layer.stages:
        _show_layer(scene, layer)
    else:
        st.caption("This layer has no values of its own: it rearranges them, or drops some in training.")


def _show_layer(scene: Scene, layer: Layer) -> None:
    run, side = scene.run, scene.side
    stage = side.choose_stage(layer)
    channels = inside.rank_channels(scene.activations, stage)
    channel = side.recall_channel(channels)
    st.markdown(inside.describe_channels(channels))
    dead = st.empty()  # the test images are looked at last, and the maps do not wait for that
    shown = remember(_picture_channels, [run], scene.subject.pixels, layer.place - 1, layer.stages.index(stage))
    label = f"{'Maps' if channels.are_maps else 'Units'} of layer {layer.place} of {run.title}, the strongest first"
    show_tiles(shown.tiles, side.key("maps"), label, channel + 1, side.setter("map", "at"), side=_MAP_SIDE)
    st.caption(_EXPLAINED.get(shown.kind) or inside.explain_colors(channels))
    show_channel(scene, channels, channel, dead)


def _strip(runs: Sequence[SingleRun], pixels: bytes) -> Laid:
    run = runs[0]
    opened, activations = open_network(run), look_at(run, pixels)
    layers = inside.list_layers(opened)
    pictures = [_picture_layer(layer, activations) for layer in layers]
    tiles = [
        Tile(
            layer.place,
            f"{layer.place}. {layer.title}",
            picture,
            tuple(layer.lines),
            layer.share or None,
            enabled=bool(layer.stages),
        )
        for layer, picture in zip(layers, pictures, strict=True)
    ]
    return lay_tiles(tiles)


def _picture_layer(layer: Layer, activations: Activations) -> np.ndarray | None:
    """Return the strongest map of a layer; None where it has no maps."""
    if not layer.stages:
        return None
    channels = inside.rank_channels(activations, layer.stages[-1])
    if not channels.are_maps:
        return None
    return enlarge(paint_map(channels, int(channels.order[0])))


def _picture_channels(runs: Sequence[SingleRun], pixels: bytes, layer: int, step: int) -> Shown:
    run = runs[0]
    opened, activations = open_network(run), look_at(run, pixels)
    stage = opened.stages[layer][step]
    channels, pictured = inside.rank_channels(activations, stage), picture_channels(opened, activations, stage)
    limit, is_output = float(channels.strengths.max()) or 1.0, layer == len(opened.stages) - 1
    tiles = [
        Tile(
            int(channel) + 1,
            CLASS_NAMES[channel] if is_output else f"{channel + 1}",
            pictured.pictures[channel] if pictured.pictures else None,
            (inside.describe_channel(channels, int(channel)),),
            None if channels.are_maps else float(channels.strengths[channel]) / limit,
            "strongest" if place == 0 else "",
        )
        for place, channel in enumerate(channels.order[:_MOST_TILES])
    ]
    return Shown(pictured.kind, lay_tiles(tiles))
